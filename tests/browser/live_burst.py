"""The console's page of alerts during an error burst at beta, on a running stack: the journey is what the parts say.

    live_burst.py CHROMIUM LEDGER

The stack's addresses are in the environment; LEDGER is the pager's file. Somebody else makes the burst, before or after
this starts: the chaos proof does.
"""

import json
import sys
from pathlib import Path

from playwright.sync_api import expect, sync_playwright

from console_driver import Watch, ok, passed
from pager import FLAGS
from running_stack import CONSOLE, PROMETHEUS, TOKEN, ask, made_up, pages_of, seconds, wait_for
from visit import visit

ALERT, SERVICE, WARNING = "HighErrorRate", "beta", "MadeUpToBeInhibited"
# The alert's `for`, the least time between pending and firing, and the period of evaluations, of which one may be skipped.
FOR, EVALUATION = 120, 15
# Whoever makes the burst waits for a steady stack first. The rate's window and the `for` come after it.
BURST_MS, FIRING_MS, RESOLVED_MS = 420_000, 240_000, 240_000


def stage(journey, name, state):
    found = journey.locator(f"[data-stage='{name}']")
    expect(found).to_have_class(state)
    return found


def at(journey, name):
    return float(journey.locator(f"[data-stage='{name}']").get_attribute("data-at"))


def agree(what, shown, known):
    assert abs(shown - known) < 1, f"{what}: the page shows {shown}, expected {known}"


def in_ledger(ledger, status):
    """The last notification of the alert in this state: when it arrived, and the alert."""
    lines = [json.loads(line) for line in ledger.read_text().splitlines()]
    found = [(line["at"], alert) for line in lines for alert in line.get("alerts", [])
             if (alert["labels"]["alertname"], alert["labels"].get("job"), alert["status"]) == (ALERT, SERVICE, status)]
    return found[-1]


def check_pending(journey):
    expect(journey.locator("[data-stage=Pending].here")).to_be_visible(timeout=BURST_MS)
    labels = {"alertname": ALERT, "job": SERVICE}.items()
    [alert] = [it for it in ask(f"{PROMETHEUS}/api/v1/alerts")["data"]["alerts"] if labels <= it["labels"].items()]
    pending = at(journey, "Pending")
    agree("Pending", pending, seconds(alert["activeAt"]))
    for name in ("Firing", "Alertmanager", "On the pager", "Resolved"):
        stage(journey, name, "ahead")
    ok(f"{ALERT} of {SERVICE} is pending since when Prometheus says")
    return pending


def check_firing(journey, ledger, pending):
    expect(journey.locator("[data-stage='On the pager'].done")).to_be_visible(timeout=FIRING_MS)
    arrived, alert = in_ledger(ledger, "firing")
    firing = at(journey, "Firing")
    agree("Firing", firing, seconds(alert["starts_at"]))
    agree("On the pager", at(journey, "On the pager"), seconds(arrived))
    agree("Pending", at(journey, "Pending"), pending)
    assert FOR <= firing - pending <= FOR + 2 * EVALUATION, (pending, firing)
    for name, state in [("Pending", "done"), ("Firing", "done"), ("Alertmanager", "done"), ("Grouped", "done"), ("Resolved", "ahead")]:
        stage(journey, name, state)
    ok(f"it fires {firing - pending:.0f} s later, and is on the pager, at the times of the pager's ledger")


def check_inhibited(page):
    with made_up({"alertname": WARNING, "job": SERVICE, "severity": "warning"}):
        journey = page.locator(f".journey[data-alert={WARNING}]")
        expect(stage(journey, "Inhibited", "held")).to_contain_text(f"by {ALERT} (")
        stage(journey, "On the pager", "ahead")
    assert not pages_of(alertname=WARNING), "the inhibited warning is on the pager"
    ok(f"a warning of {SERVICE} is inhibited, by {ALERT}")


def check_resolved(page, ledger, pending):
    wait_for(f"{ALERT} is over", RESOLVED_MS / 1000, lambda: pages_of(alertname=ALERT, job=SERVICE)[0]["ended_at"])
    past = page.locator("section", has_text="Resolved alerts").locator(f".journey[data-alert={ALERT}][data-job={SERVICE}]").first
    stage(past, "Resolved", "done")
    arrived, alert = in_ledger(ledger, "resolved")
    agree("Pending", at(past, "Pending"), pending)
    agree("Firing", at(past, "Firing"), seconds(alert["starts_at"]))
    agree("Resolved", at(past, "Resolved"), seconds(alert["ends_at"]))
    assert not pages_of(alertname=WARNING), "the inhibited warning is on the pager"
    ok(f"it was resolved {seconds(arrived) - pending:.0f} s after it was pending, at the time of the ledger")


def main():
    chromium, ledger = sys.argv[1], Path(sys.argv[2])
    with sync_playwright() as playwright:
        expect.set_options(timeout=60_000)
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        page = browser.new_page(viewport={"width": 1440, "height": 1000})
        watch = Watch(page, CONSOLE)
        visit(page, f"{CONSOLE}/#token={TOKEN}")
        visit(page, f"{CONSOLE}/alerts")
        active = page.locator("section", has_text="Active alerts").locator(f".journey[data-alert={ALERT}][data-job={SERVICE}]")
        pending = check_pending(active)
        check_firing(active, ledger, pending)
        check_inhibited(page)
        check_resolved(page, ledger, pending)
        watch.is_clean()
        browser.close()
    print(f"{len(passed)} passed, 0 failed")


if __name__ == "__main__":
    main()
