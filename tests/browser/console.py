"""The console's pages in a real browser, on a stand-in for the parts of the stack.

    console.py OBSERVER CHROMIUM SCREENSHOTS

OBSERVER is the service's binary, beside which the console's is; the rest is as for pager.py, whose ways it shares.
"""

import json
import re
import sys
import tempfile
import time
import urllib.request
from datetime import datetime
from pathlib import Path
from urllib.parse import urlparse

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect, sync_playwright

from console_driver import DASHBOARDS, LINKS, Watch, choose_range, choose_service, drawn, draws, ok, panels_of, passed, running_console, until, zoom
from pager import FLAGS, PATIENCE_MS, notify, running_pager, running_webhook
from stand_in import MARKUP, RUNBOOKS, StandIn, iso, value_at

PAGES = ["/", "/d/http-services", "/explore?expr=up", "/alerts", "/targets"]


def check_dashboards(page, watch, url):
    for file in sorted(DASHBOARDS.glob("*.json")):
        dashboard = json.loads(file.read_text())
        page.goto(f"{url}/d/{dashboard['uid']}?refresh=")
        drawn(page)
        for row in page.locator(".row:not([open]) > summary").all():
            row.click()
        panels = page.locator(".panel")
        expect(panels).to_have_count(len(panels_of(dashboard)))
        for panel in panels.all():
            filled = panel.locator("[data-value], .stat .name, .scatterlayer .trace, .heatmaplayer .hm, .heatmaplayer image, .barlayer .trace")
            expect(filled.first).to_be_attached()
            assert not panel.locator(".warning").count(), panel.inner_text()
        watch.is_clean()
    ok("every panel of every dashboard is drawn, and the browser has nothing to complain about")


def check_stats(page, url):
    page.goto(f"{url}/d/http-services?refresh=")
    drawn(page)
    stats = page.locator(".panel.stat")
    assert stats.count() >= 4
    for stat in stats.all():
        at = float(stat.locator(".stat").get_attribute("data-time"))
        shown = float(stat.locator("[data-value]").first.get_attribute("data-value"))
        assert shown == value_at(at), (shown, value_at(at))
    ok("the number of a stat is what Prometheus answers at its time")


def check_url(page, watch, url):
    page.goto(f"{url}/d/http-services?refresh=")
    drawn(page)
    choose_service(page, watch, "beta")
    page.reload()
    drawn(page)
    assert page.get_by_label("Service", exact=True).input_value() == "beta"
    instance = page.locator(".control", has_text="Instance")
    expect(instance.locator("summary")).to_have_text("All")
    instance.locator("summary").click()
    # Of the time range, without those of long ago.
    assert instance.locator("label").all_inner_texts() == ["All", "beta:1", "beta:2"]
    instance.get_by_label("beta:2").check()
    page.wait_for_url("**var-instance=beta*2**")
    expect(instance.locator("summary")).to_have_text("beta:2")
    instance.get_by_label("beta:1").check()
    page.wait_for_url("**var-instance=beta*1**")
    expect(instance.locator("summary")).to_have_text("beta:1 + beta:2")
    instance.locator("summary").click()
    choose_service(page, watch, "app")
    # An instance of the other service: all of this one's are shown.
    expect(instance.locator("summary")).to_have_text("All")
    until(page, lambda: any('instance=~".*"' in query for query in watch.queries), lambda: watch.queries)
    page.get_by_label("Service", exact=True).select_option("beta")
    choose_range(page, "1 h")
    page.wait_for_url("**from=now-1h**")
    length = zoom(page, 0.3, 0.6)
    assert 900_000 < length < 1_300_000, length
    ok("variables, time range and zoom are in the URL, survive a reload, and the way back undoes them")


