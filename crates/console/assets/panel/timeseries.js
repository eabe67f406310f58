// A time series panel.

import { h } from "../dom.js";
import { faded, color } from "../palette.js";
import { indexAt, timeOf } from "../series.js";
import { format, valueTicks } from "../units.js";
import { annotationsAt, attach } from "./crosshair.js";
import { absoluteSteps, fields } from "./field.js";
import { legend } from "./legend.js";
import { Plot } from "./plot.js";
import { axisOf, bounds, placed, stacked } from "./scale.js";
import { traceOf } from "./trace.js";

const THRESHOLD_LINE = { line: "solid", "line+area": "solid", dashed: "dash", "dashed+area": "dash" };

const thresholdShapes = (defaults, high) => {
  const { mode } = defaults.custom.thresholdsStyle;
  const steps = absoluteSteps(defaults).filter((step) => step.value !== null);
  const across = { xref: "paper", x0: 0, x1: 1, yref: "y", layer: "below" };
  const lines = THRESHOLD_LINE[mode]
    ? steps.map((step) => ({ ...across, type: "line", y0: step.value, y1: step.value, line: { color: color(step.color), width: 1.5, dash: THRESHOLD_LINE[mode] } }))
    : [];
  const areas = mode.endsWith("area")
    ? steps.map((step, index) => ({ ...across, type: "rect", y0: step.value, y1: steps[index + 1]?.value ?? high, line: { width: 0 }, fillcolor: faded(color(step.color), 0.12) }))
    : [];
  return [...areas, ...lines];
};

export const draw = (body, context) => {
  const plot = new Plot(body, context);
  const legendBox = h("div", { class: "legend" });
  body.append(legendBox);
  let shown;
  let data;
  let all;
  // By side: left, right, hidden.
  let axes = {};

  const rowsAt = (time, share) => {
    if (!data?.series.length) return [];
    const { mode, sort } = data.model.options.tooltip;
    const rows = data.series.map((one, at) => ({ field: all[at], value: one.values[indexAt(one, time)] }))
      .filter(({ field, value }) => value !== null && value !== undefined && !field.custom.hideFrom.tooltip && (!shown || shown.has(field.name)));
    if (sort !== "none") rows.sort((one, other) => (one.value - other.value) * (sort === "desc" ? -1 : 1));
    const distance = ({ field, value }) => {
      const { low, high } = axes[field.side];
      return Math.abs((value - low) / (high - low) - share);
    };
    const nearest = rows.reduce((best, row) => (!best || distance(row) < distance(best) ? row : best), undefined);
    const chosen = mode === "none" ? [] : mode === "single" ? [nearest].filter(Boolean) : rows;
    const lines = chosen.map(({ field, value }) => ({ color: field.stroke, name: field.name, text: format(value, field.unit, field.decimals) }));
    return Object.assign(lines, { time: timeOf(data.series[0], indexAt(data.series[0], time)) });
  };

  const toggle = (name, more) => {
    const only = !more && !(shown?.size === 1 && shown.has(name));
    if (more) {
      shown = new Set(shown ?? all.map((field) => field.name));
      if (!shown.delete(name)) shown.add(name);
    } else shown = only ? new Set([name]) : undefined;
    render();
  };

  const render = () => {
    const { model, series, start, end, annotations } = data;
    // First, because it takes its room from the chart.
    legendBox.hidden = !model.options.legend.showLegend || model.options.legend.displayMode === "hidden";
    if (!legendBox.hidden) legend(legendBox, model.options.legend, series, all, shown, toggle);
    body.classList.toggle("legend-right", model.options.legend.placement === "right");
    const ticked = (axis) => {
      if (!axis) return undefined;
      const ticks = valueTicks(axis.low, axis.high, Math.max(2, plot.box.clientHeight / 44), axis.field.unit);
      return { ...axis, values: ticks, texts: ticks.map((value) => format(value, axis.field.unit)), title: axis.field.custom.axisLabel };
    };
    const values = stacked(series, all);
    axes = Object.fromEntries(["left", "right", "hidden"].map((side) => [side, axisOf(series, values, all, side, shown)]));
    const { defaults } = model.fieldConfig;
    const left = ticked(series.length ? axes.left : { ...bounds(Infinity, -Infinity, defaults), field: defaults });
    const right = ticked(axes.right);
    // Where no axis is shown on the left, the grid is that of the other.
    const axis = left ?? { ...(right ?? axes.hidden), values: [], texts: [] };
    const traces = series.map((_, index) => traceOf(all[index], values[index], series[index], !shown || shown.has(all[index].name)))
      .filter(Boolean);
    const names = all.map((field) => field.name).join(", ");
    plot.draw({ traces, axis, right, hidden: axes.hidden, start, end, annotations, shapes: thresholdShapes(defaults, axis.high),
      label: `${data.title}: chart of ${names || "nothing"}. The arrow keys move the crosshair.` });
  };

  attach(plot, context.crosshair, rowsAt, (time) => annotationsAt(data, time));
  return {
    async update(next) {
      await plot.loaded;
      data = next;
      all = placed(fields(data.model.fieldConfig, data.series, "palette-classic"));
      render();
    },
  };
};
