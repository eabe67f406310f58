// The line above the panels: variables, time range, refresh.

import { h } from "../dom.js";
import { ALL, textOf } from "../interpolate.js";
import { clock, duration, local, range as rangeOf, span } from "../time.js";
import { closeMenu, menu } from "./menu.js";

const QUICK = ["5m", "15m", "30m", "1h", "3h", "6h", "12h", "1d", "2d", "7d", "30d"];
const REFRESH = ["", "5s", "10s", "15s", "30s", "1m", "5m"];

const option = (value, text, selected) => h("option", { value, selected }, text);

const nameOf = (variable) => variable.label || variable.name;

const choicesOf = ({ includeAll, choices }) => [...(includeAll ? [{ value: ALL, text: "All" }] : []), ...choices];

// One variable's control. change(values) is called with the new selection.
export const variableControl = (variable, change) => {
  if (variable.multi) return boxesControl(variable, change);
  const id = `var-${variable.name}`;
  const onchange = ({ currentTarget }) => change([currentTarget.value]);
  const field = variable.kind === "textbox"
    ? h("input", { id, value: variable.selected[0] ?? "", onchange })
    : h("select", { id, onchange }, choicesOf(variable).map(({ value, text }) => option(value, text, variable.selected.includes(value))));
  return h("div", { class: "control" }, h("label", { for: id, title: variable.description }, nameOf(variable)), field);
};

// Several can be chosen: check boxes, which the keyboard and a thumb can use.
const boxesControl = (variable, change) => {
  const onchange = ({ currentTarget: box }) => {
    const checked = [...box.closest(".choices").querySelectorAll("input:checked")].map((it) => it.value);
    change(box.value === ALL && box.checked ? [ALL] : checked.filter((it) => it !== ALL));
  };
  const boxes = choicesOf(variable).map(({ value, text }) =>
    h("label", { "data-key": value }, h("input", { type: "checkbox", value, checked: variable.selected.includes(value), onchange }), text));
  const selected = variable.selected.map((value) => textOf(variable, value)).join(" + ");
  return h("div", { class: "control", title: variable.description }, h("span", { class: "label" }, nameOf(variable)),
    menu(selected, h("div", { class: "choices", role: "group", "aria-label": nameOf(variable) }, boxes)));
};

// Which annotations are drawn, if there is a choice.
export const annotationControl = (annotations, change) => {
  if (!annotations.offered.length) return "";
  const boxes = annotations.offered.map((source) => {
    const onchange = ({ currentTarget }) => {
      annotations.choose(source, currentTarget.checked);
      change();
    };
    return h("label", { "data-key": source.name }, h("input", { type: "checkbox", checked: annotations.chosen.has(source), onchange }), source.name);
  });
  return h("div", { class: "control" },
    menu("Annotations", h("div", { class: "choices", role: "group", "aria-label": "Annotations" }, boxes)));
};

const rangeName = (from, to) => {
  const length = /^now-(.+)$/.exec(from)?.[1];
  if (to === "now" && length) return `Last ${span(duration(length))}`;
  const range = rangeOf(from, to);
  return range ? `${clock(range.start)} – ${clock(range.end)}` : `${from} – ${to}`;
};

// The time range. change(from, to) is called with Grafana's expressions.
export const timeControl = (from, to, change) => {
  const range = rangeOf(from, to) ?? rangeOf("now-15m", "now");
  const pick = (start, end) => ({ currentTarget }) => {
    closeMenu(currentTarget);
    change(start, end);
  };
  const apply = ({ currentTarget }) => {
    const [start, end] = currentTarget.parentElement.querySelectorAll("input");
    const [first, last] = [start, end].map((field) => new Date(field.value).getTime());
    end.setCustomValidity(first < last ? "" : "It must be later than the start.");
    if (!end.reportValidity()) return;
    pick(String(first), String(last))({ currentTarget });
  };
  const wider = () => {
    const length = range.end - range.start;
    const middle = (range.start + range.end) / 2;
    if (to === "now") change(`now-${Math.round(2 * length)}s`, "now");
    else change(String(Math.round(1000 * (middle - length))), String(Math.round(1000 * (middle + length))));
  };
  const time = (label, seconds) => h("input", { type: "datetime-local", step: 1, value: local(seconds), "aria-label": label });
  const choices = h("div", { class: "choices", role: "group", "aria-label": "Time range" },
    h("div", { class: "quick" }, QUICK.map((length) => h("button", { type: "button", onclick: pick(`now-${length}`, "now") }, `Last ${span(duration(length))}`))),
    h("div", { class: "absolute" }, time("From", range.start), time("To", range.end), h("button", { type: "button", onclick: apply }, "Apply")));
  return h("div", { class: "control" },
    menu(rangeName(from, to), choices, { "aria-label": `Time range: ${rangeName(from, to)}` }),
    h("button", { type: "button", "aria-label": "Zoom out", title: "Zoom out", onclick: wider }, "⊖"));
};

export const refreshControl = (refresh, change, now) => {
  const values = REFRESH.includes(refresh) ? REFRESH : [...REFRESH, refresh];
  const select = h("select", { "aria-label": "Refresh every", onchange: ({ currentTarget }) => change(currentTarget.value) },
    values.map((value) => option(value, value || "Off", value === refresh)));
  return h("div", { class: "control" }, h("button", { type: "button", "aria-label": "Refresh now", title: "Refresh now", onclick: now }, "⟳"), select);
};