def check_links(page, watch, url):
    page.goto(f"{url}/d/http-services?refresh=")
    drawn(page)
    headline = page.locator(".panel", has_text="Error ratio").first
    headline.hover()
    headline.get_by_role("button", name="Links").click()
    runbook = headline.get_by_role("link", name="Runbook HighErrorRate")
    expect(runbook).to_have_attribute("href", f"{RUNBOOKS}/HighErrorRate")
    expect(runbook).to_have_attribute("target", "_blank")
    expect(page.locator(".links").get_by_role("link", name="Runbooks")).to_have_attribute("href", f"{RUNBOOKS}/")
    watch.is_clean()
    ok("a dashboard and a panel show their links, which lead to the runbooks of the stack")


def check_refresh(page, watch, url):
    page.goto(f"{url}/d/http-services?refresh=10s")
    drawn(page)
    dashboard = json.loads((DASHBOARDS / "http-services.json").read_text())
    targets = sum(len(panel["targets"]) for panel in panels_of(dashboard))
    annotations = len(dashboard["annotations"]["list"])
    page.evaluate("""window.shift = 0; new PerformanceObserver((list) => list.getEntries().forEach((it) => { window.shift += it.value }))
        .observe({ type: 'layout-shift' })""")
    watch.queries.clear()
    count = draws(page)
    drawn(page, count + 1)
    assert len(watch.queries) == targets + annotations, (len(watch.queries), targets, annotations)
    drawn(page, count + 2)
    assert page.evaluate("window.shift") == 0, page.evaluate("window.shift")
    ok("a refresh sends one query for each target, and nothing moves")

    page.evaluate("""Object.defineProperty(document, 'hidden', { configurable: true, get: () => true });
        document.dispatchEvent(new Event('visibilitychange'))""")
    page.wait_for_timeout(1000)
    watch.queries.clear()
    page.wait_for_timeout(12_000)
    assert not watch.queries, watch.queries
    page.evaluate("delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))")
    until(page, lambda: watch.queries, lambda: "nothing is asked")
    ok("a hidden page asks nothing, and asks at once when it is shown again")
    watch.is_clean()


def check_away(page, watch, url, stand_in):
    page.goto(f"{url}/d/http-services?refresh=5s")
    drawn(page)
    stand_in.stop()
    expect(page.locator(".notice", has_text="Prometheus refuses connections. Since")).to_be_visible()
    panel = page.locator(".panel.timeseries").first
    expect(panel).to_have_class(re.compile("stale"))
    assert panel.locator(".trace").count(), "the old drawing is gone"
    stand_in.start()
    expect(page.locator(".notice")).to_have_count(0)
    expect(panel).not_to_have_class(re.compile("stale"))
    stand_in.stop()
    page.goto(f"{url}/d/http-services?refresh=5s")
    expect(panel.locator(".state")).to_contain_text("refuses connections")
    stand_in.start()
    expect(panel.locator(".trace").first).to_be_attached()
    expect(page.locator("#var-service option")).to_have_count(2)
    page.goto(f"{url}/alerts")
    expect(page.locator("[data-rule]").first).to_be_visible()
    stand_in.stop()
    for part in ("Prometheus", "Alertmanager", "the pager"):
        expect(page.locator(".notice", has_text=f"{part} refuses")).to_be_visible()
    assert page.locator("[data-rule]").count(), "the rules are gone"
    stand_in.start()
    expect(page.locator(".notice")).to_have_count(0)
    watch.forgive(502)
    ok("parts that are away are named with since when, what was there stays in grey, and all recovers")


def of_jobs(**values):
    return [({"job": job}, value) for job, value in values.items()]


