"""What the console's pages say and where they lead, in a real browser.

Called as console.py.
"""

import json
import time

from playwright.sync_api import expect

from console_driver import drawn, ok, running_console
from scene import scene
from stand_in import RUNBOOKS, iso


def check_places(scene):
    page = scene.page
    page.goto(scene.url)
    runbooks = page.locator(".places").get_by_role("link", name="Runbooks")
    expect(runbooks).to_have_attribute("href", f"{RUNBOOKS}/")
    scene.prometheus.stop()
    # The pager's own, as its metric is not to be had.
    expect(runbooks).to_have_attribute("href", f"{scene.pager.url}/runbooks/")
    scene.prometheus.start()
    expect(runbooks).to_have_attribute("href", f"{RUNBOOKS}/")
    ok("Start leads to the runbooks, where the pager says that they are")


def check_slug(scene):
    page = scene.page
    page.goto(f"{scene.url}/d/http-services/http-services-of-all?refresh=")
    drawn(page)
    expect(page.locator("h1")).to_have_text("HTTP Services")
    expect(page.locator("#header a[aria-current=page]")).to_have_text("HTTP Services")
    ok("Grafana's URL of a dashboard, with the title at its end, shows it")


def check_silence(scene):
    page = scene.page
    scene.alertmanager.silences = [{
        "id": "kept", "status": {"state": "active"}, "comment": "planned", "createdBy": "tester", "endsAt": iso(time.time() + 3600),
        "matchers": [{"name": "job", "value": "beta", "isRegex": False, "isEqual": True}]}]
    scene.alertmanager.refusal = "the ledger <b>of silences</b> is read-only"
    page.goto(f"{scene.url}/alerts")
    silence = page.locator(".silence")
    silence.get_by_role("button", name="End it").click()
    expect(silence.locator("[role=alert]")).to_have_text(f"It could not be ended: {scene.alertmanager.refusal}")
    scene.refreshed("/alertmanager/silences")
    expect(silence.locator("[role=alert]")).to_contain_text("read-only")
    scene.alertmanager.refusal = None
    silence.get_by_role("button", name="End it").click()
    expect(silence).to_have_count(0)
    ok("a silence that cannot be ended says why")


def check_annotation(scene):
    panel = {"id": 1, "type": "timeseries", "title": "Up", "gridPos": {"x": 0, "y": 0, "w": 12, "h": 8}, "targets": [{"refId": "A", "expr": "up"}]}
    note = {"enable": True, "iconColor": "red", "titleFormat": "{{alertname}}"}
    notes = [note | {"name": "Good", "expr": "ALERTS"}, note | {"name": "Bad", "expr": "sum(("}]
    scene.prometheus.annotated = [{"alertname": "HighErrorRate"}]
    (scene.folder / "annotated.json").write_text(json.dumps(
        {"uid": "annotated", "title": "Annotated", "annotations": {"list": notes}, "panels": [panel]}))
    page = scene.page
    page.goto(f"{scene.url}/d/annotated")
    drawn(page)
    expect(page.get_by_text('Annotation Bad: parse error: unclosed left parenthesis in "sum(("')).to_be_visible()
    box = page.locator(".chart").bounding_box()
    page.mouse.move(box["x"] + 0.45 * box["width"], box["y"] + 40)
    expect(page.locator(".tooltip .note")).to_have_text("HighErrorRate")
    ok("an annotation whose query fails is named, and the others are drawn")


def check_token(scene):
    with running_console(scene.binary, scene.prometheus.url, scene.folder, "--token=secret") as url:
        page = scene.browser.new_context().new_page()
        page.goto(f"{url}/targets")
        field = page.get_by_label("Token of this console")
        field.fill("wrong")
        page.keyboard.press("Enter")
        expect(page.locator("dialog [role=alert]")).to_have_text("The console refuses the token that it was given.")
        page.keyboard.press("Escape")
        again = page.get_by_role("button", name="Enter it")
        expect(again).to_be_visible()
        # Longer than a refresh of the page: it does not come back by itself.
        page.wait_for_timeout(6000)
        expect(page.locator("dialog[open]")).to_have_count(0)
        again.click()
        field.fill("secret")
        page.keyboard.press("Enter")
        expect(page.locator("tr[data-health]")).to_have_count(1)
        expect(again).to_have_count(0)
        assert page.locator("dialog").count() == 0
    ok("a wrong token is refused in words, and Escape leaves the dialog behind a button")


def main():
    with scene() as it:
        check_places(it)
        check_slug(it)
        check_silence(it)
        check_annotation(it)
        # The refusals, and the part that was away.
        it.watch.forgive(400, 500, 502)
        it.watch.is_clean()
        check_token(it)


if __name__ == "__main__":
    main()
