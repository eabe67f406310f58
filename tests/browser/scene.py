"""A page of the console in a browser, with a stand-in for each part of the stack."""

import sys
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from console_driver import DASHBOARDS, Watch, passed, running_console
from pager import FLAGS, PATIENCE_MS
from stand_in import StandIn


@dataclass
class Scene:
    page: Page
    watch: Watch
    url: str
    browser: Browser
    prometheus: StandIn
    alertmanager: StandIn
    pager: StandIn
    # Of the dashboards.
    folder: Path
    binary: str

    def refreshed(self, path):
        """Waits until the page has shown anew what this path of the API answers."""
        # It asks again only when it has shown the last answer.
        for _ in range(2):
            with self.page.expect_request(lambda request: path in request.url):
                pass


@contextmanager
def scene():
    """The scene of a test that is called as console.py."""
    observer, chromium = Path(sys.argv[1]), sys.argv[2]
    expect.set_options(timeout=3 * PATIENCE_MS)
    binary = str(observer.with_name("observer-console"))
    prometheus, alertmanager, pager = StandIn(), StandIn(), StandIn()
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        folder = Path(scratch)
        for file in DASHBOARDS.glob("*.json"):
            (folder / file.name).write_text(file.read_text())
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        with running_console(binary, prometheus.url, folder, f"--link=pager={pager.url}",
                             alertmanager=alertmanager.url, pager=pager.url) as url:
            page = browser.new_page(viewport={"width": 1440, "height": 1000})
            yield Scene(page, Watch(page, url), url, browser, prometheus, alertmanager, pager, folder, binary)
        browser.close()
    print(f"{len(passed)} passed, 0 failed")