def check_start(page, watch, url, stand_in):
    stand_in.vectors = {
        "(up)": of_jobs(app=1, beta=1, prometheus=1),
        "job:http_requests:rate1m": of_jobs(app=30, beta=20),
        "job:http_request_failures": of_jobs(app=0.004, beta=0.25),
        "http_client_requests_total": [({"job": "app", "peer": "beta"}, 6), ({"job": "beta", "peer": "app"}, 5)],
        'outcome!="ok"': of_jobs(app=0, beta=0),
        "db_client_operation_duration_seconds_count": of_jobs(app=2, beta=3),
        "observer_ready": of_jobs(app=1, beta=1),
        "fault_plan_in_force": [({"job": "app", "origin": "startup"}, 1), ({"job": "beta", "origin": "control"}, 1)],
        "fault_delay_seconds": [
            ({"__name__": "fault_error_ratio", "job": "app", "path": "/ping"}, 0.005),
            *(({"__name__": "fault_delay_seconds", "job": "app", "path": "/ping", "bound": bound}, value) for bound, value in (("lower", 0.005), ("upper", 0.15))),
            *(({"__name__": "fault_delay_seconds", "job": "beta", "path": "/counter", "bound": bound}, 2) for bound in ("lower", "upper")),
            ({"__name__": "fault_hang_ratio", "job": "beta", "path": "/counter"}, 0.25), ({"__name__": "fault_error_ratio", "job": "beta", "path": "/counter"}, 0.5),
            ({"__name__": "fault_drop_ratio", "job": "beta", "path": "/echo"}, 0.1),
        ],
        "ALERTS": [({"alertname": "HighErrorRate", "alertstate": "firing", "job": "beta"}, 1), ({"alertname": "HighLatency", "alertstate": "pending", "job": "app"}, 1)],
    }
    stand_in.pages["firing"] = [{"alertname": "HighErrorRate"}]
    page.goto(url)
    running = page.get_by_role("region", name="What runs")
    for row in ("app healthy", "beta healthy", "postgres healthy", "load 39 req/s make load", "faults of app start-up plan", "faults of beta changed plan", "prometheus healthy"):
        expect(running.get_by_role("row", name=row)).to_be_visible()
    nodes = {"Load": ["39.0 req/s"], "app": ["30.0 req/s", "0.40% errors"], "beta": ["20.0 req/s", "25.00% errors"], "Postgres": ["5.0 ops/s", "0.00% errors"]}
    for title, lines in nodes.items():
        assert page.locator(".flow .node", has_text=title).locator("text").all_text_contents() == [title, *lines]
    assert page.locator(".flow .edge text").all_text_contents() == ["25.0 req/s", "14.0 req/s", "6.0 req/s", "5.0 req/s", "2.0 ops/s", "3.0 ops/s"]
    assert page.locator(".flow .bad .title").all_text_contents() == ["beta"]
    firing = page.get_by_role("region", name="What fires")
    assert [" ".join(line.split()) for line in firing.get_by_role("listitem").all_inner_texts()] == ["firing HighErrorRate beta", "pending HighLatency app"]
    expect(firing).to_contain_text("the heartbeat reaches the pager 1 on the pager")
    faults = page.get_by_role("region", name="Injected faults")
    assert [line.split("\n") for line in faults.get_by_role("listitem").all_inner_texts()] == [
        ["app start-up plan", "/ping: 5 ms to 150 ms delay, 0.5% errors"],
        ["beta changed plan", "/counter: 2 s delay, 50% errors, 25% hangs", "/echo: 10% dropped connections"],
    ]
    places = page.get_by_role("region", name="Where to go").get_by_role("link")
    found = {place.inner_text(): place.get_attribute("href") for place in places.all()}
    expected = {"Faults of app": LINKS["faults of app"], "Faults of beta": LINKS["faults of beta"], "Pager": LINKS["pager"], "Runbooks": f"{RUNBOOKS}/",
                "Prometheus": LINKS["prometheus"]}
    assert (expected | {"Alerts": "/alerts", "Explore": "/explore", "Targets": "/targets", "HTTP Services": "/d/http-services"}).items() <= found.items(), found
    ok("Start says what runs, how much flows where, what fires, what is injected and where to go")

    stand_in.vectors |= {"observer_ready": of_jobs(app=0, beta=0), 'outcome!="ok"': of_jobs(app=1, beta=1.5), "job:http_requests:rate1m": of_jobs(app=5, beta=6), "ALERTS": []}
    stand_in.pages["firing"] = []
    expect(running.get_by_role("row", name="postgres not ready for app, beta")).to_be_visible()
    expect(running.get_by_role("row", name="load none make load")).to_be_visible()
    expect(page.locator(".flow .bad", has_text="Postgres")).to_contain_text("50.00% errors")
    expect(page.get_by_role("img", name="Postgres does 5.0 ops/s, 50.00% errors, and is not ready for app, beta.")).to_be_visible()
    expect(firing).to_contain_text("Nothing fires")
    ok("Start shows that Postgres is away, that there is no load, and that nothing fires any more")
    stand_in.vectors = {}
    watch.is_clean()


