"""The memory of a browser that keeps a dashboard open: 200 refreshes leave nothing behind.

    console_memory.py OBSERVER CHROMIUM SCREENSHOTS

As console.py, on the same stand-in.
"""

import json
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from console_driver import Watch, drawn, draws, ok, passed, running_console
from pager import FLAGS
from stand_in import StandIn

# The first refreshes fill caches and let the engine compile.
WARM_UP, REFRESHES, TOGGLES = 20, 200, 10
# The data of the chart alone is 50 lines of 360 values of 8 bytes. 200 times that is 28 MB.
TOLERANCE = 2_000_000


def panel(number, kind, expr, **more):
    return {"id": number, "type": kind, "title": f"{kind} {number}", "gridPos": {"x": 8 * (number - 1), "y": 0, "w": 8, "h": 10},
            "targets": [{"refId": "A", "expr": expr, "legendFormat": "{{instance}}"}], **more}


DASHBOARD = {
    "uid": "memory", "title": "Memory", "graphTooltip": 1,
    "annotations": {"list": [{"name": "Alerts", "enable": True, "expr": "ALERTS", "titleFormat": "{{alertname}}"}]},
    "panels": [panel(1, "timeseries", "many", options={"legend": {"displayMode": "table", "calcs": ["max"]}}),
               panel(2, "stat", "up"), panel(3, "heatmap", "sum by (le) (up)", options={"cellGap": 0})],
}


def refresh(page, times):
    for _ in range(times):
        before = draws(page)
        page.evaluate("document.querySelector('[aria-label=\"Refresh now\"]').click()")
        drawn(page, before + 1)


def measure(session):
    """Numbers of the page after everything that can go has gone."""
    for _ in range(3):
        session.send("HeapProfiler.collectGarbage")
    metrics = {metric["name"]: metric["value"] for metric in session.send("Performance.getMetrics")["metrics"]}
    return {name: int(metrics[name]) for name in ("Nodes", "JSEventListeners", "JSHeapUsedSize")}


def toggle(page, times):
    """Shows a panel alone and goes back to all."""
    for _ in range(times):
        for button in ("Full screen", "Back to the dashboard"):
            before = draws(page)
            page.get_by_role("button", name=button).first.evaluate("(it) => it.click()")
            drawn(page, before + 1)


def check_full_screen(page, watch, url):
    page.goto(f"{url}/d/memory?from=1800000000000&to=1800021600000&refresh=")
    drawn(page)
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    toggle(page, 3)
    before = measure(session)
    toggle(page, TOGGLES)
    after = measure(session)
    print(f"        {before} after 3 toggles, {after} after {3 + TOGGLES}")
    for name in ("Nodes", "JSEventListeners"):
        assert after[name] == before[name], (name, before, after)
    watch.is_clean()
    ok(f"{TOGGLES} changes to full screen and back leave no node and no listener behind")


def check_flat(page, watch, url):
    # A range that does not move, so that each refresh draws as many labels as the one before.
    page.goto(f"{url}/d/memory?from=1800000000000&to=1800021600000&refresh=")
    drawn(page)
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    refresh(page, WARM_UP)
    before = measure(session)
    watch.queries.clear()
    refresh(page, REFRESHES)
    after = measure(session)
    print(f"        {before} after {WARM_UP} refreshes, {after} after {WARM_UP + REFRESHES}")
    assert len(watch.queries) == 4 * REFRESHES, len(watch.queries)
    for name in ("Nodes", "JSEventListeners"):
        assert after[name] == before[name], (name, before, after)
    grown = after["JSHeapUsedSize"] - before["JSHeapUsedSize"]
    assert grown < TOLERANCE, f"the heap grew by {grown} bytes, expected less than {TOLERANCE}"
    watch.is_clean()
    ok(f"{REFRESHES} refreshes leave no node, no listener and no data behind")


def main():
    observer, chromium = Path(sys.argv[1]), sys.argv[2]
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        folder = Path(scratch)
        (folder / "memory.json").write_text(json.dumps(DASHBOARD))
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        with running_console(str(observer.with_name("observer-console")), StandIn().url, folder) as url:
            for check in (check_full_screen, check_flat):
                page = browser.new_page(viewport={"width": 1440, "height": 900})
                check(page, Watch(page, url), url)
                page.close()
        browser.close()
    print(f"{len(passed)} passed, 0 failed")


if __name__ == "__main__":
    main()
