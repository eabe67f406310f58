// The legend of a chart: a list, or a table with calculations. A click shows one series alone.

import { h } from "../dom.js";
import { calculate, calculationName } from "../series.js";
import { format } from "../units.js";
import { update } from "../update.js";

const entry = (field, isOff, toggle) => {
  const swatch = h("i", { class: "swatch" });
  swatch.style.setProperty("--swatch", field.stroke);
  return h("button", { type: "button", class: isOff ? "off" : "", "aria-pressed": String(!isOff), onclick: (event) => toggle(field.name, event.ctrlKey || event.metaKey) },
    swatch, field.name);
};

// shown: the names of the series that are drawn, undefined for all.
export const legend = (box, options, series, fields, shown, toggle) => {
  const entries = series.map((one, index) => ({ values: one.values, field: fields[index] })).filter(({ field }) => !field.custom.hideFrom.legend);
  const calcs = options.calcs;
  if (options.sortBy) {
    const calc = calcs.find((it) => calculationName(it) === options.sortBy.replace(" *", "")) ?? calcs[0];
    const value = ({ values }) => (calc ? calculate(calc, values) ?? -Infinity : 0);
    entries.sort((one, other) => (value(one) - value(other)) * (options.sortDesc ? -1 : 1));
  }
  const button = ({ field }) => entry(field, shown && !shown.has(field.name), toggle);
  const text = (calc, { field, values }) => format(calculate(calc, values), field.unit, field.decimals);
  const isTable = options.displayMode === "table";
  update(box, isTable
    ? h("table", {},
      h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Name"), calcs.map((calc) => h("th", { scope: "col", class: "number" }, calculationName(calc))))),
      h("tbody", {}, entries.map((one) => h("tr", { "data-key": one.field.name }, h("td", {}, button(one)), calcs.map((calc) => h("td", { class: "number" }, text(calc, one)))))))
    : h("ul", {}, entries.map((one) => h("li", { "data-key": one.field.name }, button(one), calcs.map((calc) => ` ${calculationName(calc)}: ${text(calc, one)}`)))));
};
