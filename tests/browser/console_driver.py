"""Driving the console in a browser: starting it, opening its pages, and what goes wrong there meanwhile."""

import json
import re
import subprocess
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlparse

from visit import DROPPED

DASHBOARDS = Path(__file__).resolve().parents[2] / "grafana/source/dashboards"
# Where the parts are, as a browser reaches them. Nothing answers there.
LINKS = {name: f"http://127.0.0.1:1/{name.replace(' ', '-')}/" for name in ("app", "beta", "faults of app", "faults of beta", "pager", "prometheus", "grafana")}


@contextmanager
def console_process(binary, upstream, dashboards, *more, alertmanager=None, pager=None):
    command = [binary, "--listen=127.0.0.1:0", "--log-format=json", f"--dashboards={dashboards}", *more]
    command += [f"--link={name}={address}" for name, address in LINKS.items()]
    command += [f"--prometheus-url={upstream}", f"--alertmanager-url={alertmanager or upstream}", f"--pager-url={pager or upstream}"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        lines = (json.loads(line) for line in process.stderr)
        url = "http://" + next(line["address"] for line in lines if "address" in line)
        threading.Thread(target=process.stderr.read, daemon=True).start()
        yield process, url
    finally:
        process.terminate()
        process.wait(10)


@contextmanager
def running_console(*arguments, **more):
    with console_process(*arguments, **more) as (_, url):
        yield url


class Watch:
    """What a page asks for, and what its browser complains about."""

    def __init__(self, page, url):
        self.problems, self.foreign, self.queries = [], [], []
        self.expected = 0
        page.on("console", self.hear)
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.on("request", lambda request: self.note(request.url, url))

    def hear(self, message):
        # Other tests may make networks meanwhile; the page then sends the request again.
        if message.type == "error" and DROPPED not in message.text:
            self.problems.append(message.text)

    def note(self, asked, url):
        if not asked.startswith((url, "data:", "blob:")):
            self.foreign.append(asked)
        if "/api/prometheus/query" in asked:
            self.queries.append(parse_qs(urlparse(asked).query)["query"][0])

    def forgive(self, *statuses):
        """Forgets the errors that the browser has reported of these statuses."""
        self.problems = [problem for problem in self.problems if not any(f"status of {status}" in problem for status in statuses)]

    def is_clean(self):
        assert not self.problems, self.problems
        assert not self.foreign, self.foreign


passed = []


def ok(what):
    passed.append(what)
    print(f"ok      {what}")


def until(page, look, describe):
    """Waits for a condition. Not by wait_for_function, which the page's policy forbids."""
    deadline = time.monotonic() + 120
    while not look():
        assert time.monotonic() < deadline, describe()
        page.wait_for_timeout(50)


def drawn(page, times=1):
    """Waits until the dashboard has been drawn this often."""
    until(page, lambda: draws(page) >= times, lambda: f"drawn {draws(page)} times, expected {times}")


def draws(page):
    return page.evaluate("Number(document.querySelector('.content')?.dataset.drawn ?? 0)")


def panels_of(dashboard):
    return [panel for row in dashboard["panels"] for panel in [row, *row.get("panels", [])] if panel["type"] != "row"]


def choose_service(page, watch, service):
    """Chooses it on HTTP Services: the URL names it, and all queries are of it."""
    watch.queries.clear()
    page.get_by_label("Service", exact=True).select_option(service)
    page.wait_for_url(f"**var-service={service}**")
    until(page, lambda: jobs_of(watch.queries) == {service}, lambda: watch.queries)


def jobs_of(queries):
    return {job for query in queries for job in re.findall(r'job="(\w+)"', query)}


def choose_range(page, length):
    page.locator(".toolbar .menu summary").last.click()
    page.get_by_role("button", name=f"Last {length}").click()


def zoom(page, left, right):
    """Drags over a part of a chart. Returns the range of time of the URL then, in milliseconds, and goes back."""
    before = page.url
    chart = page.locator(".panel.timeseries .nsewdrag").first
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    page.mouse.move(box["x"] + left * box["width"], box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + right * box["width"], box["y"] + 20, steps=5)
    page.mouse.up()
    page.wait_for_url(re.compile(r"from=\d+&to=\d+"))
    parameters = {name: int(value) for name, value in re.findall(r"(from|to)=(\d+)", page.url)}
    page.go_back()
    assert page.url == before
    return parameters["to"] - parameters["from"]
