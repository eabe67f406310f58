// A stat panel: the value of each series, large, over its course.

import { h, replace, svg } from "../dom.js";
import { color } from "../palette.js";
import { calculate } from "../series.js";
import { format } from "../units.js";
import { fields, thresholdColor } from "./field.js";

const WIDTH = 100;
const HEIGHT = 30;

// The course as an area that fills the lower half.
const sparkline = (values) => {
  const there = values.filter((value) => value !== null);
  if (there.length < 2) return undefined;
  const [low, high] = [Math.min(...there), Math.max(...there)];
  const point = (value, index) => {
    const y = high === low ? HEIGHT / 2 : HEIGHT - ((value - low) / (high - low)) * (HEIGHT - 2) - 1;
    return `${((index / (values.length - 1)) * WIDTH).toFixed(2)} ${y.toFixed(2)}`;
  };
  const points = values.map((value, index) => (value === null ? undefined : point(value, index))).filter(Boolean);
  const [first, last] = [points[0].split(" ")[0], points.at(-1).split(" ")[0]];
  return svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", "aria-hidden": "true", class: "sparkline" },
    svg("path", { d: `M${first} ${HEIGHT}L${points.join("L")}L${last} ${HEIGHT}Z`, class: "area" }),
    svg("path", { d: `M${points.join("L")}`, class: "line", "vector-effect": "non-scaling-stroke" }));
};

const NAMES = { name: true, value_and_name: true };

const tile = (series, field, options, several) => {
  const value = calculate(options.reduceOptions.calcs[0] ?? "lastNotNull", series.values);
  const named = field.color.mode === "thresholds" ? color(thresholdColor(field, value ?? 0)) : field.stroke;
  const plainBackground = options.colorMode === "none" || options.colorMode === "value" || named === "transparent" || value === null;
  const text = value === null ? field.noValue ?? "–" : format(value, field.unit, field.decimals);
  const showsName = NAMES[options.textMode] || (options.textMode === "auto" && several);
  const showsValue = options.textMode !== "name" && options.textMode !== "none";
  const size = (showsValue ? text : field.name).length;
  const box = h("div", { class: ["tile", !plainBackground && "filled", showsName && showsValue && options.justifyMode === "auto" && "start"].filter(Boolean).join(" "), "data-value": value === null ? undefined : String(value) },
    showsName && h("span", { class: showsValue ? "name" : "number" }, field.name),
    showsValue && h("span", { class: "number" }, text),
    options.graphMode === "area" && sparkline(series.values));
  box.style.setProperty("--characters", String(Math.max(size, 4)));
  if (!plainBackground) box.style.setProperty("--tile", named);
  else if (options.colorMode === "value" && value !== null) box.style.setProperty("--number", named);
  return box;
};

export const draw = (body) => ({
  update({ model, series, end }) {
    const all = fields(model.fieldConfig, series, "thresholds");
    const tiles = series.map((one, index) => tile(one, all[index], model.options, series.length > 1));
    const empty = h("div", { class: "tile" }, h("span", { class: "number" }, model.fieldConfig.defaults.noValue ?? "No data"));
    const box = h("div", { class: `stat ${model.options.orientation}`, "data-time": String(end) }, tiles.length ? tiles : empty);
    replace(body, box);
  },
});
