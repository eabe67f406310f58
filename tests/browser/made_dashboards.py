"""Dashboards that are made for a test, and what the console draws of them."""

import json
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import expect, sync_playwright

from console_driver import Watch, drawn, running_console
from pager import FLAGS, PATIENCE_MS
from stand_in import StandIn

# A quarter of an hour, whose values of stand_in.value_at rise from 1 to 1.25.
START, END = 1_800_000_000, 1_800_000_900


def target(expr="up", ref="A", **more):
    return {"refId": ref, "expr": expr, "legendFormat": "{{job}}", **more}


def panel(title, kind="timeseries", targets=(), options=None, overrides=(), **defaults):
    """A panel that still lacks its place."""
    return {"type": kind, "title": title, "targets": list(targets) or [target()], "options": options or {},
            "fieldConfig": {"defaults": defaults, "overrides": list(overrides)}}


def override(name, **properties):
    return {"matcher": {"id": "byName", "options": name},
            "properties": [{"id": id_.replace("__", "."), "value": value} for id_, value in properties.items()]}


def laid_out(panels, first=1, top=0):
    """Two beside each other, with ids."""
    return [one | {"id": first + number, "gridPos": {"x": 12 * (number % 2), "y": top + 8 * (number // 2), "w": 12, "h": 8}}
            for number, one in enumerate(panels)]


class Site:
    """A browser's page on a console, whose folder takes dashboards."""

    def __init__(self, page, url, folder, stand_in):
        self.page, self.url, self.folder, self.stand_in = page, url, folder, stand_in
        self.watch = Watch(page, url)

    def show(self, panels, parameters="", **dashboard):
        """Opens a dashboard with these panels."""
        (self.folder / "made.json").write_text(json.dumps({"uid": "made", "title": "Made", "panels": panels} | dashboard))
        self.page.goto(f"{self.url}/d/made?from={START}000&to={END}000&refresh={parameters}")
        drawn(self.page)

    def panel(self, title):
        return self.page.locator(f".panel[aria-label='{title}']")

    def traces(self, title):
        """What plotly.js was given to draw, by the names in the legend."""
        chart = self.panel(title).locator(".js-plotly-plot")
        return chart.evaluate("(chart) => JSON.parse(JSON.stringify(chart.data))")

    def layout(self, title):
        return self.panel(title).locator(".js-plotly-plot").evaluate("(chart) => JSON.parse(JSON.stringify(chart.layout))")


@contextmanager
def running_site():
    """As the arguments say: the service's binary, beside which the console's is, and Chromium."""
    observer, chromium = Path(sys.argv[1]), sys.argv[2]
    expect.set_options(timeout=2 * PATIENCE_MS)
    stand_in = StandIn()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        with running_console(str(observer.with_name("observer-console")), stand_in.url, folder) as url:
            yield Site(browser.new_page(viewport={"width": 1440, "height": 1000}), url, Path(folder), stand_in)
        browser.close()
