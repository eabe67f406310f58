"""The console by keyboard, in a real browser: what has the focus keeps it while the page refreshes, and Escape closes.

Called as console.py.
"""

import time

from playwright.sync_api import expect

from console import ok
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


def main():
    with scene() as it:
        check_alerts(it)
        check_targets(it)


if __name__ == "__main__":
    main()
