// One panel of a dashboard: asks for its data and draws it.

import { link, h } from "../dom.js";
import { Frame, undrawable } from "../panel/frame.js";
import * as heatmap from "../panel/heatmap.js";
import * as stat from "../panel/stat.js";
import * as timeseries from "../panel/timeseries.js";
import { exploreUrl } from "../explore/url.js";
import { interpolateText, interpolateUrl } from "../interpolate.js";
import { fetchSeries, queries } from "./data.js";

const DRAWN = { stat, timeseries, heatmap };

// context: { crosshair, zoom, now(), showAlone(id) }. now() returns { range, variables, scrapeInterval } and the
// annotations, as a promise.
export class Panel {
  #abort;
  #life = new AbortController();

  constructor({ model, title, problems }, context) {
    this.model = model;
    this.context = context;
    if (!model) {
      this.frame = undrawable(title, problems);
      return;
    }
    this.frame = new Frame({
      title, description: model.description, problems,
      links: model.links.length ? () => this.#links() : undefined,
      actions: [
        { label: "Show the query", sign: "{}", run: () => this.#showQueries() },
        { label: "Full screen", sign: "⤢", run: () => context.showAlone(model.id) },
      ],
    });
    this.frame.element.classList.add(model.type);
    this.drawing = DRAWN[model.type].draw(this.frame.body, { ...context, signal: this.#life.signal });
  }

  #links() {
    const { variables } = this.context.now();
    return this.model.links.map(({ title, url, targetBlank }) =>
      link(interpolateUrl(url, variables), interpolateText(title, variables), targetBlank ? { target: "_blank" } : {}));
  }

  get element() {
    return this.frame.element;
  }

  // Where one comes from that has seen it in full screen.
  focus() {
    this.element.querySelector("[aria-label='Full screen']")?.focus();
  }

  #asked() {
    return queries(this.model, this.element.clientWidth || 600, this.context.now());
  }

  async refresh() {
    if (!this.drawing) return;
    this.#abort?.abort();
    this.#abort = new AbortController();
    const { variables } = this.context.now();
    const title = interpolateText(this.model.title, variables);
    this.frame.setTitle(title);
    const asked = this.#asked();
    if (!asked.length) {
      this.frame.fresh(true);
      return;
    }
    try {
      const [series, annotations] = await Promise.all([fetchSeries(asked, variables, { signal: this.#abort.signal }), this.context.now().annotations]);
      const start = Math.min(...asked.map((it) => it.start));
      const end = Math.max(...asked.map((it) => it.end));
      const step = Math.max(...asked.map((it) => it.step));
      await this.drawing.update({ model: this.model, title, series, start, end, step, annotations });
      this.frame.fresh(!series.length);
    } catch (error) {
      if (error.name === "AbortError") return;
      this.frame.stale(error.message);
      if (!("status" in error)) throw error;
    }
  }

  // Leaves the page: what it has asked for is not wanted any more, and nothing on the page may keep it.
  stop() {
    this.#abort?.abort();
    this.#life.abort();
  }

  #showQueries() {
    const { range } = this.context.now();
    const dialog = h("dialog", { class: "queries", "aria-label": "Queries" },
      h("h2", {}, this.frame.title.textContent),
      this.#asked().map(({ target, expr, step }) => h("section", {},
        h("h3", {}, `${target.refId} · step ${step} s`), h("pre", { tabindex: 0 }, expr), link(exploreUrl(expr, range), "Open in Explore"))),
      h("form", { method: "dialog" }, h("button", {}, "Close")));
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
  }
}
