"""The runbooks of the running stack in a real browser: every alert's link opens, and its queries have data.

    runbooks.py PAGER PROMETHEUS CHROMIUM SCREENSHOTS

PAGER and PROMETHEUS are URLs, CHROMIUM the browser's program, SCREENSHOTS a folder. A query without data must say so: the
paragraph before it contains the word "empty". ci/runbooks-test.sh calls it with all of them.
"""

import json
import sys
import time
import urllib.parse
import urllib.request
from pathlib import Path

from playwright.sync_api import sync_playwright

from pager import FLAGS
from visit import DROPPED, visit

# What a rule writes for the URL of the runbooks.
BASE = "{{ $externalLabels.runbooks }}"


def ask(prometheus, path, **parameters):
    """An answer of Prometheus' API."""
    url = f"{prometheus}/api/v1/{path}?{urllib.parse.urlencode(parameters)}"
    with urllib.request.urlopen(url) as reply:
        return json.load(reply)["data"]


def runbook_urls(pager, prometheus):
    """The runbook's URL of each alert, as Prometheus renders it; the Watchdog, which always fires, shows how."""
    firing = ask(prometheus, "alerts")["alerts"]
    [watchdog] = [alert for alert in firing if alert["labels"]["alertname"] == "Watchdog"]
    base = watchdog["annotations"]["runbook_url"].removesuffix("/Watchdog")
    urls = {"MonitoringDown": f"{pager}/runbooks/MonitoringDown"}
    for group in ask(prometheus, "rules", type="alert")["groups"]:
        for rule in group["rules"]:
            urls[rule["name"]] = rule["annotations"]["runbook_url"].replace(BASE, base)
    for alert in firing:
        assert alert["annotations"]["runbook_url"] == urls[alert["labels"]["alertname"]], alert
    return urls


def has_data(prometheus, expr):
    """Waits for two minutes, too: a subquery by the minute has its first value at the next full one."""
    for _ in range(120):
        if ask(prometheus, "query", query=expr)["result"]:
            return True
        time.sleep(1)
    return False


def check_queries(page, prometheus, name):
    """How many queries the page has. Each has data or says that it may be empty, and its link opens."""
    queries = page.locator("pre:has(code.language-promql)")
    for index in range(queries.count()):
        query = queries.nth(index)
        expr = query.inner_text().strip()
        lead = query.locator("xpath=preceding-sibling::*[1]").inner_text()
        assert "empty" in lead.lower() or has_data(prometheus, expr), f"{name}: no data, and nothing says why: {expr}"
        link = query.locator("xpath=following-sibling::*[1]").get_by_role("link").get_attribute("href")
        shown = urllib.parse.parse_qs(urllib.parse.urlsplit(link).query)["g0.expr"]
        assert shown == [expr], f"{name}: {shown} instead of {expr}"
        assert page.request.get(link).status == 200, f"{name}: {link}"
    return queries.count()


def check_links(page, name):
    """Every other link of the page opens, too."""
    for link in page.get_by_role("main").get_by_role("link").all():
        url = urllib.parse.urljoin(page.url, link.get_attribute("href"))
        assert page.request.get(url).status == 200, f"{name}: {url}"


def check_runbooks(page, pager, prometheus, screenshots):
    problems = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" and DROPPED not in message.text else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    urls = runbook_urls(pager, prometheus)
    count = 0
    for name, url in sorted(urls.items()):
        reply = visit(page, url)
        assert reply.status == 200, f"{name}: {url} answers {reply.status}"
        assert page.get_by_role("heading", level=1).inner_text() == name
        queries = check_queries(page, prometheus, name)
        assert queries, f"{name} has no query"
        check_links(page, name)
        count += queries
    print(f"ok      the runbooks of {len(urls)} alerts open, and so do their links")
    print(f"ok      {count} queries have data, or say that they are empty")

    visit(page, urls["HighErrorRate"])
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.screenshot(path=screenshots / f"runbook-{scheme}.png", full_page=True)
    assert not problems, problems
    print("ok      the browser has nothing to complain about")

    # The pages of Prometheus are not ours: Debian's have a script that the browser refuses.
    page.get_by_role("link", name="Run in Prometheus").first.click()
    page.wait_for_load_state("networkidle")
    page.screenshot(path=screenshots / "runbook-query.png")
    assert page.url.startswith(prometheus), page.url
    print("ok      a click runs a query in Prometheus")

    assert visit(page, f"{pager}/runbooks/HighErrorRat").status == 404
    page.get_by_role("link", name="HighErrorRate").click()
    assert page.get_by_role("heading", level=1).inner_text() == "HighErrorRate"
    print("ok      an unknown name is answered with links to those that are there")

    return 5


def main():
    pager, prometheus, chromium, screenshots = sys.argv[1], sys.argv[2], sys.argv[3], Path(sys.argv[4])
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        passed = check_runbooks(browser.new_page(viewport={"width": 1000, "height": 800}), pager, prometheus, screenshots)
        browser.close()
    print(f"{passed} passed, 0 failed")


if __name__ == "__main__":
    main()
