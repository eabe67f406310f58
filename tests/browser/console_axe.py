"""axe on the console's pages in the states that a reader brings them into, dark and light, in a real browser.

    console_axe.py OBSERVER CHROMIUM SCREENSHOTS

As console.py, which runs it on the pages at rest, on the same stand-in.
"""

import json
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect, sync_playwright

from console_driver import DASHBOARDS, drawn, ok, passed, running_console
from console_shift import alerts_of
from made_dashboards import laid_out, panel, target
from pager import FLAGS, PATIENCE_MS
from stand_in import StandIn


@contextmanager
def fresh_page(browser, scheme):
    # axe is a script of its own, which the page's policy would refuse.
    context = browser.new_context(viewport={"width": 1280, "height": 800}, color_scheme=scheme, bypass_csp=True)
    yield context.new_page()
    context.close()


def check(page, state):
    found = Axe().run(page).response["violations"]
    serious = [(issue["id"], [node["html"][:200] for node in issue["nodes"][:3]]) for issue in found if issue["impact"] in ("serious", "critical")]
    assert not serious, (state, serious)


def check_dashboard(page, url):
    page.goto(f"{url}/d/http-services?refresh=")
    drawn(page)
    menus = page.locator(".toolbar details.menu")
    for number in range(menus.count()):
        menus.nth(number).locator("summary").click()
        check(page, f"menu {number}")
        menus.nth(number).locator("summary").click()
    headline = page.locator(".panel", has_text="Error ratio").first
    for name in ("Description", "Links"):
        headline.hover()
        headline.get_by_role("button", name=name).click()
        check(page, name)
        headline.get_by_role("button", name=name).click()
    headline.get_by_role("button", name="Show the query").click()
    expect(page.locator("dialog")).to_be_visible()
    check(page, "queries")
    page.keyboard.press("Escape")
    chart = page.locator(".panel.timeseries .chart").first
    chart.focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".panel.timeseries .tooltip").first).to_be_visible()
    check(page, "values at the crosshair")
    page.locator(".panel.timeseries .legend button").first.click()
    check(page, "a series alone")
    page.goto(f"{url}/d/service-internals?refresh=")
    drawn(page)
    heatmap = page.locator(".panel.heatmap").first
    heatmap.scroll_into_view_if_needed()
    heatmap.hover()
    heatmap.get_by_role("button", name="Full screen").click()
    page.wait_for_url("**viewPanel=**")
    expect(page.locator(".panel")).to_have_count(1)
    check(page, "full screen")


def check_undrawn(page, url):
    page.goto(f"{url}/d/undrawn?refresh=")
    drawn(page)
    page.get_by_role("button", name="What is not drawn").click()
    check(page, "what is not drawn")


def check_alerts(page, url, stand_in):
    rule, known = alerts_of(1, int(time.time()))
    stand_in.rules, stand_in.alerts = [rule], [known]
    page.goto(f"{url}/alerts")
    page.locator("[data-rule] summary").first.click()
    check(page, "an expression")
    page.locator(".journey").get_by_role("button", name="Silence").first.click()
    expect(page.locator("dialog")).to_be_visible()
    check(page, "silence")


def check_explore(page, url):
    page.goto(f"{url}/explore?expr=up")
    expect(page.locator(".graph .trace").first).to_be_attached()
    page.get_by_label("PromQL").fill("sum((")
    page.get_by_label("PromQL").press("Enter")
    expect(page.locator("#refused")).to_contain_text("unclosed")
    check(page, "a refused query")


def check_stale(page, url, stand_in):
    page.goto(f"{url}/d/http-services?refresh=5s")
    drawn(page)
    stand_in.stop()
    try:
        expect(page.locator(".panel.stale").first).to_be_attached()
        expect(page.locator(".notice").first).to_be_visible()
        check(page, "a stale dashboard")
        page.goto(f"{url}/targets")
        expect(page.locator("main .state").first).to_be_visible()
        check(page, "targets of nobody")
    finally:
        stand_in.start()


def check_token(page, binary, stand_in, folder):
    with running_console(binary, stand_in.url, folder, "--token=secret") as url:
        page.goto(f"{url}/targets")
        expect(page.get_by_label("Token of this console")).to_be_visible()
        check(page, "token")


def folder_of_dashboards(folder):
    for file in DASHBOARDS.glob("*.json"):
        (folder / file.name).write_text(file.read_text())
    adhoc = {"name": "filters", "type": "adhoc"}
    panels = laid_out([panel("Sparkles", options={"sparkles": True}), panel("Candles", "candlestick"),
                       panel("Nothing", "stat", targets=[target(hide=True)])])
    (folder / "undrawn.json").write_text(json.dumps({"uid": "undrawn", "title": "Undrawn", "panels": panels, "templating": {"list": [adhoc]}}))
    (folder / "broken.json").write_text("{")


def main():
    observer, chromium = Path(sys.argv[1]), sys.argv[2]
    expect.set_options(timeout=2 * PATIENCE_MS)
    binary, stand_in = str(observer.with_name("observer-console")), StandIn()
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        folder = Path(scratch)
        folder_of_dashboards(folder)
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        with running_console(binary, stand_in.url, folder) as url:
            for scheme in ("dark", "light"):
                for run, arguments in [(check_dashboard, [url]), (check_undrawn, [url]), (check_alerts, [url, stand_in]), (check_explore, [url]),
                                       (check_stale, [url, stand_in]), (check_token, [binary, stand_in, folder])]:
                    with fresh_page(browser, scheme) as page:
                        run(page, *arguments)
                ok(f"axe finds no serious issue in menus, overlays, dialogs, full screen and what is stale, {scheme}")
        browser.close()
    print(f"{len(passed)} passed, 0 failed")


if __name__ == "__main__":
    main()
