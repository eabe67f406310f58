// The line above the panels: variables, time range, refresh.

import { h, replace } from "../dom.js";
import { ALL, textOf } from "../interpolate.js";
import { clock, duration, local, range as rangeOf, span } from "../time.js";

const QUICK = ["5m", "15m", "30m", "1h", "3h", "6h", "12h", "1d", "2d", "7d", "30d"];
const REFRESH = ["", "5s", "10s", "15s", "30s", "1m", "5m"];

const option = (value, text, selected) => h("option", { value, selected }, text);

// One variable's control. change(values) is called with the new selection.
export const variableControl = (variable, change) => {
  const id = `var-${variable.name}`;
  const label = h("label", { for: id, title: variable.description }, variable.label || variable.name);
  if (variable.kind === "textbox") {
    const field = h("input", { id, value: variable.selected[0] ?? "", onchange: () => change([field.value]) });
    return h("div", { class: "control" }, label, field);
  }
  const select = h("select", { id, multiple: variable.multi, size: variable.multi ? 1 : undefined },
    variable.includeAll && option(ALL, "All", variable.selected.includes(ALL)),
    variable.choices.map(({ value, text }) => option(value, text, variable.selected.includes(value))));
  select.addEventListener("change", () => change([...select.selectedOptions].map((it) => it.value)));
  if (!variable.multi) return h("div", { class: "control" }, label, select);
  // Several can be chosen: check boxes, which the keyboard and a thumb can use.
  const boxes = h("div", { class: "choices", id, role: "group", "aria-label": variable.label || variable.name });
  const choices = [...(variable.includeAll ? [{ value: ALL, text: "All" }] : []), ...variable.choices];
  replace(boxes, choices.map(({ value, text }) => {
    const box = h("input", { type: "checkbox", value, checked: variable.selected.includes(value) });
    box.addEventListener("change", () => {
      const chosen = [...boxes.querySelectorAll("input:checked")].map((it) => it.value);
      change(value === ALL && box.checked ? [ALL] : chosen.filter((it) => it !== ALL));
    });
    return h("label", {}, box, text);
  }));
  const chosen = variable.selected.map((value) => textOf(variable, value)).join(" + ");
  return h("div", { class: "control" }, h("span", { class: "label" }, variable.label || variable.name), h("details", { class: "menu" }, h("summary", {}, chosen), boxes));
};

// Which annotations are drawn, if there is a choice. `shown` is changed.
export const annotationControl = (annotations, shown, change) => {
  const offered = annotations.filter(({ hide }) => !hide);
  if (!offered.length) return "";
  const boxes = offered.map((annotation) => {
    const box = h("input", { type: "checkbox", checked: shown.has(annotation) });
    box.addEventListener("change", () => {
      if (box.checked) shown.add(annotation);
      else shown.delete(annotation);
      change();
    });
    return h("label", {}, box, annotation.name);
  });
  return h("div", { class: "control" }, h("details", { class: "menu" }, h("summary", {}, "Annotations"),
    h("div", { class: "choices", id: "annotations", role: "group", "aria-label": "Annotations" }, boxes)));
};

const rangeName = (from, to) => {
  const length = /^now-(.+)$/.exec(from)?.[1];
  if (to === "now" && length) return `Last ${span(duration(length))}`;
  const range = rangeOf(from, to);
  return range ? `${clock(range.start)} – ${clock(range.end)}` : `${from} – ${to}`;
};

// The time range. change(from, to) is called with Grafana's expressions.
export const timeControl = (from, to, change) => {
  const menu = h("details", { class: "menu" });
  const pick = (start, end) => {
    menu.open = false;
    change(start, end);
  };
  const range = rangeOf(from, to) ?? rangeOf("now-15m", "now");
  const start = h("input", { type: "datetime-local", step: 1, value: local(range.start), "aria-label": "From" });
  const end = h("input", { type: "datetime-local", step: 1, value: local(range.end), "aria-label": "To" });
  const apply = () => {
    const [first, last] = [start.value, end.value].map((text) => new Date(text).getTime());
    if (first < last) pick(String(first), String(last));
    else end.setCustomValidity("It must be later than the start.");
    end.reportValidity();
  };
  menu.append(h("summary", { "aria-label": `Time range: ${rangeName(from, to)}` }, rangeName(from, to)),
    h("div", { class: "choices", id: "time-range", role: "group", "aria-label": "Time range" },
      h("div", { class: "quick" }, QUICK.map((length) => h("button", { type: "button", onclick: () => pick(`now-${length}`, "now") }, `Last ${span(duration(length))}`))),
      h("div", { class: "absolute" }, start, end, h("button", { type: "button", onclick: apply }, "Apply"))));
  const length = range.end - range.start;
  const wider = () => {
    const middle = (range.start + range.end) / 2;
    if (to === "now") pick(`now-${Math.round(2 * length)}s`, "now");
    else pick(String(Math.round(1000 * (middle - length))), String(Math.round(1000 * (middle + length))));
  };
  return h("div", { class: "control" }, menu, h("button", { type: "button", "aria-label": "Zoom out", title: "Zoom out", onclick: wider }, "⊖"));
};

export const refreshControl = (refresh, change, now) => {
  const values = REFRESH.includes(refresh) ? REFRESH : [...REFRESH, refresh];
  const select = h("select", { "aria-label": "Refresh every" }, values.map((value) => option(value, value || "Off", value === refresh)));
  select.addEventListener("change", () => change(select.value));
  return h("div", { class: "control" }, h("button", { type: "button", "aria-label": "Refresh now", title: "Refresh now", onclick: now }, "⟳"), select);
};