def check_targets(page, watch, url, stand_in):
    stand_in.vectors = {"scrape_samples_scraped": [({"job": "app", "instance": MARKUP}, 1234)]}
    page.goto(f"{url}/targets")
    cells = page.locator("tr[data-health=down] td")
    expect(cells).to_have_count(8)
    assert cells.all_inner_texts()[:4] == ["app", MARKUP, "down", f"javascript:{MARKUP}"]
    assert cells.all_inner_texts()[5:] == ["10 ms", "1.23 K", f"refused {MARKUP}"]
    expect(page.get_by_role("region", name="Targets")).to_contain_text("1 of 1 are not up")
    stand_in.vectors = {}
    watch.is_clean()
    ok("Targets shows of each its last error, how long the last scrape took, and how many samples it gave")


def stage(page, alert, name):
    return page.locator(f".journey[data-alert='{alert}'] [data-stage='{name}']").first


def check_alerts(page, watch, url, stand_in):
    now = int(time.time())
    rule = {"type": "alerting", "health": "ok", "lastEvaluation": iso(now), "query": "up == 0", "labels": {"severity": "page"}}
    burst = {"alertname": "HighErrorRate", "job": "beta", "severity": "page"}
    slow = {"alertname": "HighLatency", "job": "beta", "severity": "warning"}
    annotations = {"summary": f"beta fails {MARKUP}", "description": MARKUP, "runbook_url": "javascript:window.pwned=1"}
    stand_in.rules = [
        rule | {"name": "HighErrorRate", "state": "firing", "duration": 120, "annotations": annotations,
                "alerts": [{"labels": burst, "annotations": annotations, "state": "firing", "activeAt": iso(now - 300), "value": "0.5"}]},
        rule | {"name": "HighLatency", "state": "firing", "duration": 60, "annotations": annotations,
                "alerts": [{"labels": slow, "annotations": annotations, "state": "firing", "activeAt": iso(now - 200), "value": "0.9"}]},
        rule | {"name": "Slow", "state": "pending", "duration": 3600, "annotations": annotations,
                "alerts": [{"labels": burst | {"alertname": "Slow"}, "annotations": annotations, "state": "pending", "activeAt": iso(now - 60), "value": "1"}]},
    ]
    status = {"state": "active", "inhibitedBy": [], "silencedBy": []}
    common = {"annotations": annotations, "updatedAt": iso(now - 10)}
    stand_in.alerts = [
        common | {"labels": burst, "fingerprint": "f1", "startsAt": iso(now - 180), "status": status, "receivers": [{"name": "page"}]},
        common | {"labels": slow, "fingerprint": "f2", "startsAt": iso(now - 140), "receivers": [{"name": "warning"}],
                  "status": {"state": "suppressed", "inhibitedBy": ["f1"], "silencedBy": []}},
    ]
    page_of = {"instance": "", "summary": MARKUP, "description": "", "runbook_url": "", "ended_at": None, "resolution_delivered_at": None}
    stand_in.pages["firing"] = [page_of | {"alertname": "HighErrorRate", "severity": "page", "job": "beta",
                                           "started_at": iso(now - 180), "delivered_at": iso(now - 175)}]
    stand_in.pages["history"] = [page_of | {
        "alertname": "HighLatency", "severity": "warning", "job": "app", "started_at": iso(now - 900), "delivered_at": iso(now - 895),
        "ended_at": iso(now - 600), "resolution_delivered_at": iso(now - 590)}]
    stand_in.pending = [{"metric": {"alertname": "HighLatency", "job": "app"}, "value": [now, str(now - 960)]}]

    page.goto(f"{url}/alerts")
    for alert, name, at in [("HighErrorRate", "Pending", now - 300), ("HighErrorRate", "Firing", now - 180), ("HighErrorRate", "On the pager", now - 175),
                            ("HighLatency", "Pending", now - 200), ("HighLatency", "Firing", now - 140)]:
        expect(stage(page, alert, name)).to_have_attribute("data-at", str(at))
    expect(stage(page, "HighLatency", "Inhibited")).to_contain_text("by HighErrorRate")
    expect(stage(page, "HighLatency", "Inhibited")).to_have_class("held")
    expect(stage(page, "HighErrorRate", "Grouped")).to_contain_text('alertname="HighErrorRate"')
    expect(stage(page, "HighErrorRate", "Grouped")).to_contain_text("to page")
    expect(stage(page, "Slow", "Pending")).to_contain_text("of 1 h")
    past = page.locator("section", has_text="Resolved alerts").locator(".journey")
    for name, at in [("Pending", now - 960), ("Firing", now - 900), ("On the pager", now - 895), ("Resolved", now - 600)]:
        expect(past.locator(f"[data-stage='{name}']")).to_have_attribute("data-at", str(at))
    expect(page.locator("article", has_text=MARKUP).first).to_be_visible()
    assert page.locator("a[href^=javascript]").count() == 0
    ok("the journey of each alert has the times that the parts say, and what holds it")

    page.locator(".journey[data-alert=HighErrorRate]").get_by_role("button", name="Silence").click()
    page.get_by_label("Why").fill(f"planned {MARKUP}")
    page.get_by_label("Your name").fill("tester")
    page.get_by_role("button", name="Silence", exact=True).last.click()
    made = page.locator(".silence", has_text="planned <img")
    expect(made).to_contain_text('alertname="HighErrorRate", job="beta"')
    assert {(matcher["name"], matcher["value"]) for matcher in stand_in.silences[0]["matchers"]} == {("alertname", "HighErrorRate"), ("job", "beta")}
    made.get_by_role("button", name="End it").click()
    expect(made).to_have_count(0)
    assert stand_in.silences[0]["status"]["state"] == "expired"
    ok("a silence is made and ended")
    watch.is_clean()


