"""The console of a running stack in a real browser: every panel is drawn with data, each stat as Prometheus answers.

    live_console.py CHROMIUM

The stack's addresses are in the environment.
"""

import json
import re
import sys
import time
import urllib.parse
from contextlib import contextmanager

from playwright.sync_api import expect, sync_playwright

from console_driver import DASHBOARDS, Watch, choose_range, choose_service, drawn, ok, panels_of, passed, until, zoom
from pager import FLAGS
from running_stack import CONSOLE, CONTROL, PROMETHEUS, TOKEN, ask
from visit import visit

# What has just started has no data for the first minutes.
PATIENCE = 180


# All that the dashboards use: a test of them says so.
UNITS = {"bytes", "ops", "percentunit", "reqps", "s", "short"}
# What they multiply a number by, as they write it.
SCALES = {
    "": 1, "K": 1e3, "Mil": 1e6, "%": 0.01,
    "µs": 1e-6, "ms": 1e-3, "s": 1, "min": 60, "h": 3600, "d": 86400,
    "B": 1, "KiB": 1024, "MiB": 1024**2, "GiB": 1024**3,
    **{f"{prefix} {unit}".strip(): scale for unit in ("req/s", "ops/s") for prefix, scale in (("", 1), ("K", 1e3))},
}


def answer(query, at):
    parameters = urllib.parse.urlencode({"query": query, "time": at})
    return [float(series["value"][1]) for series in ask(f"{PROMETHEUS}/api/v1/query?{parameters}")["data"]["result"]]


def is_filled(panel):
    drawing = panel.locator("[data-value], .stat .name, .scatterlayer .trace .js-line, .scatterlayer .trace .js-fill, .heatmaplayer .hm")
    return drawing.count() > 0 and "No data" not in panel.inner_text()


def empty_panels(page):
    return [panel.get_attribute("aria-label") for panel in page.locator(".panel").all() if not is_filled(panel)]


def check_drawn(page, watch, runbooks):
    slowest = 0
    for file in sorted(DASHBOARDS.glob("*.json")):
        dashboard = json.loads(file.read_text())
        began = time.monotonic()
        visit(page, f"{CONSOLE}/d/{dashboard['uid']}")
        drawn(page)
        slowest = max(slowest, time.monotonic() - began)
        expect(page.locator(".panel")).to_have_count(len(panels_of(dashboard)))
        while empty := empty_panels(page):
            assert time.monotonic() - began < PATIENCE, f"{dashboard['title']}: without data: {empty}"
            page.wait_for_timeout(1000)
        expect(page.locator(".links").get_by_role("link", name="Runbooks")).to_have_attribute("href", f"{runbooks}/")
        watch.is_clean()
    ok(f"every panel of every dashboard is drawn with data; the slowest was there after {slowest:.1f} s")


def says(text, value):
    """Whether the text is the value, to its last digit."""
    number, suffix = re.fullmatch(r"(-?[\d.]+) ?(.*)", text).groups()
    decimals = len(number.partition(".")[2])
    return abs(float(number) - value / SCALES[suffix]) <= 0.5001 * 10**-decimals


def check_stats(page):
    compared, units = 0, set()
    for file in sorted(DASHBOARDS.glob("*.json")):
        dashboard = json.loads(file.read_text())
        # Of samples that every scrape has delivered by now.
        visit(page, f"{CONSOLE}/d/{dashboard['uid']}?refresh=&from=now-15m&to=now-15s")
        drawn(page)
        panels = {panel["title"]: panel for panel in panels_of(dashboard)}
        for stat in page.locator(".panel.stat").all():
            at = stat.locator(".stat").get_attribute("data-time")
            tiles = [(float(tile.get_attribute("data-value")), tile.locator(".number").inner_text()) for tile in stat.locator("[data-value]").all()]
            title = stat.get_attribute("aria-label")
            stat.get_by_role("button", name="Show the query").click(force=True)
            query = page.locator("dialog pre").first.text_content()
            page.keyboard.press("Escape")
            shown, expected = sorted(value for value, _ in tiles), sorted(answer(query, at))
            assert shown == expected, (title, query, at, shown, expected)
            compared += 1
            if panels[title]["options"]["textMode"] != "name":
                assert all(says(text, value) for value, text in tiles), (title, tiles)
                units.add(panels[title]["fieldConfig"]["defaults"]["unit"])
    assert units == UNITS, units
    ok(f"the numbers of {compared} stats are what Prometheus answers to their queries at their times, as their units say")


