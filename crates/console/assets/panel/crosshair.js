// The crosshair of all charts of a page, and the values at it in the chart under the pointer.

import { h, replace } from "../dom.js";
import { clock } from "../time.js";

// Says to all charts where the pointer is.
export class Crosshair extends EventTarget {
  constructor(shared) {
    super();
    this.shared = shared;
  }

  move(time, source) {
    this.dispatchEvent(new CustomEvent("move", { detail: { time, source } }));
  }
}

// The annotations at a time of a chart, or next to it.
export const annotationsAt = (data, time) =>
  (data?.annotations ?? []).filter(({ from, to }) => time >= from - data.step && time <= to + data.step);

// rowsAt(time, share): [{ color, name, text }], share being the height of the pointer from 0 at the bottom to 1.
export const attach = (plot, crosshair, rowsAt, notesAt) => {
  const line = h("div", { class: "crosshair", hidden: true });
  const tooltip = h("div", { class: "tooltip", hidden: true });
  plot.box.append(line, tooltip);
  // The tooltip is inside what is an image to a screen reader, which reads this instead.
  const spoken = h("p", { class: "hidden", role: "status" });
  plot.box.after(spoken);

  const show = (time, own, share) => {
    line.hidden = time === undefined || !plot.range || time < plot.range.start || time > plot.range.end;
    if (line.hidden || !own) tooltip.hidden = true;
    if (line.hidden) return;
    const x = plot.xOf(time);
    line.style.setProperty("left", `${x}px`);
    if (own) fillTooltip(x, time, share);
  };

  const fillTooltip = (x, time, share) => {
    const rows = rowsAt(time, share);
    replace(tooltip,
      h("p", {}, clock(rows.time ?? time)),
      h("table", {}, h("tbody", {}, rows.map(({ color, name, text }) => {
        const swatch = h("i", { class: "swatch" });
        swatch.style.setProperty("--swatch", color);
        return h("tr", {}, h("td", {}, swatch, name), h("td", { class: "number" }, text));
      }))),
      notesAt(time).map(({ title, text }) => h("p", { class: "note" }, text ? `${title}: ${text}` : title)));
    tooltip.hidden = !rows.length && !tooltip.querySelector(".note");
    const isRight = x > plot.box.clientWidth / 2;
    tooltip.style.setProperty("left", isRight ? "auto" : `${x + 12}px`);
    tooltip.style.setProperty("right", isRight ? `${plot.box.clientWidth - x + 12}px` : "auto");
  };

  const spokenText = () => {
    const lines = [...tooltip.querySelectorAll("p, tr")];
    return lines.map((it) => (it.cells ? [...it.cells].map((cell) => cell.textContent).join(" ") : it.textContent)).join(", ");
  };

  plot.box.addEventListener("pointermove", (event) => {
    const box = plot.box.getBoundingClientRect();
    const height = box.height - plot.margin.t - plot.margin.b;
    crosshair.move(plot.timeAt(event.clientX - box.left), plot);
    show(plot.timeAt(event.clientX - box.left), true, 1 - (event.clientY - box.top - plot.margin.t) / height);
  });
  plot.box.addEventListener("pointerleave", () => {
    crosshair.move(undefined, plot);
    show(undefined);
  });

  let at;
  plot.box.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!step || !plot.range) return;
    event.preventDefault();
    const { start, end } = plot.range;
    at = Math.min(end, Math.max(start, (at ?? end) + (step * (end - start)) / 60));
    crosshair.move(at, plot);
    show(at, true, 0.5);
    replace(spoken, spokenText());
  });
  plot.box.addEventListener("blur", () => {
    at = undefined;
    replace(spoken);
    crosshair.move(undefined, plot);
    show(undefined);
  });
  crosshair.addEventListener("move", ({ detail }) => {
    if (crosshair.shared && detail.source !== plot) show(detail.time, false);
  }, { signal: plot.signal });
};
