"""A stand-in for Prometheus, Alertmanager and the pager, for tests of the console without a stack.

Every query has an answer: series whose values follow from the time alone, and whose labels try to be markup.
"""

import json
import sys
import threading
from contextlib import contextmanager
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlparse

# What would run, if a page took it for markup.
MARKUP = '<img src=x onerror="window.pwned=1">'

RUNBOOKS = "http://127.0.0.1:1/the/runbooks"

LABELS = {"job": "app", "instance": "127.0.0.1:8080", "path": f"/{MARKUP}", "status_code": "200", "method": "GET",
          "alertname": MARKUP, "alertstate": "firing"}


def value_at(time, nth=0):
    return round(1 + (time % 3600) / 3600 + nth, 6)


def iso(time):
    return datetime.fromtimestamp(time, timezone.utc).isoformat()


def series_of(query):
    if query == "many":
        return [LABELS | {"instance": f"app:{number}"} for number in range(50)]
    if "by (le)" in query:
        return [LABELS | {"le": le} for le in ("0.01", "0.1", "1", "+Inf")]
    return [LABELS, LABELS | {"job": "beta", "path": "/echo", "status_code": "500"}]


class StandIn:
    """A server that can go away and come back at its port."""

    def __init__(self):
        self.silences = []
        self.alerts = []
        self.rules = []
        self.pages = {"heartbeat": {"age_seconds": 5, "timeout_seconds": 180, "fresh": True}, "firing": [], "history": []}
        self.pending = []
        # Of queries that contain a text: their series, labels and value each.
        self.vectors = {}
        self.annotated = []
        # Why no silence can be ended.
        self.refusal = None
        # Warnings and infos beside each result.
        self.remarks = {}
        # A query that is not answered before the event.
        self.held_query, self.release = None, threading.Event()
        # What all values are multiplied by.
        self.scale = 1
        self.port = 0
        self.start()

    def start(self):
        stand_in = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def reply(self, body, status=200):
                data = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(data)))
                self.send_header("connection", "close")
                self.end_headers()
                self.wfile.write(data)
                self.close_connection = True

            def do_GET(self):
                url = urlparse(self.path)
                self.reply(*stand_in.answer(url.path, {name: values[0] for name, values in parse_qs(url.query).items()}))

            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                stand_in.silences.append(body | {"id": f"silence-{len(stand_in.silences)}", "status": {"state": "active"}})
                self.reply({"silenceID": stand_in.silences[-1]["id"]})

            def do_DELETE(self):
                if stand_in.refusal:
                    self.reply(stand_in.refusal, 500)
                    return
                for silence in stand_in.silences:
                    if self.path.endswith(silence["id"]):
                        silence["status"]["state"] = "expired"
                self.reply({})

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_):
                # A page that is left gives up its requests.
                if not isinstance(sys.exc_info()[1], ConnectionError):
                    super().handle_error(*_)

        self.server = Server(("127.0.0.1", self.port), Handler)
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    @contextmanager
    def held(self, query):
        """Answers this query only after the block."""
        self.held_query, self.release = query, threading.Event()
        try:
            yield
        finally:
            self.held_query = None
            self.release.set()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def answer(self, path, parameters):
        query = parameters.get("query", "")
        if query and query == self.held_query:
            self.release.wait()
        if "((" in query:
            return {"status": "error", "errorType": "bad_data", "error": f'parse error: unclosed left parenthesis in "{query}"'}, 400
        if path == "/api/v1/query":
            return self.success({"resultType": "vector", "result": self.vector(query, float(parameters.get("time", 0)))})
        if path == "/api/v1/query_range":
            return self.success({"resultType": "matrix", "result": self.matrix(query, parameters)})
        if path == "/api/v1/label/instance/values":
            job = "beta" if 'job="beta"' in parameters["match[]"] else "app"
            gone = [] if "start" in parameters and "end" in parameters else [f"{job}:gone"]
            return self.success([f"{job}:1", f"{job}:2", *gone])
        if path == "/api/v1/label/url/values":
            return self.success([RUNBOOKS])
        if path.startswith("/api/v1/label/"):
            return self.success(["app", "beta"])
        if path == "/api/v1/rules":
            return self.success({"groups": [{"name": "http", "rules": self.rules}]})
        if path == "/api/v1/targets":
            return self.success({"activeTargets": [{
                "labels": {"job": "app", "instance": MARKUP}, "scrapeUrl": f"javascript:{MARKUP}", "health": "down",
                "lastScrape": iso(1.8e9), "lastScrapeDuration": 0.01 * self.scale, "lastError": f"refused {MARKUP}"}]})
        others = {
            "/api/v2/alerts": self.alerts, "/api/v2/silences": self.silences, "/api/pages": self.pages,
            "/api/v2/alerts/groups": [{"labels": {"alertname": alert["labels"]["alertname"]}, "alerts": [alert]} for alert in self.alerts],
        }
        return others.get(path, {}), 200

    def value_at(self, time, nth):
        return str(self.scale * value_at(time, nth))

    def success(self, data):
        return {"status": "success", "data": data, **self.remarks}, 200

    def vector(self, query, time):
        if query == "pager_runbooks_info":
            return [{"metric": {"url": RUNBOOKS}, "value": [time, "1"]}]
        if "ALERTS_FOR_STATE" in query:
            return self.pending
        for text, series in self.vectors.items():
            if text in query:
                return [{"metric": labels, "value": [time, str(value)]} for labels, value in series]
        return [{"metric": labels, "value": [time, self.value_at(time, nth)]} for nth, labels in enumerate(series_of(query))]

    def matrix(self, query, parameters):
        start, end, step = (float(parameters[name]) for name in ("start", "end", "step"))
        times = [start + step * index for index in range(int((end - start) / step) + 1)]
        # Those of the annotations.
        if query == "ALERTS" or query.startswith('ALERTS{alertstate="firing"'):
            return [{"metric": labels, "values": [[time, "1"] for time in times[len(times) // 3:len(times) // 2]]} for labels in self.annotated]
        return [{"metric": labels, "values": [[time, self.value_at(time, nth)] for time in times]} for nth, labels in enumerate(series_of(query))]
