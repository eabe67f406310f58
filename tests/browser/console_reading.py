"""How a reader works with a dashboard of the console: pointer, legend, overlays, rows, variables, in a real browser.

    console_reading.py OBSERVER CHROMIUM SCREENSHOTS

As console.py, on the same stand-in.
"""

import re
from pathlib import Path

from playwright.sync_api import expect

from console_driver import drawn, draws, ok, passed
from made_dashboards import laid_out, panel, running_site, target
from stand_in import value_at


EXPORTS = Path(__file__).resolve().parents[2] / "crates/console/tests/exports"


def point_at(site, title, share):
    """Moves the pointer to this share of a chart's width. Returns the line's distance from its left edge."""
    box = site.panel(title).locator(".chart").bounding_box()
    site.page.mouse.move(box["x"] + share * box["width"], box["y"] + box["height"] / 2)
    line = site.panel(title).locator(".crosshair")
    expect(line).to_be_visible()
    return line.bounding_box()["x"] - box["x"]


def check_crosshair(site):
    panels = laid_out([panel("One"), panel("Other"), panel("Buckets", "heatmap", [target("sum by (le) (up)")])])
    site.show(panels, graphTooltip=1)
    own = point_at(site, "One", 0.6)
    other = site.panel("Other")
    expect(other.locator(".crosshair")).to_be_visible()
    expect(site.panel("Buckets").locator(".crosshair")).to_be_visible()
    distance = other.locator(".crosshair").bounding_box()["x"] - other.locator(".chart").bounding_box()["x"]
    assert abs(distance - own) < 1, (own, distance)
    expect(site.panel("One").locator(".tooltip")).to_be_visible()
    expect(other.locator(".tooltip")).to_be_hidden()
    site.page.mouse.move(5, 5)
    expect(other.locator(".crosshair")).to_be_hidden()
    site.panel("One").locator(".chart").focus()
    site.page.keyboard.press("ArrowLeft")
    expect(other.locator(".crosshair")).to_be_visible()

    site.show(panels, graphTooltip=0)
    point_at(site, "One", 0.6)
    expect(site.panel("Other").locator(".crosshair")).to_be_hidden()
    ok("the crosshair is at the same time in all charts, if the dashboard wants it")


def check_full_screen(site):
    site.show(laid_out([panel("One"), panel("Other")]))
    before = site.panel("Other").bounding_box()
    site.panel("Other").hover()
    site.panel("Other").get_by_role("button", name="Full screen").click()
    site.page.wait_for_url("**viewPanel=2**")
    expect(site.page.locator(".panel")).to_have_count(1)
    expect(site.panel("Other").locator(".trace").first).to_be_attached()
    assert site.panel("Other").bounding_box()["width"] > 1.8 * before["width"]
    site.page.reload()
    expect(site.page.locator(".panel")).to_have_count(1)
    site.page.get_by_role("button", name="Back to the dashboard").click()
    expect(site.page.locator(".panel")).to_have_count(2)
    assert "viewPanel" not in site.page.url
    site.page.go_back()
    expect(site.page.locator(".panel")).to_have_count(1)
    ok("a panel is shown alone, by a URL that survives a reload, and the way back leads to the others")


def check_description(site):
    site.show(laid_out([panel("One") | {"description": "What it is.\nBad: it rises."}, panel("Without")]))
    site.panel("One").hover()
    button = site.panel("One").get_by_role("button", name="Description")
    button.click()
    region = site.panel("One").get_by_role("region", name="Description")
    expect(region.locator("p")).to_have_text(["What it is.", "Bad: it rises."])
    assert button.get_attribute("aria-expanded") == "true"
    button.click()
    expect(region).to_be_hidden()
    assert site.panel("Without").get_by_role("button", name="Description").count() == 0
    ok("a description is shown over its panel, and hidden again")


def names_drawn(site, title):
    # app is in the first place of the palette, beta in the second.
    colors = {"#56a64b": "app", "#e0a800": "beta"}
    return [colors[trace["line"]["color"]] for trace in site.traces(title)]


