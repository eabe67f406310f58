"""What the console's panels draw, option by option, in a real browser.

    console_drawing.py OBSERVER CHROMIUM SCREENSHOTS

As console.py, on the same stand-in.
"""

from playwright.sync_api import expect

from console_driver import ok, passed
from made_dashboards import END, laid_out, override, panel, running_site, target
from stand_in import value_at

GREEN, RED, PURPLE = "#56a64b", "#e0342f", "#9a5fc4"
# Between the last values of the two series, 1.25 and 2.25.
THRESHOLDS = {"mode": "absolute", "steps": [{"color": "green", "value": None}, {"color": "red", "value": 2}]}


def rgb(color):
    return f"rgb({', '.join(str(int(color[at:at + 2], 16)) for at in (1, 3, 5))})"


def strokes(site, title):
    return [trace["line"]["color"] for trace in site.traces(title)]


def check_steps(site):
    site.show(laid_out([panel("Steps", targets=[target(), target(ref="B", interval="1m"), target(ref="C", instant=True)])]))
    traces = site.traces("Steps")
    assert [round(trace["x"][1] - trace["x"][0]) if len(trace["x"]) > 1 else None for trace in traces] == [5, 5, 60, 60, None, None]
    for number, trace in enumerate(traces):
        for time, value in zip(trace["x"], trace["y"], strict=True):
            assert value == value_at(time, number % 2), (number, time, value)
        assert trace["x"][-1] == END, trace["x"]
    ok("targets with different steps are drawn each at its own times")


def check_colors(site):
    named = [panel("Named", color={"mode": "palette-classic-by-name"}, targets=[target(legendFormat=legend)])
             for legend in ("{{job}}", "x{{job}}")]
    named[1]["title"] = "Other names"
    site.show(laid_out([
        panel("By thresholds", color={"mode": "thresholds"}, thresholds=THRESHOLDS),
        panel("Without a mode"),
        *named,
        panel("By name again", color={"mode": "palette-classic-by-name"}, targets=[target("many"), target(ref="B")]),
        panel("Fixed", color={"mode": "fixed", "fixedColor": "rgba(1, 2, 3, 0.5)"}),
        panel("Overridden", overrides=[override("beta", color={"mode": "fixed", "fixedColor": "purple"})]),
    ]))
    assert strokes(site, "By thresholds") == [GREEN, RED]
    assert strokes(site, "Without a mode")[0] == GREEN and len(set(strokes(site, "Without a mode"))) == 2
    by_name = strokes(site, "Named")
    assert strokes(site, "By name again")[-2:] == by_name, "a name has another color beside other series"
    assert strokes(site, "Other names") != by_name, "every name has the same color"
    assert strokes(site, "Fixed") == ["#010203", "#010203"]
    assert strokes(site, "Overridden")[1] == PURPLE
    ok("a series has the color of its threshold, of its name, of its place, or a fixed one")


def check_axes(site):
    site.show(laid_out([
        panel("Hidden", overrides=[override("beta", custom__axisPlacement="hidden", unit="bytes")]),
        panel("Units", unit="s", overrides=[override("beta", unit="bytes")]),
        panel("Right", custom={"axisPlacement": "right"}),
    ]))
    assert [trace.get("yaxis", "y") for trace in site.traces("Hidden")] == ["y", "y3"]
    hidden = site.layout("Hidden")
    assert not hidden["yaxis3"]["visible"] and "yaxis2" not in hidden
    # The axis of what is seen: without beta, whose values are above 2.
    assert hidden["yaxis"]["range"][1] < 2, hidden["yaxis"]
    assert [trace.get("yaxis", "y") for trace in site.traces("Units")] == ["y", "y2"]
    assert all(text.endswith(" B") for text in site.layout("Units")["yaxis2"]["ticktext"])
    assert all(text.endswith(" s") for text in site.layout("Units")["yaxis"]["ticktext"])
    right = site.layout("Right")
    assert right["yaxis"]["ticktext"] == [] and right["yaxis2"]["ticktext"] != []
    ok("an axis is hidden, another unit has an axis of its own, and one side alone has labels")


def check_stacks(site):
    site.show(laid_out([
        panel("Sums", custom={"stacking": {"mode": "normal", "group": "A"}}),
        panel("Shares", custom={"stacking": {"mode": "percent", "group": "A"}}),
        panel("Sums of steps", targets=[target(), target(ref="B", interval="1m")], custom={"stacking": {"mode": "normal", "group": "A"}}),
    ]))
    assert {trace["stackgroup"] for trace in site.traces("Sums")} == {"A"}
    for title, top in [("Sums", 1.25 + 2.25), ("Sums of steps", 2 * (1.25 + 2.25))]:
        high = site.layout(title)["yaxis"]["range"][1]
        assert top < high < 1.2 * top, (title, high)
    one, other = (trace["y"] for trace in site.traces("Shares"))
    assert all(abs(first + second - 1) < 1e-9 for first, second in zip(one, other, strict=True))
    ok("stacks are as high as their sums, and shares add up to one")


