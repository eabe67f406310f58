// One series as plotly.js draws it.

import { faded } from "../palette.js";
import { timeOf } from "../series.js";

const SHAPES = { linear: "linear", smooth: "spline", stepBefore: "vh", stepAfter: "hv" };

const AXES = { left: {}, right: { yaxis: "y2" }, hidden: { yaxis: "y3" } };

// `values` are those of the series as they are drawn.
export const traceOf = (field, values, series, isShown) => {
  const { custom, stroke } = field;
  if (!isShown || custom.hideFrom.viz) return undefined;
  const x = values.map((_, index) => timeOf(series, index));
  const axis = AXES[field.side];
  if (custom.drawStyle === "bars") {
    return { type: "bar", x, y: values, marker: { color: faded(stroke, Math.max(custom.fillOpacity, 40) / 100), line: { color: stroke, width: custom.lineWidth } }, ...axis };
  }
  const isStacked = custom.stacking.mode !== "none";
  // A lone sample between gaps is a point: a line would not show it.
  const isLone = values.some((value, index) => value !== null && (values[index - 1] ?? null) === null && (values[index + 1] ?? null) === null);
  const points = custom.drawStyle === "points" || custom.showPoints === "always" || (isLone && custom.showPoints !== "never") || values.length === 1;
  return {
    type: "scatter",
    x, y: values,
    mode: custom.drawStyle === "points" ? "markers" : points ? "lines+markers" : "lines",
    line: { color: stroke, width: custom.lineWidth, shape: SHAPES[custom.lineInterpolation], dash: dashOf(custom.lineStyle) },
    marker: { color: stroke, size: 4 },
    connectgaps: false,
    fillcolor: faded(stroke, custom.fillOpacity / 100),
    ...(isStacked ? { stackgroup: custom.stacking.group, stackgaps: "infer zero" } : { fill: custom.fillOpacity ? "tozeroy" : "none" }),
    ...axis,
  };
};

const dashOf = ({ fill, dash }) => {
  if (!fill || fill === "solid") return "solid";
  return dash?.length ? dash.map((length) => `${Number(length)}px`).join(",") : fill;
};