def check_legend(site):
    calcs = ["min", "max", "mean", "lastNotNull", "count"]
    table = {"displayMode": "table", "calcs": calcs, "sortBy": "Max", "sortDesc": True}
    site.show(laid_out([panel("Table", options={"legend": table}, decimals=2), panel("None", options={"legend": {"showLegend": False}})]))
    legend = site.panel("Table").locator(".legend")
    expect(legend.locator("th")).to_have_text(["Name", "Min", "Max", "Mean", "Last", "Count"])
    expect(legend.locator("tbody td")).to_have_text(["beta", "2.00", "2.25", "2.13", "2.25", "181.00", "app", "1.00", "1.25", "1.13", "1.25", "181.00"])
    expect(site.panel("None").locator(".legend")).to_be_hidden()

    beta = legend.get_by_role("button", name="beta")
    beta.click()
    assert names_drawn(site, "Table") == ["beta"]
    expect(legend.get_by_role("button", name="app")).to_have_attribute("aria-pressed", "false")
    # Another refresh keeps the choice.
    before = draws(site.page)
    site.page.get_by_role("button", name="Refresh now").click()
    drawn(site.page, before + 1)
    assert names_drawn(site, "Table") == ["beta"]
    low, high = site.layout("Table")["yaxis"]["range"]
    assert 1.5 < low < 2 and high < 2.5, "the axis still holds what is not shown"
    legend.get_by_role("button", name="app").click(modifiers=["Control"])
    assert names_drawn(site, "Table") == ["app", "beta"]
    beta.click()
    beta.click()
    assert names_drawn(site, "Table") == ["app", "beta"]
    ok("a legend calculates and sorts, and shows a series alone, together with another, or all")


def check_rows(site):
    inner = laid_out([panel("Inside")], first=20, top=1)
    rows = [{"id": 10, "type": "row", "title": "Folded", "collapsed": True, "repeat": "instance", "gridPos": {"x": 0, "y": 0, "w": 24, "h": 1}, "panels": inner},
            {"id": 11, "type": "row", "title": "Open", "collapsed": False, "gridPos": {"x": 0, "y": 1, "w": 24, "h": 1}, "panels": []},
            *laid_out([panel("Below", targets=[target("down")])], first=30, top=2)]
    site.watch.queries.clear()
    site.show(rows)
    assert site.watch.queries == ["down"], site.watch.queries
    expect(site.panel("Below").locator(".trace").first).to_be_attached()
    assert site.panel("Inside").count() == 0
    site.page.locator("summary", has_text="Folded").click()
    expect(site.panel("Inside").locator(".trace").first).to_be_attached()
    expect(site.page.locator(".row .problems")).to_contain_text("repeat")
    assert "up" in site.watch.queries
    site.page.locator("summary", has_text="Folded").click()
    expect(site.panel("Inside")).to_be_hidden()
    site.watch.queries.clear()
    before = draws(site.page)
    site.page.get_by_role("button", name="Refresh now").click()
    drawn(site.page, before + 1)
    assert site.watch.queries == ["down"], "a folded row asks for data"
    ok("a folded row asks for nothing, and draws its panels when it is opened")


def check_variables(site):
    custom = {"name": "environment", "type": "custom", "query": r"production : prod, staging : stage, a\,b", "current": {"value": "stage"}}
    every = {"name": "instance", "type": "query", "query": "label_values(up, instance)", "multi": True, "includeAll": True, "allValue": ".*",
             "current": {"value": ["$__all"]}}
    window = {"name": "window", "type": "interval", "query": "1m,5m", "current": {"value": "5m"}}
    one = panel("$environment: $instance in $window", targets=[target('rate(up{env="$environment", instance=~"$instance"}[$window])')])
    site.watch.queries.clear()
    site.show(laid_out([one]), templating={"list": [custom, every, window]})
    expect(site.page.locator(".panel h3")).to_have_text("staging: All in 5m")
    assert site.watch.queries == ['rate(up{env="stage", instance=~".*"}[5m])'], site.watch.queries
    select = site.page.get_by_label("environment")
    expect(select.locator("option")).to_have_text(["production", "staging", "a,b"])
    site.watch.queries.clear()
    select.select_option("production")
    expect(site.page.locator(".panel h3")).to_have_text("production: All in 5m")
    assert "var-environment=prod&" in f"{site.page.url}&"
    assert 'env="prod"' in site.watch.queries[-1]
    site.page.get_by_label("window").select_option("1m")
    expect(site.page.locator(".panel h3")).to_have_text("production: All in 1m")
    ok("variables have the text of the file in menus and titles, and their value in queries")


