"""The console while something is away or broken, in a real browser: it says what, keeps what it had, and recovers.

Called as console.py.
"""

import json
import re

from playwright.sync_api import expect

from console_driver import drawn, ok
from console_keyboard import firing, rule
from scene import scene
from stand_in import iso

STALE = re.compile(r"\bstale\b")

def notices(page):
    return page.locator("#notices .notice")


def check_part(scene, part, name, path, grey, others):
    """One part alone goes away under an open page, and comes back."""
    page = scene.page
    page.goto(scene.url + path)
    for selector in [*grey, *others]:
        expect(page.locator(selector).first).to_have_text(re.compile(r"\S"))
    part.stop()
    expect(notices(page)).to_have_text(re.compile(f"^{name} refuses connections\\. Since \\d\\d:\\d\\d:\\d\\d\\."))
    for selector in grey:
        expect(page.locator(selector).first).to_have_class(STALE)
        assert page.locator(selector).first.inner_text().strip(), f"{path}: {selector} is empty"
    for selector in others:
        expect(page.locator(selector).first).not_to_have_class(STALE)
    part.start()
    expect(notices(page)).to_have_count(0)
    expect(page.locator(".stale")).to_have_count(0)
    ok(f"{path} says that {name} is away, greys what it had from it, and recovers")


def content(title):
    return f"section[aria-label='{title}'] > .scroll"


def check_parts(scene):
    scene.prometheus.rules = [rule("HighErrorRate", [firing("beta")])]
    scene.pager.pages["history"] = [{
        "alertname": "HighLatency", "severity": "warning", "job": "app", "instance": "", "summary": "", "description": "", "runbook_url": "",
        "started_at": iso(1.8e9), "delivered_at": iso(1.8e9), "ended_at": iso(1.8e9 + 60), "resolution_delivered_at": iso(1.8e9 + 61)}]
    active, rules, silences, past = (content(title) for title in ["Active alerts", "Rules", "Silences", "Resolved alerts"])
    prometheus, alertmanager, pager = (scene.prometheus, "Prometheus"), (scene.alertmanager, "Alertmanager"), (scene.pager, "the pager")
    check_part(scene, *prometheus, "/", [content(title) for title in ["Requests", "What fires", "Injected faults"]],
               [content("What runs"), content("Where to go")])
    check_part(scene, *pager, "/", [f"{content('What fires')} > p"], [content("Requests"), content("Where to go")])
    scene.alertmanager.stop()
    expect(scene.page.get_by_role("row", name="alertmanager")).to_contain_text(re.compile("away since \\d\\d:"))
    scene.alertmanager.start()
    expect(scene.page.get_by_role("row", name="alertmanager")).to_contain_text("healthy")
    ok("Start says since when Alertmanager is away")
    check_part(scene, *prometheus, "/targets", [content("Targets")], [])
    check_part(scene, *prometheus, "/alerts", [active, rules], [silences, past])
    check_part(scene, *alertmanager, "/alerts", [active, silences], [rules, past])
    check_part(scene, *pager, "/alerts", [active, past], [rules, silences])


def check_explore(scene):
    page = scene.page
    scene.prometheus.stop()
    page.goto(f"{scene.url}/explore?expr=up")
    expect(page.locator("#refused")).to_have_text("Prometheus refuses connections.")
    expect(notices(page)).to_have_count(1)
    scene.prometheus.start()
    expect(page.locator(".graph .trace")).to_have_count(2)
    expect(page.locator("#refused")).to_be_empty()
    expect(notices(page)).to_have_count(0)
    field = page.get_by_label("PromQL")
    scene.prometheus.stop()
    field.press("Enter")
    for part in (page.locator(".graph"), page.locator("section[aria-label=Table]")):
        expect(part).to_have_class(STALE)
    # While it tries again, what is being typed stays.
    field.fill("sum((")
    scene.prometheus.start()
    expect(page.locator(".stale")).to_have_count(0)
    expect(field).to_have_value("sum((")
    scene.prometheus.stop()
    field.press("Enter")
    expect(notices(page)).to_have_count(1)
    scene.prometheus.start()
    # An answer that refuses the query is one.
    expect(page.locator("#refused")).to_contain_text("unclosed left parenthesis")
    expect(notices(page)).to_have_count(0)
    ok("Explore asks again while Prometheus is away, and keeps what is being typed")


