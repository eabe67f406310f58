"""The console by keyboard, in a real browser: what has the focus keeps it while the page refreshes, and Escape closes.

Called as console.py.
"""

import re
import time

from playwright.sync_api import expect

from console_driver import drawn, draws, ok
from scene import scene
from stand_in import iso


def firing(job):
    now = time.time()
    labels = {"alertname": "HighErrorRate", "job": job, "severity": "page"}
    return {"labels": labels, "annotations": {"summary": f"{job} fails"}, "state": "firing", "activeAt": iso(now - 300), "value": "0.5"}


def rule(name, alerts, severity="page"):
    return {"type": "alerting", "name": name, "state": "firing" if alerts else "inactive", "health": "ok", "duration": 60, "query": f"{name} == 0",
            "lastEvaluation": iso(time.time()), "labels": {"severity": severity}, "annotations": {"summary": name}, "alerts": alerts}


def tab_to(page, locator):
    """Presses Tab until the element has the focus."""
    for _ in range(200):
        page.keyboard.press("Tab")
        if locator.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"Tab does not lead to {locator}")


def check_alerts(scene):
    page = scene.page
    watchdog = {"alertname": "Watchdog", "severity": "none"}
    scene.prometheus.rules = [
        rule("HighErrorRate", [firing("app"), firing("beta")]), rule("Slow", []),
        rule("Watchdog", [{"labels": watchdog, "annotations": {}, "state": "firing", "activeAt": iso(time.time()), "value": "1"}], "none"),
    ]
    scene.alertmanager.silences = [
        {"id": f"silence-{name}", "status": {"state": "active"}, "comment": name, "createdBy": "tester", "endsAt": iso(time.time() + 3600),
         "matchers": [{"name": "job", "value": name, "isRegex": False, "isEqual": True}]} for name in ("one", "two")]
    page.goto(f"{scene.url}/alerts")
    beta = page.locator(".journey[data-job=beta]").get_by_role("button", name="Silence")
    tab_to(page, beta)
    # One above it goes, and one comes: what is left has another place.
    scene.prometheus.rules[0]["alerts"] = [firing("beta")]
    expect(page.locator(".journey[data-job=app]")).to_have_count(0)
    scene.prometheus.rules[0]["alerts"] = [firing("another"), firing("beta")]
    expect(page.locator(".journey[data-job=another]")).to_have_count(1)
    expect(beta).to_be_focused()
    ok("the focus stays at the button of its alert, whichever come and go")

    page.keyboard.press("Enter")
    expect(page.get_by_label("Why")).to_be_visible()
    scene.refreshed("/prometheus/rules")
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_have_count(0)
    expect(beta).to_be_focused()
    ok("Escape leaves the dialog of a silence, back at its button")

    heartbeat = page.locator(".watchdog")
    expression = page.locator("tr[data-rule=Slow] details")
    for details in (heartbeat, expression):
        tab_to(page, details.locator("summary"))
        page.keyboard.press("Enter")
    end = page.locator(".silence", has_text="two").get_by_role("button", name="End it")
    for element in (expression.locator("summary"), end):
        element.focus()
        scene.refreshed("/prometheus/rules")
        expect(element).to_be_focused()
        for details in (heartbeat, expression):
            expect(details).to_have_attribute("open", "")
    scene.prometheus.rules[1]["state"] = "pending"
    expression.locator("summary").focus()
    expect(page.locator("tr[data-rule=Slow]")).to_contain_text("pending")
    expect(expression.locator("summary")).to_be_focused()
    expect(expression).to_have_attribute("open", "")
    ok("what a reader has opened stays open, and the tables keep the focus")
    scene.watch.is_clean()


def check_targets(scene):
    page = scene.page
    page.goto(f"{scene.url}/targets")
    expect(page.locator("tr[data-health]")).to_have_count(1)
    page.locator("td.error").evaluate("element => getSelection().selectAllChildren(element)")
    selected = page.evaluate("String(getSelection())")
    assert selected.startswith("refused"), selected
    scene.refreshed("/prometheus/targets")
    assert page.evaluate("String(getSelection())") == selected
    ok("a text that is selected stays so")
    scene.watch.is_clean()