def check_thresholds(site):
    percent = {"mode": "percentage", "steps": [{"color": "green", "value": None}, {"color": "red", "value": 50}]}
    site.show(laid_out([
        panel("Lines", thresholds=THRESHOLDS, custom={"thresholdsStyle": {"mode": "dashed+area"}}),
        panel("Percent", thresholds=percent, min=0, max=4, custom={"thresholdsStyle": {"mode": "line"}}),
    ]))
    area, line = site.layout("Lines")["shapes"]
    assert (area["type"], area["y0"], line["type"], line["y0"], line["line"]["dash"], line["line"]["color"]) == ("rect", 2, "line", 2, "dash", RED)
    assert [shape["y0"] for shape in site.layout("Percent")["shapes"]] == [2]
    ok("thresholds are lines and areas at their values, in percent of the range too")


def check_stats(site):
    def stat(title, mode="value", options=None, **defaults):
        return panel(title, "stat", options={"colorMode": mode, **(options or {})}, thresholds=THRESHOLDS, **defaults)

    site.show(laid_out([
        stat("Thresholds"), stat("Background", "background"), stat("One color", color={"mode": "fixed", "fixedColor": "purple"}),
        stat("Plain", "none"), stat("Below each other", options={"orientation": "horizontal", "justifyMode": "center"}),
        stat("Beside each other", options={"orientation": "vertical"}),
    ]))

    def colors(title):
        return site.panel(title).locator(".tile > .number").evaluate_all("(all) => all.map((it) => getComputedStyle(it).color)")

    assert colors("Thresholds") == [rgb(GREEN), rgb(RED)]
    assert colors("One color") == [rgb(PURPLE)] * 2
    assert len(set(colors("Plain"))) == 1 and colors("Plain")[0] not in (rgb(GREEN), rgb(RED))
    backgrounds = site.panel("Background").locator(".tile").evaluate_all("(all) => all.map((it) => getComputedStyle(it).backgroundColor)")
    assert len(set(backgrounds)) == 2 and "rgba(0, 0, 0, 0)" not in backgrounds, backgrounds
    first, second = (tile.bounding_box() for tile in site.panel("Below each other").locator(".tile").all())
    assert first["x"] == second["x"] and first["y"] + first["height"] <= second["y"]
    number = site.panel("Below each other").locator(".number").first.bounding_box()
    assert abs((number["x"] + number["width"] / 2) - (first["x"] + first["width"] / 2)) < 2, "it is not in the middle"
    first, second = (tile.bounding_box() for tile in site.panel("Beside each other").locator(".tile").all())
    assert first["y"] == second["y"] and first["x"] + first["width"] <= second["x"]
    number = site.panel("Beside each other").locator(".number").first.bounding_box()
    assert number["x"] + number["width"] / 2 < first["x"] + first["width"] / 2, "it is not on the left"
    ok("a stat has its colors, its direction and its alignment")


def check_heatmap(site):
    site.stand_in.annotated = [{"alertname": "Burst"}]
    query = [target("sum by (le) (up)", legendFormat="{{le}}")]
    note = {"name": "Alerts", "enable": True, "expr": "ALERTS", "titleFormat": "{{alertname}}", "iconColor": "red"}
    site.show(laid_out([
        panel("Scale", "heatmap", query, {"color": {"steps": 8, "scheme": "Blues"}, "cellValues": {"decimals": 2}, "tooltip": {"mode": "multi"}}),
        panel("No scale", "heatmap", query, {"legend": {"show": False}}),
    ]), annotations={"list": [note]})
    scale = site.panel("Scale").locator(".color-scale")
    # The buckets' values are 1 to 1.25 in the first, and 1 in each other: each is cumulative, and one above the one before.
    expect(scale.locator("span")).to_have_text(["1.00", "1.25"])
    assert scale.locator("i").evaluate("(bar) => getComputedStyle(bar).backgroundImage").count("rgb(") == 2 * 8
    assert len({color for _, color in site.traces("Scale")[0]["colorscale"]}) == 8
    expect(site.panel("No scale").locator(".color-scale")).to_be_hidden()
    box = site.panel("Scale").locator(".chart").bounding_box()
    site.page.mouse.move(box["x"] + 0.45 * box["width"], box["y"] + box["height"] / 2)
    expect(site.panel("Scale").locator(".tooltip tr")).to_have_count(4)
    expect(site.panel("Scale").locator(".tooltip .note")).to_contain_text("Burst")
    ok("a heatmap has the colors that it asks for, with their scale, and annotations")


def main():
    with running_site() as site:
        for check in (check_steps, check_colors, check_axes, check_stacks, check_thresholds, check_stats, check_heatmap):
            check(site)
            assert not site.page.locator(".warning").count(), f"{check.__name__}: something is not drawn"
            site.watch.is_clean()
    print(f"{len(passed)} passed, 0 failed")


if __name__ == "__main__":
    main()