def check_late_answer(scene):
    page = scene.page
    page.goto(f"{scene.url}/explore")
    field = page.get_by_label("PromQL")
    with scene.prometheus.held("slow"):
        field.fill("slow")
        with page.expect_request(lambda request: "query=slow" in request.url):
            field.press("Enter")
        with page.expect_event("requestfailed", lambda request: "query=slow" in request.url):
            field.fill("up")
            field.press("Enter")
        expect(page.locator(".result tbody tr")).to_have_count(2)
    expect(page.locator(".result tbody tr")).to_have_count(2)
    ok("in Explore, the answer to an older query does not take the place of a newer one's")


def check_remarks(scene):
    page = scene.page
    scene.prometheus.remarks = {"warnings": ["a warning <b>of it</b>"], "infos": ["PromQL info: metric might not be a counter"]}
    page.goto(f"{scene.url}/explore?expr=up")
    expect(page.locator(".remarks p")).to_have_text(["a warning <b>of it</b>", "PromQL info: metric might not be a counter"])
    field = page.get_by_label("PromQL")
    field.fill("sum((")
    field.press("Enter")
    expect(page.locator("#refused")).to_contain_text("unclosed left parenthesis")
    expect(page.locator(".remarks p")).to_have_count(0)
    scene.prometheus.remarks = {}
    ok("Explore shows the warnings and infos of Prometheus, each once")


def check_file(scene):
    page = scene.page
    file = scene.folder / "http-services.json"
    good = file.read_text()
    broken = good.replace('"panels": [', '"panels": [[', 1)
    assert broken != good
    named = re.compile(r"http-services\.json, line \d+: ")
    page.goto(f"{scene.url}/d/http-services?refresh=5s")
    drawn(page)
    file.write_text(broken)
    expect(page.locator("[role=alert]")).to_have_text(named)
    assert page.locator(".panel .trace").count(), "what was drawn is gone"
    other = scene.folder / "other.json"
    other.write_text("{")
    file.write_text(good)
    expect(page.locator("[role=alert]")).to_have_count(0)
    expect(page.locator(".problems")).to_have_text(re.compile(r"other\.json, line 1: "))
    other.unlink()
    expect(page.locator(".problems")).to_have_count(0)
    ok("a file that breaks under an open page is named, what is drawn stays, and a mended one ends it")

    file.write_text(broken)
    # Without a refresh of its own: nothing has been read that could have one.
    page.goto(f"{scene.url}/d/http-services")
    expect(page.locator("[role=alert]")).to_have_text(named)
    start = scene.browser.new_page()
    start.goto(scene.url)
    expect(start.locator(".problems")).to_have_text(named)
    file.write_text(good)
    expect(start.locator(".problems")).to_have_count(0)
    start.close()
    drawn(page)
    expect(page.locator("h1")).to_have_text(json.loads(good)["title"])
    expect(page.locator("[role=alert]")).to_have_count(0)
    ok("a page that opened on a broken file draws it when it is mended, and Start names it meanwhile")


def check_late_console(scene):
    page = scene.browser.new_page()
    page.route("**/api/**", lambda route: route.abort())
    page.goto(f"{scene.url}/targets")
    expect(notices(page)).to_have_text(re.compile("^The console does not answer\\."))
    page.unroute("**/api/**")
    expect(page.locator("#header nav[aria-label=Dashboards] a")).to_have_count(len(list(scene.folder.glob("*.json"))))
    expect(notices(page)).to_have_count(0)
    page.close()
    ok("a page that opened while the console was away has its header filled when it answers")


def main():
    with scene() as it:
        check_late_console(it)
        check_parts(it)
        check_explore(it)
        check_late_answer(it)
        check_remarks(it)
        check_file(it)
        # Of the parts that were away, the query that was refused, and the file that broke.
        it.watch.forgive(400, 404, 502)
        it.watch.is_clean()


if __name__ == "__main__":
    main()
