"""Grafana's API, for as much as save_dashboard asks of it.

    grafana_stand_in.py ADDRESS DASHBOARD...

Writes its port into the file ADDRESS. DASHBOARD are files; each is served as Grafana would have it after a save: the
fields of every object by name, and what Grafana adds. The password of admin is "right".
"""

import base64
import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

CREDENTIALS = "Basic " + base64.b64encode(b"admin:right").decode()


def saved(dashboard):
    for panel in dashboard.get("panels") or []:
        panel["pluginVersion"] = "13.1.3"
    built_in = {"builtIn": 1, "datasource": {"type": "grafana", "uid": "-- Grafana --"}, "enable": True, "name": "Annotations & Alerts"}
    dashboard.setdefault("annotations", {"list": []})["list"].insert(0, built_in)
    return dashboard | {"id": 7, "version": 3, "iteration": 1700000000000, "editable": True, "timepicker": {}, "weekStart": ""}


class Grafana(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.headers["authorization"] != CREDENTIALS:
            self.answer(401, {"message": "Invalid username or password"})
        elif self.path == "/api/search?type=dash-db":
            self.answer(200, [{"uid": uid, "title": one.get("title")} for uid, one in dashboards.items()])
        elif (uid := self.path.removeprefix("/api/dashboards/uid/")) in dashboards:
            self.answer(200, {"meta": {"slug": uid, "version": 3}, "dashboard": dashboards[uid]})
        else:
            self.answer(404, {"message": "Dashboard not found"})

    def answer(self, status, content):
        body = json.dumps(content, sort_keys=True).encode()
        self.send_response(status)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


dashboards = {one["uid"]: saved(one) for one in (json.loads(Path(file).read_text()) for file in sys.argv[2:])}
with ThreadingHTTPServer(("127.0.0.1", 0), Grafana) as server:
    partial = Path(sys.argv[1] + ".partial")
    partial.write_text(str(server.server_port))
    partial.rename(sys.argv[1])
    server.serve_forever()