def check_annotations(site):
    site.stand_in.annotated = [{"alertname": "Burst"}]
    notes = [{"name": "Shown", "enable": True, "expr": "ALERTS", "iconColor": "red"},
             {"name": "At will", "enable": False, "target": {"expr": "ALERTS", "refId": "Anno"}, "iconColor": "purple"},
             {"name": "No choice", "enable": True, "hide": True, "expr": "ALERTS", "iconColor": "blue"}]
    site.show(laid_out([panel("One")]), annotations={"list": notes})

    def shown():
        lines = [shape["line"]["color"] for shape in site.layout("One")["shapes"] if shape["type"] == "line"]
        return [{"#e0342f": "Shown", "#9a5fc4": "At will", "#3f7fd6": "No choice"}[color] for color in lines]

    assert shown() == ["Shown", "No choice"]
    menu = site.page.locator(".menu", has_text="Annotations")
    menu.locator("summary").click()
    expect(menu.locator("label")).to_have_text(["Shown", "At will"])
    for label, checked, expected in [("At will", True, {"Shown", "No choice", "At will"}), ("Shown", False, {"No choice", "At will"})]:
        before = draws(site.page)
        menu.get_by_label(label).set_checked(checked)
        drawn(site.page, before + 1)
        assert set(shown()) == expected, shown()
    ok("an annotation is switched on and off")


def check_values(site):
    site.show(laid_out([panel("One", options={"tooltip": {"mode": "multi", "sort": "desc"}}, unit="s")]))
    site.panel("One").locator(".chart").focus()
    site.page.keyboard.press("ArrowLeft")
    rows = site.panel("One").locator(".tooltip tr")
    expect(rows).to_have_count(2)
    at = site.panel("One").locator(".tooltip p").first.inner_text()
    minute, second = map(int, re.search(r"(\d\d):(\d\d)$", at).groups())
    expected = [f"beta{value_at(60 * (minute % 60) + second, 1):.2f} s", f"app{value_at(60 * (minute % 60) + second):.2f} s"]
    assert [row.replace("\t", "") for row in rows.all_inner_texts()] == expected, (rows.all_inner_texts(), expected)
    ok("the keyboard reads the values at the crosshair")


def check_exports(site):
    for file in EXPORTS.glob("*.json"):
        (site.folder / file.name).write_text(file.read_text())
    site.page.goto(f"{site.url}/d/cdx2f1k9web11a")
    drawn(site.page)
    expect(site.page.locator(".problems").first).to_contain_text("variable 'filters'")
    site.page.locator("summary", has_text="Duration").click()
    filled = site.page.locator(".panel").filter(has=site.page.locator("[data-value], .scatterlayer .trace, .heatmaplayer .hm, .heatmaplayer image"))
    expect(filled).to_have_count(4)
    assert any("[5m]" in query for query in site.watch.queries), site.watch.queries
    site.page.goto(f"{site.url}/d/hosts")
    drawn(site.page)
    expect(site.page.locator(".undrawable")).to_have_count(2)
    expect(filled.filter(has_not=site.page.locator(".warning"))).to_have_count(2)
    expect(site.page.locator(".panel .warning")).to_have_count(2)
    expect(site.page.get_by_label("environment").locator("option")).to_have_text(["production", "staging"])
    ok("a dashboard as Grafana exports it is drawn, and what is not is named")


def main():
    with running_site() as site:
        for check in (check_crosshair, check_full_screen, check_description, check_legend, check_rows, check_variables, check_annotations, check_values, check_exports):
            check(site)
            site.watch.is_clean()
    print(f"{len(passed)} passed, 0 failed")


if __name__ == "__main__":
    main()
