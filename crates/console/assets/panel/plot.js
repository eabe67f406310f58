// A chart by plotly.js, as every panel with axes needs it: sizes, axes of time, zoom, annotations.

import { h } from "../dom.js";
import { color, faded } from "../palette.js";
import { ticks } from "../time.js";
import { plotly } from "./plotly.js";

const CONFIG = { displayModeBar: false, doubleClick: false, scrollZoom: false, showTips: false, responsive: false };
const TOP = 8;
const BOTTOM = 22;
const CHARACTER = 6.4;

const style = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

const sizeOf = ({ clientWidth, clientHeight }) => `${clientWidth} ${clientHeight}`;

// Lines at the alerts and faults, over the whole height.
const shapesOf = (annotations) => annotations.flatMap(({ from, to, color: name }) => [
  { type: "rect", xref: "x", yref: "paper", x0: from, x1: to, y0: 0, y1: 1, line: { width: 0 }, fillcolor: faded(color(name), 0.1), layer: "below" },
  { type: "line", xref: "x", yref: "paper", x0: from, x1: from, y0: 0, y1: 1, line: { color: color(name), width: 1, dash: "dash" } },
]);

export class Plot {
  #last;
  #size;

  // signal: ends what outlives the page's elements, as its listeners keep them.
  constructor(body, { zoom, signal }) {
    this.area = h("div", { class: "plot" });
    this.box = h("div", { class: "chart", tabindex: 0 }, this.area);
    body.append(this.box);
    this.margin = { l: 50, r: 10, t: TOP, b: BOTTOM };
    new ResizeObserver(() => this.#last && this.#size !== sizeOf(this.box) && this.draw(this.#last)).observe(this.box);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#last && this.draw(this.#last), { signal });
    this.signal = signal;
    this.zoom = zoom;
    // Before it, nothing can be drawn.
    this.loaded = plotly();
  }

  // axis: { values, texts, low, high, title }; right: the same for a second axis; hidden: the bounds of one that is not seen.
  draw({ traces, axis, right, hidden, start, end, annotations, shapes = [], label, extra = {} }) {
    this.#last = arguments[0];
    this.#size = sizeOf(this.box);
    const { clientWidth: width, clientHeight: height } = this.box;
    if (width < 40 || height < 40) return;
    const wide = (texts) => Math.ceil(CHARACTER * Math.max(3, ...texts.map((text) => text.length))) + 12;
    this.margin = { l: wide(axis.texts) + (axis.title ? 14 : 0), r: right ? wide(right.texts) : 10, t: TOP, b: BOTTOM };
    this.range = { start, end };
    const time = ticks(start, end, width - this.margin.l - this.margin.r);
    const grid = style("--grid");
    const common = { gridcolor: grid, zeroline: false, ticks: "", linecolor: grid, fixedrange: true, tickmode: "array" };
    const vertical = ({ values, texts, low, high, title }) =>
      ({ ...common, ticklabeloverflow: "allow", tickvals: values, ticktext: texts.map(escaped), range: [low, high], title: title ? { text: escaped(title), standoff: 4 } : undefined });
    const layout = {
      width, height, margin: { ...this.margin, pad: 0 }, autosize: false, showlegend: false, hovermode: false, dragmode: "zoom",
      paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
      font: { family: style("--font"), size: 11, color: style("--axis") },
      xaxis: { ...common, fixedrange: false, type: "linear", range: [start, end], tickvals: time.values, ticktext: time.texts },
      yaxis: vertical(axis),
      ...(right ? { yaxis2: { ...vertical(right), overlaying: "y", side: "right", showgrid: false } } : {}),
      ...(hidden ? { yaxis3: { range: [hidden.low, hidden.high], overlaying: "y", visible: false, fixedrange: true } } : {}),
      shapes: [...shapes, ...shapesOf(annotations)],
      ...extra,
    };
    // An image only now: without a name it would be none.
    this.box.setAttribute("role", "img");
    this.box.setAttribute("aria-label", label);
    const isFirst = !this.area.classList.contains("js-plotly-plot");
    globalThis.Plotly.react(this.area, traces, layout, CONFIG);
    if (isFirst) this.#listen();
  }

  #listen() {
    this.area.on("plotly_relayout", (change) => {
      const [from, to] = [change["xaxis.range[0]"], change["xaxis.range[1]"]];
      if (from !== undefined && to - from >= 1) this.zoom(from, to);
    });
  }

  // The time at a position in the box, undefined outside of the axes.
  timeAt(x) {
    const width = this.box.clientWidth - this.margin.l - this.margin.r;
    const share = (x - this.margin.l) / width;
    return this.range && share >= 0 && share <= 1 ? this.range.start + share * (this.range.end - this.range.start) : undefined;
  }

  xOf(time) {
    const width = this.box.clientWidth - this.margin.l - this.margin.r;
    return this.margin.l + ((time - this.range.start) / (this.range.end - this.range.start)) * width;
  }
}

// plotly.js takes a few tags in texts for markup: a text that has them stays text.
export const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
