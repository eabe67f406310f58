// A dashboard: its toolbar, its links and its panels, as the URL asks for.

import { h, link, replace } from "../dom.js";
import { interpolateUrl } from "../interpolate.js";
import { Crosshair } from "../panel/crosshair.js";
import { problemList } from "../panel/frame.js";
import { duration, range as rangeOf } from "../time.js";
import { update } from "../update.js";
import { load } from "../variables.js";
import { Annotations } from "./annotations.js";
import { rowElement, rowsOf } from "./grid.js";
import { Panel } from "./panel.js";
import { State } from "./state.js";
import { annotationControl, refreshControl, timeControl, variableControl } from "./toolbar.js";

// In place of a time range that is none.
const recent = () => rangeOf("now-15m", "now");

// element: where the page is drawn. refresh: what draws it again.
export class Page {
  #annotations = Promise.resolve({ found: [], problems: [] });
  #panels = [];

  constructor(element, { dashboard, scrape_interval: scrapeInterval }, refresh) {
    this.dashboard = dashboard;
    this.scrapeInterval = scrapeInterval;
    this.refresh = refresh;
    this.source = JSON.stringify(dashboard);
    this.state = new State(dashboard);
    this.annotations = new Annotations(dashboard.annotations);
    this.crosshair = new Crosshair(dashboard.sharedCrosshair);
    this.toolbar = h("div", { class: "toolbar", role: "toolbar", "aria-label": "Variables and time" });
    this.content = h("div", { class: "content" });
    this.annotationProblems = h("div", { role: "status" });
    this.links = h("nav", { class: "links", "aria-label": "Links of the dashboard" });
    replace(element,
      h("div", { class: "head" }, h("h1", {}, dashboard.title), h("p", { class: "faint" }, dashboard.description)),
      this.links, this.toolbar,
      dashboard.problems.length ? h("div", { class: "problems" }, problemList(dashboard.problems)) : "",
      this.annotationProblems, this.content);
  }

  // What the panels need to know at the moment.
  now() {
    const annotations = this.#annotations.then(({ found }) => found);
    return { range: this.range ?? recent(), variables: this.variables, annotations, scrapeInterval: this.scrapeInterval };
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
    const shown = variables.filter(({ hide, kind }) => hide !== 2 && kind !== "constant");
    update(this.toolbar,
      shown.map((variable) => variableControl(variable, (values) => this.#change({ [`var-${variable.name}`]: values }))),
      variables.filter(({ problem }) => problem).map(({ problem }) => h("p", { class: "state" }, problem)),
      annotationControl(this.annotations, () => this.refresh.now()),
      h("span", { class: "spring" }),
      timeControl(this.state.get("from"), this.state.get("to"), (from, to) => this.#change({ from, to })),
      refreshControl(this.state.get("refresh"), (refresh) => {
        this.state.set({ refresh }, true);
        this.refresh.every(duration(refresh) || 0);
      }, () => this.refresh.now()));
  }

  #showLinks() {
    const kept = this.state.parameters;
    const links = this.dashboard.links.map(({ title, url, tooltip, keepTime, includeVars, targetBlank }) => {
      const parameters = new URLSearchParams([...kept].filter(([name]) =>
        (keepTime && (name === "from" || name === "to")) || (includeVars && name.startsWith("var-"))));
      const isOwn = url.startsWith("/") && parameters.size;
      return link(isOwn ? `${url}?${parameters}` : interpolateUrl(url, this.variables), title, { title: tooltip, ...(targetBlank ? { target: "_blank" } : {}) });
    });
    update(this.links, ...links);
  }

  #showPanels() {
    const alone = this.state.get("viewPanel");
    if (this.#panels.length && alone === this.alone) return;
    const back = this.alone;
    const hadFocus = this.content.contains(document.activeElement);
    this.alone = alone;
    this.stop();
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
      const button = h("button", { type: "button", onclick: () => this.showAll() }, "Back to the dashboard");
      replace(this.content, button, build(single));
      if (hadFocus) button.focus();
    } else {
      replace(this.content, rows.map((row) => rowElement(row, build, () => this.refresh.now())));
      if (hadFocus) this.#panels.find(({ model }) => String(model?.id) === back)?.focus();
    }
  }

  // Lets go of the panels: others take their place.
  stop() {
    this.#panels.forEach((panel) => panel.stop());
  }

  // Ends the full screen of a panel.
  showAll() {
    if (this.alone) this.#change({ viewPanel: undefined });
  }

  async draw() {
    const range = this.#range;
    if (!range) {
      replace(this.content, h("p", { class: "state" }, `The time range '${this.state.get("from")}' to '${this.state.get("to")}' is none.`));
      this.stop();
      this.#panels = [];
      return;
    }
    this.range = range;
    this.#annotations = this.annotations.fetch(this.now());
    await Promise.all([this.#showAnnotationProblems(), ...this.#panels.filter(({ element }) => element.checkVisibility()).map((panel) => panel.refresh())]);
    this.content.dataset.drawn = String(Number(this.content.dataset.drawn ?? 0) + 1);
  }

  async #showAnnotationProblems() {
    const { problems } = await this.#annotations;
    update(this.annotationProblems, ...problems.map((problem) => h("p", { class: "state" }, problem)));
  }

  // Draws again. A variable whose values could not be had is asked for again.
  update() {
    return this.variables.every(({ problem }) => !problem) ? this.draw() : this.open();
  }
}
