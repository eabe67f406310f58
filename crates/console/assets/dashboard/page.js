// A dashboard: its toolbar, its links and its panels, as the URL asks for.

import { h, link, replace } from "../dom.js";
import { interpolateUrl } from "../interpolate.js";
import { Crosshair } from "../panel/crosshair.js";
import { problemList } from "../panel/frame.js";
import { duration, range as rangeOf } from "../time.js";
import { load } from "../variables.js";
import { fetchAnnotations } from "./annotations.js";
import { rowElement, rowsOf } from "./grid.js";
import { Panel } from "./panel.js";
import { State } from "./state.js";
import { annotationControl, refreshControl, timeControl, variableControl } from "./toolbar.js";

const main = document.querySelector("#main");

// In place of a time range that is none.
const recent = () => rangeOf("now-15m", "now");

// The files of the folder that cannot be read.
export const fileProblems = (problems) => (problems.length
  ? h("div", { class: "problems" }, problems.map(({ file, line, reason }) => h("p", {}, `${file}${line ? `, line ${line}` : ""}: ${reason}`)))
  : "");

export class Page {
  #annotations = Promise.resolve([]);
  #panels = [];

  constructor({ dashboard, problems, scrape_interval: scrapeInterval }) {
    this.dashboard = dashboard;
    this.scrapeInterval = scrapeInterval;
    this.source = JSON.stringify(dashboard);
    this.state = new State(dashboard);
    this.shownAnnotations = new Set(dashboard.annotations.filter(({ enable }) => enable));
    this.crosshair = new Crosshair(dashboard.sharedCrosshair);
    this.toolbar = h("div", { class: "toolbar", role: "toolbar", "aria-label": "Variables and time" });
    this.content = h("div", { class: "content" });
    replace(main, fileProblems(problems),
      h("div", { class: "head" }, h("h1", {}, dashboard.title), h("p", { class: "faint" }, dashboard.description)),
      h("nav", { class: "links", "aria-label": "Links of the dashboard" }), this.toolbar,
      dashboard.problems.length ? h("div", { class: "problems" }, problemList(dashboard.problems)) : "", this.content);
  }

  // What the panels need to know at the moment.
  now() {
    return { range: this.range ?? recent(), variables: this.variables, annotations: this.#annotations, scrapeInterval: this.scrapeInterval };
  }

  // The time range that the URL asks for, if it is one.
  get #range() {
    return rangeOf(this.state.get("from"), this.state.get("to"));
  }

  // Reads the URL, builds the page from it, and draws.
  async open() {
    this.variables = await load(this.dashboard.variables, this.state.parameters, this.#range ?? recent());
    this.#showToolbar();
    this.#showLinks();
    this.#showPanels();
    await this.draw();
  }

  #change(changes) {
    this.state.set(changes);
    return this.open();
  }

  #showToolbar() {
    const { variables } = this;
    // The menu that is open stays so: that in which a box was just checked, for the next one.
    const open = this.toolbar.querySelector("details[open] [role=group]")?.id;
    const checked = document.activeElement?.value;
    const shown = variables.filter(({ hide, kind }) => hide !== 2 && kind !== "constant");
    replace(this.toolbar,
      shown.map((variable) => variableControl(variable, (values) => this.#change({ [`var-${variable.name}`]: values }))),
      variables.filter(({ problem }) => problem).map(({ problem }) => h("p", { class: "state" }, problem)),
      annotationControl(this.dashboard.annotations, this.shownAnnotations, () => this.refresh.now()),
      h("span", { class: "spring" }),
      timeControl(this.state.get("from"), this.state.get("to"), (from, to) => this.#change({ from, to })),
      refreshControl(this.state.get("refresh"), (refresh) => {
        this.state.set({ refresh }, true);
        this.refresh.every(duration(refresh) || 0);
      }, () => this.refresh.now()));
    const menu = open && document.getElementById(open)?.closest("details");
    if (!menu) return;
    menu.open = true;
    [...menu.querySelectorAll("input")].find(({ value }) => value === checked)?.focus();
  }

  #showLinks() {
    const kept = this.state.parameters;
    const links = this.dashboard.links.map(({ title, url, tooltip, keepTime, includeVars, targetBlank }) => {
      const parameters = new URLSearchParams([...kept].filter(([name]) =>
        (keepTime && (name === "from" || name === "to")) || (includeVars && name.startsWith("var-"))));
      const isOwn = url.startsWith("/") && parameters.size;
      return link(isOwn ? `${url}?${parameters}` : interpolateUrl(url, this.variables), title, { title: tooltip, ...(targetBlank ? { target: "_blank" } : {}) });
    });
    replace(main.querySelector(".links"), links);
  }

  #showPanels() {
    const alone = this.state.get("viewPanel");
    if (this.#panels.length && alone === this.alone) return;
    this.alone = alone;
    this.#panels.forEach((panel) => panel.stop());
    this.#panels = [];
    const context = {
      crosshair: this.crosshair,
      zoom: (start, end) => this.#change({ from: String(Math.round(1000 * start)), to: String(Math.round(1000 * end)) }),
      now: () => this.now(),
      showAlone: (id) => this.#change({ viewPanel: alone ? undefined : String(id) }),
    };
    const build = (panel) => {
      const made = new Panel(panel, context);
      this.#panels.push(made);
      return made.element;
    };
    const rows = rowsOf(this.dashboard.panels);
    const single = alone && rows.flatMap(({ panels }) => panels).find(({ model }) => String(model?.id) === alone);
    this.content.classList.toggle("alone", Boolean(single));
    if (single) {
      const back = h("button", { type: "button", onclick: () => context.showAlone() }, "Back to the dashboard");
      replace(this.content, back, build(single));
    } else replace(this.content, rows.map((row) => rowElement(row, build, () => this.refresh.now())));
  }

  async draw() {
    const range = this.#range;
    if (!range) {
      replace(this.content, h("p", { class: "state" }, `The time range '${this.state.get("from")}' to '${this.state.get("to")}' is none.`));
      this.#panels = [];
      return;
    }
    this.range = range;
    const before = this.#annotations;
    this.#annotations = fetchAnnotations([...this.shownAnnotations], this.now()).catch((error) => {
      if (!("status" in error)) throw error;
      return before;
    });
    await Promise.all(this.#panels.filter(({ element }) => element.checkVisibility()).map((panel) => panel.refresh()));
    this.content.dataset.drawn = String(Number(this.content.dataset.drawn ?? 0) + 1);
  }

  // Draws again. A variable whose values could not be had is asked for again.
  update() {
    return this.variables.every(({ problem }) => !problem) ? this.draw() : this.open();
  }
}