def check_forwarded(page, observer, binary, upstream, folder):
    with running_webhook() as webhook, running_pager(observer, webhook) as pager, running_console(binary, upstream, folder, pager=pager) as url:
        notify(pager, "firing", "HighErrorRate", "page", "what the webhook refuses")
        notify(pager, "firing", "InstanceDown", "page", "what it takes")
        page.goto(f"{url}/alerts")
        for alert, state, words in [("HighErrorRate", "held", "refused by the webhook"), ("InstanceDown", "done", "delivered")]:
            expect(stage(page, alert, "Forwarded")).to_have_class(state)
            expect(stage(page, alert, "Forwarded")).to_contain_text(words)
            assert shown_at(page, alert, "Forwarded") == forwarding_since(pager, alert)
    ok("of a page that is forwarded, the journey says what the receiver made of it, and when")

    for retry_for, alert, state, words in [("24h", "InstanceDown", "here", "on its way since"), ("1s", "HighErrorRate", "held", "given up")]:
        # Port 9, discard: nobody listens there.
        with running_pager(observer, "http://127.0.0.1:9/", f"--forward-retry-for={retry_for}") as pager, \
                running_console(binary, upstream, folder, pager=pager) as url:
            notify(pager, "firing", alert, "page", "what nobody takes")
            page.goto(f"{url}/alerts")
            expect(stage(page, alert, "Forwarded")).to_have_class(state)
            expect(stage(page, alert, "Forwarded")).to_contain_text(words)
            since = forwarding_since(pager, alert)
            if state == "here":
                expect(stage(page, alert, "Forwarded")).to_contain_text(time.strftime("%H:%M:%S", time.localtime(since)))
                assert since == seconds(pages_of(pager, alert)["delivered_at"])
            else:
                assert shown_at(page, alert, "Forwarded") == since > seconds(pages_of(pager, alert)["delivered_at"])
    ok("a page that nobody takes is on its way since it was on the pager, and in the end given up")


