"""A silence that is made on the console's page of alerts of a running stack holds a page back, and its end lets it through.

    live_silence.py CHROMIUM

The stack's addresses are in the environment. The alerts are made up, and over at the end.
"""

import sys
import time

from playwright.sync_api import expect, sync_playwright

from console_driver import Watch, ok, passed
from pager import FLAGS
from running_stack import ALERTMANAGER, CONSOLE, TOKEN, ask, made_up, pages_of, seconds, wait_for
from visit import visit

ALERT = "MadeUpToBeSilenced"
# Not those of a run before, which the pager remembers.
FIRST, SECOND = (f"{name}-{int(time.time())}" for name in ("first", "second"))
# The group_wait and the group_interval of alertmanager.yml, and a moment: without the silence, the page is there by then.
HELD = 25
PATIENCE = 120


def alert_of(job):
    return made_up({"alertname": ALERT, "job": job, "severity": "warning"})


def card(page, job):
    return page.locator(f".journey[data-alert={ALERT}][data-job={job}]")


def stage_of(page, job, name):
    return card(page, job).locator(f"[data-stage='{name}']")


def make_silence(page):
    card(page, FIRST).get_by_role("button", name="Silence").click()
    # Of this alert of any service.
    page.get_by_label(f'job="{FIRST}"').uncheck()
    page.get_by_label("Why").fill("tested")
    page.get_by_label("Your name").fill("tester")
    page.get_by_role("button", name="Silence", exact=True).last.click()
    silence = page.locator(".silence", has_text=f'alertname="{ALERT}"')
    expect(silence).to_contain_text("tested (tester)")
    expect(silence).not_to_contain_text("job")
    return silence


def end_silences():
    """Those that a failed test has left, which would hold back the next one's alerts."""
    for silence in ask(f"{ALERTMANAGER}/api/v2/silences"):
        if silence["status"]["state"] != "expired" and any(it["value"] == ALERT for it in silence["matchers"]):
            ask(f"{ALERTMANAGER}/api/v2/silence/{silence['id']}", "DELETE")


def check_silence(page, watch):
    visit(page, f"{CONSOLE}/#token={TOKEN}")
    visit(page, f"{CONSOLE}/alerts")
    with alert_of(FIRST):
        wait_for("the first alert on the pager", PATIENCE, lambda: pages_of(alertname=ALERT, job=FIRST))
        silence = make_silence(page)
        with alert_of(SECOND):
            expect(stage_of(page, SECOND, "Silenced")).to_contain_text("tested, by tester, until")
            expect(stage_of(page, SECOND, "Silenced")).to_have_class("held")
            page.wait_for_timeout(1000 * HELD)
            assert not pages_of(alertname=ALERT, job=SECOND), "the silenced alert is on the pager"
            expect(stage_of(page, SECOND, "On the pager")).to_have_class("ahead")
            ok(f"an alert that a silence of the page covers is not on the pager after {HELD} s, and its journey says why")

            ended = time.time()
            silence.get_by_role("button", name="End it").click()
            expect(silence).to_have_count(0)
            expect(stage_of(page, SECOND, "On the pager")).to_have_class("done", timeout=1000 * PATIENCE)
            at = float(stage_of(page, SECOND, "On the pager").get_attribute("data-at"))
            [arrived] = pages_of(alertname=ALERT, job=SECOND)
            assert abs(at - seconds(arrived["delivered_at"])) < 1, (at, arrived)
            assert at > ended, (at, ended)
            ok(f"it is there {at - ended:.0f} s after the silence was ended on the page")
    wait_for("both alerts are over", PATIENCE, lambda: all(it["ended_at"] for it in pages_of(alertname=ALERT)))
    watch.is_clean()


def main():
    with sync_playwright() as playwright:
        expect.set_options(timeout=60_000)
        browser = playwright.chromium.launch(executable_path=sys.argv[1], args=FLAGS)
        page = browser.new_page(viewport={"width": 1440, "height": 1000})
        try:
            check_silence(page, Watch(page, CONSOLE))
        finally:
            end_silences()
        browser.close()
    print(f"{len(passed)} passed, 0 failed")


if __name__ == "__main__":
    main()
