"""The pager's page in a real browser: what arrives is shown without a reload.

    pager.py OBSERVER CHROMIUM SCREENSHOTS

OBSERVER is the binary, CHROMIUM the browser's, SCREENSHOTS a folder. ci/browser-test.sh calls it with all of them.
"""

import json
import subprocess
import sys
import tempfile
import threading
import urllib.request
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import expect, sync_playwright

# So that a browser asks nobody but the pager.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# What the page shows may take one period of its asking, and a busy machine a few more.
PATIENCE_MS = 10_000

NOW = datetime.now(timezone.utc)


class Refusing(BaseHTTPRequestHandler):
    """A webhook that takes everything but HighErrorRate."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        self.send_response(410 if b"HighErrorRate" in body else 200)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


@contextmanager
def running_webhook():
    """The URL of a webhook."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Refusing) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@contextmanager
def running_pager(observer, webhook, *more):
    """The URL of a pager with an empty ledger, which forwards to the webhook."""
    with tempfile.TemporaryDirectory() as folder:
        command = [
            *(observer, "pager", "--listen=127.0.0.1:0", "--log-format=json"),
            *(f"--ledger={folder}/ledger.jsonl", f"--forward-url={webhook}", *more),
        ]
        process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        try:
            lines = (json.loads(line) for line in process.stderr)
            yield "http://" + next(line["address"] for line in lines if "address" in line)
        finally:
            process.terminate()
            process.wait(10)


def notify(url, status, alertname, severity, summary, minutes=2, truncated=0):
    """Sends a notification of what began some minutes ago, as Alertmanager does."""
    started = NOW - timedelta(minutes=minutes)
    ended = started + timedelta(seconds=90) if status == "resolved" else datetime(1, 1, 1, tzinfo=timezone.utc)
    alert = {
        "status": status,
        "labels": {"alertname": alertname, "job": "beta", "severity": severity},
        "annotations": {
            "summary": summary,
            "description": "50% of the requests to beta have ended in a 5xx over the last minute.",
            "runbook_url": "https://example.com/runbook",
        },
        "startsAt": started.isoformat(),
        "endsAt": ended.isoformat(),
        "fingerprint": alertname,
    }
    group = {"receiver": severity, "groupKey": f"{{alertname={alertname}}}", "truncatedAlerts": truncated}
    body = json.dumps({**group, "alerts": [alert]}).encode()
    request = urllib.request.Request(f"{url}/alerts", body, {"content-type": "application/json"})
    with urllib.request.urlopen(request) as reply:
        assert reply.status == 200


def check_pager(page, url, screenshots):
    problems = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(url)
    expect(page.get_by_text("Nothing is firing.")).to_be_visible()
    expect(page.get_by_text("Nothing has fired yet.")).to_be_visible()
    print("ok      an empty pager says that nothing is firing")

    # Gone after a reload.
    page.evaluate("window.not_reloaded = true")
    notify(url, "firing", "HighErrorRate", "page", "beta fails <b>too many</b> requests")
    card = page.locator("#firing article", has_text="HighErrorRate (beta)")
    expect(card).to_be_visible()
    assert page.evaluate("window.not_reloaded"), "the page was reloaded"
    assert page.title().startswith("(1) "), page.title()
    print("ok      a page that arrives is shown without a reload")

    expect(card).to_contain_text("beta fails <b>too many</b> requests")
    assert card.locator("b").count() == 0
    print("ok      markup in an alert is shown as text")

    notify(url, "firing", "HighLatency", "warning", "beta answers slowly")
    notify(url, "resolved", "HighLatency", "warning", "beta answers slowly")
    row = page.locator("#history tbody tr", has_text="HighLatency (beta)")
    expect(row).to_be_visible()
    expect(row).to_contain_text("1 min 30 s")
    expect(page.locator("#firing article")).to_have_count(1)
    page.screenshot(path=screenshots / "pager.png", full_page=True)
    print("ok      what is resolved moves to the history, with how long it lasted")

    expect(page.locator("#forwarding")).to_have_text("Forwarding: 0 waiting, 0 given up, 1 refused")
    expect(card).to_contain_text("forwarding: refused")
    expect(row).to_contain_text("–")
    print("ok      a page that could not be forwarded says so")

    notify(url, "firing", "InstanceDown", "page", "beta is down", minutes=60)
    notify(url, "firing", "InstanceDown", "page", "beta is down", minutes=20, truncated=9000)
    row = page.locator("#history tbody tr", has_text="InstanceDown (beta)")
    expect(row).to_contain_text("at most 40 min")
    expect(row).to_contain_text("delivered, delivered")
    expect(page.locator("#firing article", has_text="InstanceDown")).to_have_count(1)
    print("ok      an alert that fires again ends its first page and begins a second")

    expect(page.locator("#truncated")).to_contain_text("9000 alerts are missing")
    page.screenshot(path=screenshots / "pager-forwarding.png", full_page=True)
    print("ok      what Alertmanager left out is shown")

    assert not problems, problems
    print("ok      the browser has nothing to complain about")
    return 8


def main():
    observer, chromium, screenshots = sys.argv[1], sys.argv[2], Path(sys.argv[3])
    expect.set_options(timeout=PATIENCE_MS)
    with running_webhook() as webhook, running_pager(observer, webhook) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        passed = check_pager(browser.new_page(viewport={"width": 1000, "height": 700}), url, screenshots)
        browser.close()
    print(f"{passed} passed, 0 failed")


if __name__ == "__main__":
    main()