def pages_of(pager, alert):
    with urllib.request.urlopen(f"{pager}/api/pages") as reply:
        return next(page for page in json.load(reply)["firing"] if page["alertname"] == alert)


def forwarding_since(pager, alert):
    return seconds(pages_of(pager, alert)["forwarding"]["firing_since"])


def seconds(text):
    """A time of the pager's, to the millisecond, as browsers know them."""
    at = datetime.fromisoformat(text)
    return at.replace(microsecond=at.microsecond // 1000 * 1000).timestamp()


def shown_at(page, alert, name):
    return float(stage(page, alert, name).get_attribute("data-at"))


def check_explore(page, watch, url):
    page.goto(f"{url}/explore")
    field = page.get_by_label("PromQL")
    field.fill("up")
    field.press("Enter")
    expect(page.locator(".graph .trace")).to_have_count(2)
    expect(page.locator(".result tbody tr")).to_have_count(2)
    field.fill(f"sum(({MARKUP}")
    field.press("Enter")
    expect(page.locator("#refused")).to_contain_text(f"unclosed left parenthesis in \"sum(({MARKUP}")
    page.go_back()
    assert field.input_value() == "up"
    watch.forgive(400)
    ok("Explore draws a query, repeats Prometheus' words, and its history is the browser's")


def check_foreign_dashboards(page, watch, url, folder, stand_in):
    panel = {"id": 1, "type": "timeseries", "title": MARKUP, "description": MARKUP, "gridPos": {"x": 0, "y": 0, "w": 12, "h": 8}, "options": {"sparkles": True},
             "targets": [{"refId": "A", "expr": f'up{{path="{MARKUP}"}}', "legendFormat": "{{path}} " + MARKUP}],
             "fieldConfig": {"defaults": {"custom": {"axisLabel": MARKUP}}, "overrides": []}}
    choice = {"name": "choice", "type": "custom", "query": f"one,two,{MARKUP}", "multi": True, "includeAll": True, "current": {"value": "$__all"}}
    note = {"name": MARKUP, "enable": True, "expr": "ALERTS", "titleFormat": "{{alertname}}", "iconColor": "red"}
    stand_in.annotated = [{"alertname": MARKUP}]
    dashboard = {"uid": "foreign", "title": MARKUP, "description": MARKUP, "templating": {"list": [choice]}, "annotations": {"list": [note]},
                 "panels": [panel, panel | {"id": 2, "type": "candlestick", "gridPos": {"x": 12, "y": 0, "w": 12, "h": 8}},
                            panel | {"id": 3, "title": "$choice", "gridPos": {"x": 0, "y": 8, "w": 24, "h": 8},
                                     "targets": [{"refId": "A", "expr": 'up{a=~"$choice"}'}]}]}
    (folder / "foreign.json").write_text(json.dumps(dashboard))
    (folder / "broken.json").write_text('{\n  "title": \n}')
    page.goto(f"{url}/d/foreign")
    drawn(page)
    expect(page.locator("h1")).to_have_text(MARKUP)
    first = page.locator(".panel").first
    expect(first.locator("h3")).to_have_text(MARKUP)
    expect(first.locator(".legend button").first).to_contain_text(MARKUP)
    box = first.locator(".chart").bounding_box()
    page.mouse.move(box["x"] + 0.4 * box["width"], box["y"] + 40)
    expect(first.locator(".tooltip")).to_contain_text(MARKUP)
    expect(first.locator(".tooltip .note")).to_contain_text(MARKUP)
    first.get_by_role("button", name="What is not drawn").click()
    expect(first.locator(".overlay").first).to_contain_text("options.sparkles")
    expect(page.locator(".undrawable")).to_contain_text("type: found 'candlestick'")
    expect(page.locator(".problems")).to_contain_text("broken.json, line 3:")
    page.get_by_role("button", name="Show the query").last.click(force=True)
    expect(page.locator("dialog pre")).to_contain_text("(one|two|")
    page.keyboard.press("Escape")
    ok("what is not drawn is named: an option, a type, a file with its line")

    (folder / "foreign.json").write_text(json.dumps(dashboard | {"title": "Changed"}))
    page.goto(f"{url}/d/foreign")
    expect(page.locator("h1")).to_have_text("Changed")
    for path in ("/", "/targets", "/explore?expr=" + "up", "/d/foreign"):
        page.goto(url + path)
        page.wait_for_timeout(800)
        assert page.evaluate("window.pwned") is None, path
        assert page.locator("img").count() == 0, path
    watch.is_clean()
    ok("markup in titles, labels, annotations and errors stays text")


def check_accessibility(browser, url):
    for scheme in ("dark", "light"):
        page = browser.new_page(viewport={"width": 1280, "height": 800}, color_scheme=scheme, bypass_csp=True)
        for path in PAGES:
            page.goto(url + path)
            page.wait_for_timeout(1200)
            found = Axe().run(page).response["violations"]
            serious = [(issue["id"], [node["html"][:160] for node in issue["nodes"][:3]]) for issue in found if issue["impact"] in ("serious", "critical")]
            assert not serious, (path, scheme, serious)
        page.close()
    ok("axe finds no serious issue on any page, dark or light")


def check_token(browser, binary, upstream, folder):
    with running_console(binary, upstream, folder, "--token=secret") as url:
        page = browser.new_context().new_page()
        page.goto(f"{url}/targets")
        page.get_by_label("Token of this console").fill("wrong")
        page.keyboard.press("Enter")
        page.get_by_label("Token of this console").fill("secret")
        page.keyboard.press("Enter")
        expect(page.locator("tr[data-health]")).to_have_count(1)
        page = browser.new_context().new_page()
        page.goto(f"{url}/#token=secret")
        expect(page.get_by_role("row", name="prometheus healthy")).to_be_visible()
        assert "secret" not in page.url
    ok("a console with a token asks for it, or takes it from the URL, which forgets it")


def check_widths(browser, url, screenshots):
    for width in (360, 768, 1440, 2560):
        page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme="dark" if width != 768 else "light")
        for path in PAGES:
            page.goto(url + path)
            page.wait_for_timeout(900)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (path, width, page.evaluate("document.documentElement.scrollWidth"))
            page.screenshot(path=screenshots / f"console-{urlparse(path).path.strip('/').replace('/', '-') or 'start'}-{width}.png", full_page=True)
        page.close()
    ok("no page is wider than the window, from 360 to 2560 pixels")


