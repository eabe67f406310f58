"""Nothing on the console's pages moves at a refresh, whatever the values become, in a real browser.

    console_shift.py OBSERVER CHROMIUM SCREENSHOTS

As console.py, on the same stand-in.
"""

import sys
import time
from itertools import zip_longest
from pathlib import Path

from playwright.sync_api import sync_playwright

from console_driver import DASHBOARDS, Watch, ok, passed, running_console
from pager import FLAGS
from stand_in import StandIn, iso

# Values of one digit to nine, and of many decimals.
SCALES = [1, 1234.5678, 0.00012, 98765432.1, 3, 9.99, 12]

# What each page shows, part by part.
PAGES = {
    "/d/http-services": ["[data-drawn]"],
    "/d/service-internals": ["[data-drawn]"],
    "/": [".flow", ".places li", "tbody tr", "[aria-label='What fires'] li", "[aria-label='Injected faults'] li"],
    "/alerts": [".journey"],
    "/targets": ["tr[data-health]"],
}

OBSERVE = """
  window.shifts = [];
  new PerformanceObserver((list) => list.getEntries().forEach(({ value, sources }) =>
    window.shifts.push(value.toFixed(5), ...sources.map(({ node, previousRect, currentRect }) =>
      [node?.outerHTML?.slice(0, 120) ?? node?.textContent, JSON.stringify(previousRect), JSON.stringify(currentRect)].join(' ')))))
    .observe({ type: 'layout-shift' })
"""


# What a browser counts as a shift is only what stays in the document. This is where everything is that a reader looks at,
# in its place or replaced: "text of it: x y", of a row that of its first cell.
PLACES = """() => [...document.querySelectorAll('h1, h2, h3, th, section, article, summary, li, tr, button, a, select')]
  .filter((it) => it.checkVisibility())
  .map((it) => {
    const { x, y } = it.getBoundingClientRect();
    const name = it.cells?.[0] ?? it;
    return `${it.tagName} ${name.textContent.replace(/[-+]?[0-9.∞]+.*/s, '').slice(0, 40)}: ${x.toFixed(1)} ${y.toFixed(1)}`;
  })"""


def alerts_of(scale, now):
    """An alert that fires, with its value and its times."""
    labels = {"alertname": "HighErrorRate", "job": "beta", "severity": "page"}
    annotations = {"summary": "beta fails", "description": "It does.", "runbook_url": "http://127.0.0.1:1/HighErrorRate"}
    alert = {"labels": labels, "annotations": annotations, "state": "firing", "activeAt": iso(now - 300), "value": str(scale)}
    rule = {"type": "alerting", "name": "HighErrorRate", "state": "firing", "duration": 120, "health": "ok", "query": "up == 0",
            "lastEvaluation": iso(time.time()), "labels": {"severity": "page"}, "annotations": annotations, "alerts": [alert]}
    known = {"labels": labels, "fingerprint": "f1", "startsAt": iso(now - 180), "updatedAt": iso(time.time()), "annotations": annotations,
             "receivers": [{"name": "page"}], "status": {"state": "active", "inhibitedBy": [], "silencedBy": []}}
    return rule, known


def text_of(page):
    return page.locator("#main").evaluate("(main) => main.textContent")


def settled(page, before=None):
    """Waits until the page says something new, and then nothing newer."""
    deadline = time.monotonic() + 120
    last = before
    while (now := text_of(page)) == before or now != last:
        assert time.monotonic() < deadline, "the page does not settle"
        last = now
        page.wait_for_timeout(250)


def check_still(page, url, stand_in, path, parts):
    """`parts` are what such a page shows, each when its own query has been answered."""
    began = int(time.time())

    def show(scale):
        stand_in.scale = scale
        rule, known = alerts_of(scale, began)
        stand_in.rules, stand_in.alerts = [rule], [known]

    show(SCALES[0])
    page.goto(url + path)
    for part in parts:
        page.locator(part).first.wait_for(state="attached")
    settled(page, "")
    page.evaluate(OBSERVE)
    places = page.evaluate(PLACES)
    for scale in SCALES[1:]:
        before = text_of(page)
        show(scale)
        # A page that is shown again asks at once.
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        settled(page, before)
        moved = [f"{one} -> {other}" for one, other in zip_longest(places, page.evaluate(PLACES)) if one != other]
        assert not moved, f"{path}, values times {scale}:\n" + "\n".join(moved[:12])
    shifts = page.evaluate("window.shifts")
    assert not shifts, f"{path}:\n" + "\n".join(shifts[:12])
    ok(f"nothing moves on {path} while its values change their lengths")


def main():
    observer, chromium = Path(sys.argv[1]), sys.argv[2]
    stand_in = StandIn()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        with running_console(str(observer.with_name("observer-console")), stand_in.url, DASHBOARDS) as url:
            page = browser.new_page(viewport={"width": 1440, "height": 1000})
            watch = Watch(page, url)
            for path, parts in PAGES.items():
                check_still(page, url, stand_in, path, parts)
                watch.is_clean()
        browser.close()
    print(f"{len(passed)} passed, 0 failed")


if __name__ == "__main__":
    main()
