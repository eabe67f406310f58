"""The page of the faults in a real browser: what is put there happens, and is shown.

    faults.py OBSERVER CHROMIUM SCREENSHOTS

As pager.py, whose ways it shares.
"""

import json
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import expect, sync_playwright

from pager import FLAGS, PATIENCE_MS


@contextmanager
def running_service(observer, *flags):
    """The URLs of a service without a database: its own, and that of its control listener."""
    command = [
        observer, "serve", "--name=beta", "--listen=127.0.0.1:0", "--control-listen=127.0.0.1:0", "--log-format=json",
        "--database-url=postgres://observer@127.0.0.1:1/observer", "--echo-error-ratio=0", *flags,
    ]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        addresses = {}
        while len(addresses) < 2:
            line = json.loads(process.stderr.readline())
            if "address" in line:
                addresses[line["message"]] = "http://" + line["address"]
        # What it goes on to say must not fill the pipe.
        threading.Thread(target=process.stderr.read, daemon=True).start()
        yield addresses["serving"], addresses["taking control of the faults"]
    finally:
        process.terminate()
        process.wait(10)


@contextmanager
def requests_to(url):
    """Twenty requests a second, for as long as it takes."""
    over = threading.Event()

    def ask():
        while not over.wait(0.05):
            try:
                urllib.request.urlopen(url, timeout=5).read()
            except urllib.error.HTTPError:
                pass

    asking = threading.Thread(target=ask)
    asking.start()
    try:
        yield
    finally:
        over.set()
        asking.join()


def slide(slider, percent):
    """As a hand would, a slider has no fill()."""
    slider.evaluate(
        "(it, value) => { it.value = value; it.dispatchEvent(new Event('input', { bubbles: true })); }", str(percent)
    )


def check_control(page, control, screenshots):
    problems = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(control)
    status = page.locator("#active-plan")
    expect(status).to_have_text("The start-up plan is active")
    echo, ping = page.get_by_role("group", name="/echo"), page.get_by_role("group", name="/ping")
    expect(ping.get_by_label("Delay")).to_have_value("uniform:5ms:150ms")
    expect(page.get_by_role("button", name="Restore the start-up plan")).to_be_disabled()
    print("ok      the start-up plan is shown")

    effect = page.locator("section", has=echo).locator(".stats")
    expect(effect).to_contain_text("0.0 %")
    slide(echo.get_by_role("slider", name="Errors"), 100)
    expect(echo.locator("output").first).to_have_text("100.0 %")
    echo.get_by_label("Status of errors").select_option("503")
    ping.get_by_label("Delay").fill("soon")
    page.get_by_role("button", name="Activate").click()
    expect(page.get_by_role("alert")).to_contain_text("ping.delay: found \"soon\"")
    expect(status).to_have_text("The start-up plan is active")
    print("ok      what is wrong with a plan is said in place, and nothing changes")

    ping.get_by_label("Delay").fill("none")
    page.get_by_label("For").fill("10m")
    page.get_by_role("button", name="Activate").click()
    expect(status).to_contain_text("A plan set here is active, for another 9 min")
    expect(page.get_by_role("alert")).to_be_hidden()
    expect(effect).to_contain_text("503:")
    expect(effect.locator(".bad")).to_be_visible()
    page.screenshot(path=screenshots / "faults.png", full_page=True)
    print("ok      an activated plan has its effect, which is shown beside it")

    page.get_by_role("button", name="Restore the start-up plan").click()
    expect(status).to_have_text("The start-up plan is active")
    expect(ping.get_by_label("Delay")).to_have_value("uniform:5ms:150ms")
    expect(effect).to_contain_text("200:")
    print("ok      the start-up plan can be restored")

    page.set_viewport_size({"width": 400, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "the page is too wide"
    page.screenshot(path=screenshots / "faults-narrow.png", full_page=True)
    print("ok      it fits a narrow screen")

    assert not problems, problems
    print("ok      the browser has nothing to complain about")
    return 6


def check_token(page, control):
    page.goto(control)
    expect(page.locator("#active-plan")).to_have_text("The service requires a token")
    page.get_by_label("Token").fill("wrong")
    page.get_by_role("button", name="Use token").click()
    expect(page.get_by_role("alert")).to_have_text("Wrong token.")
    page.get_by_label("Token").fill("right")
    page.get_by_role("button", name="Use token").click()
    expect(page.locator("#active-plan")).to_have_text("The start-up plan is active")
    page.get_by_role("button", name="Activate").click()
    expect(page.locator("#active-plan")).to_contain_text("A plan set here")
    print("ok      where a token is wanted the page asks for it")
    return 1


def main():
    observer, chromium, screenshots = sys.argv[1], sys.argv[2], Path(sys.argv[3])
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        with running_service(observer) as (service, control), requests_to(f"{service}/echo"):
            passed = check_control(browser.new_page(viewport={"width": 1000, "height": 700}), control, screenshots)
        with running_service(observer, "--control-token=right") as (_, control):
            passed += check_token(browser.new_page(), control)
        browser.close()
    print(f"{passed} passed, 0 failed")


if __name__ == "__main__":
    main()