def main():
    observer, chromium, screenshots = Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3])
    expect.set_options(timeout=2 * PATIENCE_MS)
    binary = str(observer.with_name("observer-console"))
    stand_in = StandIn()
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        folder = Path(scratch)
        for file in DASHBOARDS.glob("*.json"):
            (folder / file.name).write_text(file.read_text())
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        with running_console(binary, stand_in.url, folder) as url:
            page = browser.new_page(viewport={"width": 1440, "height": 1000})
            watch = Watch(page, url)
            check_dashboards(page, watch, url)
            check_stats(page, url)
            check_url(page, watch, url)
            check_links(page, watch, url)
            check_refresh(page, watch, url)
            check_start(page, watch, url, stand_in)
            check_targets(page, watch, url, stand_in)
            check_alerts(page, watch, url, stand_in)
            check_explore(page, watch, url)
            check_accessibility(browser, url)
            check_widths(browser, url, screenshots)
            check_away(page, watch, url, stand_in)
            check_foreign_dashboards(page, watch, url, folder, stand_in)
        check_token(browser, binary, stand_in.url, folder)
        check_forwarded(browser.new_page(), str(observer), binary, stand_in.url, folder)
        browser.close()
    print(f"{len(passed)} passed, 0 failed")


if __name__ == "__main__":
    main()