@contextmanager
def delay_at_beta():
    ask(f"{CONTROL}/faults", "PUT", {"echo": {"delay": "constant:20ms"}, "for": "10m"})
    try:
        yield
    finally:
        ask(f"{CONTROL}/faults", "DELETE")


def check_faults(page, watch):
    visit(page, CONSOLE)
    faults = page.get_by_role("region", name="Injected faults")
    expect(faults.get_by_role("listitem").filter(has_text="beta start-up plan")).to_contain_text("/ping: 5 ms to 150 ms delay, 0.5% errors")
    with delay_at_beta():
        expect(faults.get_by_role("listitem").filter(has_text="beta changed plan")).to_contain_text("/echo: 20 ms delay, 0.5% errors")
        visit(page, f"{CONSOLE}/d/http-services?var-service=beta&from=now-5m&refresh=5s")
        chart = page.locator(".panel.timeseries .chart").first
        note = page.locator(".panel.timeseries").first.locator(".tooltip .note", has_text="Faults injected on purpose: control")

        def is_annotated():
            # Each arrow moves the crosshair back by 5 s, first from the end.
            chart.blur()
            for _ in range(4):
                chart.press("ArrowLeft")
                if note.count():
                    return True
            return False

        until(page, is_annotated, lambda: "no annotation")
    visit(page, CONSOLE)
    expect(faults.get_by_role("listitem").filter(has_text="beta start-up plan")).to_be_visible()
    watch.is_clean()
    ok("a delay is on Start, and annotated on the dashboard of its service")


def check_url(page, watch):
    visit(page, f"{CONSOLE}/d/http-services?refresh=")
    drawn(page)
    choose_service(page, watch, "beta")
    instances = page.locator(".control", has_text="Instance")
    instances.locator("summary").click()
    [every, instance] = instances.locator("label").all_inner_texts()
    assert every == "All"
    instances.get_by_label(instance).check()
    page.wait_for_url("**var-instance=**")
    until(page, lambda: any(f'instance=~"{instance}"' in query.replace("\\\\", "") for query in watch.queries), lambda: watch.queries)
    choose_range(page, "5 min")
    page.wait_for_url("**from=now-5m**")
    visit(page, page.url)
    drawn(page)
    assert page.get_by_label("Service", exact=True).input_value() == "beta"
    expect(instances.locator("summary")).to_have_text(instance)
    assert not empty_panels(page), empty_panels(page)
    length = zoom(page, 0.5, 0.9)
    assert 100_000 < length < 140_000, length
    watch.is_clean()
    ok("a service, its instance, a time range and a zoom are in the URL, and have data")


def check_pages(page, watch):
    visit(page, CONSOLE)
    expect(page.locator(".flow .title", has_text="beta")).to_be_visible()
    for part in ("app", "beta", "postgres", "prometheus", "alertmanager", "pager"):
        expect(page.get_by_role("row", name=f"{part} healthy")).to_be_visible()
    # It may have ended by now.
    expect(page.get_by_role("row", name=re.compile(r"^load ([\d.]+ req.s|none) make load"))).to_be_visible()
    visit(page, f"{CONSOLE}/targets")
    expect(page.locator("tr[data-health=up]").first).to_be_visible()
    visit(page, f"{CONSOLE}/alerts")
    expect(page.locator("[data-rule]").first).to_be_visible()
    for rule in page.locator("[data-rule]").all():
        name = rule.locator("strong").inner_text()
        address = rule.get_by_role("link", name="Runbook").get_attribute("href")
        assert address.startswith("http") and address.endswith(f"/runbooks/{name}"), (name, address)
        assert "{{" not in rule.locator(".faint").first.inner_text(), f"{name}: its summary is shown as a template"
    watch.is_clean()
    ok("start, targets and alerts show the stack, and every rule is described and links to its runbook")
    return address.removesuffix(f"/{name}")


def main():
    expect.set_options(timeout=60_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=sys.argv[1], args=FLAGS)
        page = browser.new_page(viewport={"width": 1440, "height": 1000})
        watch = Watch(page, CONSOLE)
        visit(page, f"{CONSOLE}/#token={TOKEN}")
        runbooks = check_pages(page, watch)
        check_drawn(page, watch, runbooks)
        check_stats(page)
        check_url(page, watch)
        check_faults(page, watch)
        browser.close()
    print(f"{len(passed)} passed, 0 failed")


if __name__ == "__main__":
    main()