def check_toolbar(scene):
    page = scene.page
    page.goto(f"{scene.url}/d/http-services?refresh=")
    drawn(page)
    service = page.get_by_label("Service", exact=True)
    tab_to(page, service)
    page.keyboard.press("ArrowDown")
    page.wait_for_url("**var-service=beta**")
    drawn(page, 2)
    expect(service).to_be_focused()
    page.keyboard.press("Tab")
    instance = page.locator(".control", has_text="Instance")
    expect(instance.locator("summary")).to_be_focused()
    page.keyboard.press("Enter")
    for name, times in (("beta:1", 3), ("beta:2", 4)):
        tab_to(page, instance.get_by_label(name))
        page.keyboard.press("Space")
        drawn(page, times)
        expect(instance.get_by_label(name)).to_be_focused()
        expect(instance.get_by_label(name)).to_be_checked()
    expect(instance.get_by_label("All")).not_to_be_checked()
    page.go_back()
    expect(instance.get_by_label("beta:2")).not_to_be_checked()
    page.keyboard.press("Escape")
    expect(instance.locator("details")).not_to_have_attribute("open", "")
    expect(instance.locator("summary")).to_be_focused()
    ok("a change of a variable keeps the focus, and Escape closes its menu")

    time_range = page.locator(".toolbar .menu summary").last
    tab_to(page, time_range)
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("button", name="Last 1 h"))
    page.keyboard.press("Enter")
    page.wait_for_url("**from=now-1h**")
    expect(time_range).to_have_text("Last 1 h")
    expect(time_range).to_be_focused()
    time_range.click()
    expect(page.get_by_role("button", name="Apply")).to_be_visible()
    page.locator("h1").click()
    expect(page.get_by_role("button", name="Apply")).to_be_hidden()
    ok("a new time range leaves the focus at its menu, which a click elsewhere closes")


def check_legend(scene):
    page = scene.page
    page.goto(f"{scene.url}/d/http-services?refresh=5s")
    drawn(page)
    series = page.locator(".panel.timeseries .legend button").nth(1)
    series.focus()
    drawn(page, draws(page) + 2)
    expect(series).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".panel.timeseries .legend button.off").first).to_be_visible()
    expect(series).to_be_focused()
    drawn(page, draws(page) + 2)
    expect(series).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Enter")
    expect(page.locator(".panel.timeseries .legend button.off")).to_have_count(0)
    ok("a legend keeps the focus, and its buttons work after a refresh")


def check_panel(scene):
    page = scene.page
    page.goto(f"{scene.url}/d/http-services?refresh=")
    drawn(page)
    panel = page.locator(".panel.timeseries").first
    chart = panel.locator(".chart")
    tab_to(page, chart)
    page.keyboard.press("ArrowLeft")
    said = panel.locator(".hidden[role=status]")
    expect(said).to_have_text(re.compile(r"^\d\d:\d\d:\d\d, .+ \d"))
    before = said.text_content()
    page.keyboard.press("ArrowLeft")
    expect(said).not_to_have_text(before)
    assert said.text_content().startswith(panel.locator(".tooltip p").first.text_content()), said.text_content()
    page.keyboard.press("Tab")
    expect(said).to_be_empty()
    ok("the arrow keys move the crosshair, and what it shows is said")

    description = panel.get_by_role("button", name="Description")
    description.focus()
    page.keyboard.press("Enter")
    overlay = panel.get_by_role("region", name="Description")
    expect(overlay).to_be_visible()
    page.keyboard.press("Escape")
    expect(overlay).to_be_hidden()
    expect(description).to_be_focused()
    both = page.locator(".panel", has_text="Error ratio").first
    for name in ("Description", "Links"):
        both.get_by_role("button", name=name).focus()
        page.keyboard.press("Enter")
    opened = both.locator(".overlay:not([hidden])")
    for left in (2, 1, 0):
        expect(opened).to_have_count(left)
        page.keyboard.press("Escape")
    full = panel.get_by_role("button", name="Full screen")
    full.focus()
    page.keyboard.press("Enter")
    back = page.get_by_role("button", name="Back to the dashboard")
    expect(back).to_be_focused()
    expect(page.locator(".panel")).to_have_count(1)
    page.get_by_role("button", name="Show the query").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_have_count(0)
    expect(back).to_be_visible()
    time_range = page.locator(".toolbar .menu").last
    time_range.locator("summary").click()
    page.keyboard.press("Escape")
    expect(time_range).not_to_have_attribute("open", "")
    # Escape closes one thing at a time.
    expect(back).to_be_visible()
    back.focus()
    page.keyboard.press("Escape")
    expect(back).to_have_count(0)
    expect(full).to_be_focused()
    ok("Escape closes a description, a dialog, a menu and the full screen, one at a time, and leads back")
    scene.watch.is_clean()


def main():
    with scene() as it:
        check_toolbar(it)
        check_legend(it)
        check_panel(it)
        check_alerts(it)
        check_targets(it)


if __name__ == "__main__":
    main()
