"""Takes the pictures of the README from a running stack, with Chromium.

    pictures.py CHROMIUM FOLDER [PICTURE]

The stack's addresses are in the environment, as for the tests of a running stack. scripts/pictures.sh calls it.
"""

import base64
import signal
import sys
import time
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import expect, sync_playwright

from console_driver import drawn
from pager import FLAGS
from running_stack import CONSOLE, CONTROL, PAGER, PROMETHEUS, TOKEN, ask
from visit import visit

PICTURES = ("faults", "alert", "pager", "dashboard")
MOST_BYTES = 200_000
MARGIN, TALLEST = 20, 1080
# Pixels to a CSS pixel: sharp on the screens of most readers.
SCALE = 1.5
QUALITIES = range(90, 45, -5)
ALERT, SERVICE = "HighErrorRate", "beta"
QUIET = "inactive"
# The burst ends by itself if this program cannot end it.
BURST = {"ping": {"error_ratio": 0.15}, "echo": {"error_ratio": 0.4, "error_status": 503}, "for": "8m"}
# The rate's window, the alert's `for`, an evaluation and Alertmanager's group_wait are half of it.
PATIENCE = 420


def say(line):
    print(f"  {line}", flush=True)


@contextmanager
def error_burst():
    plan = ask(f"{CONTROL}/faults")
    if plan["origin"] == "control":
        sys.exit(f"error: {SERVICE} has a plan of faults already, expected none: curl -X DELETE {CONTROL}/faults")
    if (state := state_of_alert()) != QUIET:
        sys.exit(f"error: {ALERT} of {SERVICE} is {state} already, expected a stack on which it is quiet: it resolves within minutes")
    try:
        ask(f"{CONTROL}/faults", "PUT", BURST)
        say(f"{SERVICE} fails: 15 % of /ping, 40 % of /echo")
        yield
    finally:
        ask(f"{CONTROL}/faults", "DELETE")
        say(f"{SERVICE} works again")


def state_of_alert():
    if any((page["alertname"], page.get("job")) == (ALERT, SERVICE) for page in ask(f"{PAGER}/api/pages")["firing"]):
        return "on the pager"
    alerts = ask(f"{PROMETHEUS}/api/v1/alerts")["data"]["alerts"]
    labels = {"alertname": ALERT, "job": SERVICE}.items()
    return next((alert["state"] for alert in alerts if labels <= alert["labels"].items()), QUIET)


def wait_for_page():
    """Waits until the alert is on the pager; says each state that it comes to."""
    began, last = time.monotonic(), None
    while True:
        state = state_of_alert()
        waited = time.monotonic() - began
        if state != last:
            say(f"{ALERT} is {state} after {waited:.0f} s")
        if state == "on the pager":
            return
        if waited > PATIENCE:
            sys.exit(f"error: after {PATIENCE} s {ALERT} is {state}, expected it on the pager: the console's page of alerts says why")
        last = state
        time.sleep(2)


def take(page, name, folder, last, margin=MARGIN):
    """From the top to the end of `last`, rather than to the middle of something, as it is at the moment.

    As WebP, which Chromium itself writes, in the best quality that is small enough.
    """
    session = page.context.new_cdp_session(page)
    for quality in QUALITIES:
        height = round(bottom_of(last)) + margin
        clip = {"x": 0, "y": 0, "width": page.viewport_size["width"], "height": height, "scale": SCALE}
        parameters = {"format": "webp", "quality": quality, "clip": clip}
        picture = base64.b64decode(session.send("Page.captureScreenshot", parameters)["data"])
        if len(picture) <= MOST_BYTES:
            (folder / f"{name}.webp").write_bytes(picture)
            say(f"{name}.webp: {len(picture) // 1000} KB, quality {quality}")
            return
    sys.exit(f"error: {name}.webp: found {len(picture)} bytes, expected at most {MOST_BYTES}")


def bottom_of(locator):
    box = locator.bounding_box()
    return box["y"] + box["height"]


def take_faults(page, folder):
    page.set_viewport_size({"width": 1100, "height": 1000})
    visit(page, CONTROL)
    if page.locator("#token-form").is_visible():
        page.locator("#token").fill(TOKEN)
        page.get_by_role("button", name="Use token").click()
    expect(page.locator("#active-plan")).to_contain_text("active")
    # The effect is that of the last ten seconds.
    page.wait_for_timeout(12_000)
    take(page, "faults", folder, page.get_by_role("button", name="Activate"))


def take_alert(page, folder):
    page.set_viewport_size({"width": 1360, "height": 1000})
    visit(page, f"{CONSOLE}/alerts")
    expect(page.locator(f".journey[data-alert={ALERT}] [data-stage='On the pager'].done").first).to_be_visible()
    take(page, "alert", folder, page.locator("[data-rule]").nth(3), margin=0)


def take_pager(page, folder):
    page.set_viewport_size({"width": 1100, "height": 1000})
    visit(page, PAGER)
    expect(page.locator("#firing")).to_contain_text(ALERT)
    take(page, "pager", folder, page.locator("main"))


def take_dashboard(page, folder):
    page.set_viewport_size({"width": 1440, "height": 1200})
    # Without the time before the stack was started.
    samples = ask(f"{PROMETHEUS}/api/v1/query?query=time()-min(min_over_time(timestamp(up)[15m:15s]))")
    minutes = max(1, round(float(samples["data"]["result"][0]["value"][1]) / 60))
    visit(page, f"{CONSOLE}/d/http-services?var-service={SERVICE}&from=now-{minutes}m&to=now&refresh=")
    drawn(page)
    last = max((panel for panel in page.locator(".panel").all() if bottom_of(panel) <= TALLEST), key=bottom_of)
    take(page, "dashboard", folder, last, margin=4)


TAKERS = {"faults": take_faults, "alert": take_alert, "pager": take_pager, "dashboard": take_dashboard}


def main():
    chromium, folder, wanted = sys.argv[1], Path(sys.argv[2]), sys.argv[3:] or PICTURES
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    expect.set_options(timeout=20_000)
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS, handle_sigint=False, handle_sigterm=False)
        context = browser.new_context(color_scheme="dark", device_scale_factor=SCALE, reduced_motion="reduce")
        page = context.new_page()
        visit(page, f"{CONSOLE}/#token={TOKEN}")
        if wanted == ["dashboard"]:
            take_dashboard(page, folder)
        else:
            with error_burst():
                if "faults" in wanted:
                    take_faults(page, folder)
                wait_for_page()
                for name in PICTURES[1:]:
                    if name in wanted:
                        TAKERS[name](page, folder)
        browser.close()


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
