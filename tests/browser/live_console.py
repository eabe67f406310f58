"""The console of a running stack in a real browser: every panel is drawn with data, each stat as Prometheus answers.

    live_console.py CONSOLE PROMETHEUS CHROMIUM

CONSOLE and PROMETHEUS are their URLs; that of the console may end in #token=TOKEN.
"""

import json
import sys
import time
import urllib.parse
import urllib.request

from playwright.sync_api import expect, sync_playwright

from console import DASHBOARDS, Watch, drawn, ok, panels_of, passed
from pager import FLAGS

# What has just started has no data for the first minutes.
PATIENCE = 180


def answer(prometheus, query, at):
    parameters = urllib.parse.urlencode({"query": query, "time": at})
    with urllib.request.urlopen(f"{prometheus}/api/v1/query?{parameters}") as reply:
        return [float(series["value"][1]) for series in json.load(reply)["data"]["result"]]


def is_filled(panel):
    drawing = panel.locator("[data-value], .stat .name, .scatterlayer .trace .js-line, .scatterlayer .trace .js-fill, .heatmaplayer .hm")
    return drawing.count() > 0 and "No data" not in panel.inner_text()


def empty_panels(page):
    return [panel.get_attribute("aria-label") for panel in page.locator(".panel").all() if not is_filled(panel)]


def check_drawn(page, watch, url, runbooks):
    slowest = 0
    for file in sorted(DASHBOARDS.glob("*.json")):
        dashboard = json.loads(file.read_text())
        began = time.monotonic()
        page.goto(f"{url}/d/{dashboard['uid']}")
        drawn(page)
        slowest = max(slowest, time.monotonic() - began)
        expect(page.locator(".panel")).to_have_count(len(panels_of(dashboard)))
        while empty := empty_panels(page):
            assert time.monotonic() - began < PATIENCE, f"{dashboard['title']}: without data: {empty}"
            page.wait_for_timeout(1000)
        expect(page.locator(".links").get_by_role("link", name="Runbooks")).to_have_attribute("href", f"{runbooks}/")
        watch.is_clean()
    ok(f"every panel of every dashboard is drawn with data; the slowest was there after {slowest:.1f} s")


def check_stats(page, url, prometheus):
    compared = 0
    for file in sorted(DASHBOARDS.glob("*.json")):
        page.goto(f"{url}/d/{json.loads(file.read_text())['uid']}?refresh=")
        drawn(page)
        for stat in page.locator(".panel.stat").all():
            at = stat.locator(".stat").get_attribute("data-time")
            shown = [float(tile.get_attribute("data-value")) for tile in stat.locator("[data-value]").all()]
            stat.get_by_role("button", name="Show the query").click(force=True)
            query = page.locator("dialog pre").first.text_content()
            page.keyboard.press("Escape")
            expected = answer(prometheus, query, at)
            assert sorted(shown) == sorted(expected), (stat.get_attribute("aria-label"), query, at, shown, expected)
            compared += 1
    ok(f"the numbers of {compared} stats are what Prometheus answers to their queries at their times")


def check_pages(page, watch, url):
    page.goto(url)
    expect(page.locator(".flow .title", has_text="beta")).to_be_visible()
    expect(page.get_by_role("row", name="prometheus healthy")).to_be_visible()
    page.goto(f"{url}/targets")
    expect(page.locator("tr[data-health=up]").first).to_be_visible()
    page.goto(f"{url}/alerts")
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
    console, prometheus, chromium = sys.argv[1:4]
    url, _, fragment = console.partition("/#")
    expect.set_options(timeout=20_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        page = browser.new_page(viewport={"width": 1440, "height": 1000})
        watch = Watch(page, url)
        if fragment:
            page.goto(console)
        runbooks = check_pages(page, watch, url)
        check_drawn(page, watch, url, runbooks)
        check_stats(page, url, prometheus)
        browser.close()
    print(f"{len(passed)} passed, 0 failed")


if __name__ == "__main__":
    main()
