// The page /explore: a PromQL query as a graph and as a table. Its history is that of the URL.

import { prometheusAnswer, request } from "./api.js";
import { State } from "./dashboard/state.js";
import { timeControl } from "./dashboard/toolbar.js";
import { h, replace, table } from "./dom.js";
import { header } from "./header.js";
import { Crosshair } from "./panel/crosshair.js";
import { Frame } from "./panel/frame.js";
import * as timeseries from "./panel/timeseries.js";
import { MODEL } from "./explore/model.js";
import { Refresh } from "./refresh.js";
import { legend, onGrid } from "./series.js";
import { clock, range as rangeOf, stepOf } from "./time.js";
import { update } from "./update.js";

// More lines than this are a tangle, and slow.
const MAX_LINES = 100;
const MAX_ROWS = 1000;

// How often a query is sent again while a part is away, in seconds.
const RETRY = 5;

const main = document.querySelector("#main");
const state = new State({ time: { from: "now-1h", to: "now" }, refresh: "" });
const field = h("textarea", { id: "expr", spellcheck: "false", placeholder: "sum by (job, path) (rate(http_requests_total[1m]))", "aria-describedby": "keys" });
const times = h("div", { class: "control" });
const refused = h("p", { class: "state", id: "refused", role: "alert" });
const remarks = h("div", { class: "remarks", role: "status" });
const frame = new Frame({ title: "Graph", description: "", problems: [], actions: [] });
const rows = h("section", { class: "card scroll", "aria-label": "Table", hidden: true });
frame.element.classList.add("graph");
frame.element.hidden = true;

// Of the query that goes on.
let abort = new AbortController();

// Shows what the URL says. An answer to what it said before is not wanted any more.
const show = () => {
  abort.abort();
  refresh.now();
};

const change = (changes) => {
  state.set(changes);
  show();
};
const drawing = timeseries.draw(frame.body, {
  crosshair: new Crosshair(false),
  zoom: (start, end) => change({ from: String(Math.round(1000 * start)), to: String(Math.round(1000 * end)) }),
});

const submit = () => change({ expr: field.value.trim() });
field.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey) return;
  event.preventDefault();
  submit();
});
const form = h("form", { class: "query" }, h("label", { for: "expr" }, "PromQL"), field,
  h("div", { class: "line" }, h("button", {}, "Run"), times, h("span", { class: "faint", id: "keys" }, "Enter runs it, Shift and Enter make a new line.")));
form.addEventListener("submit", (event) => {
  event.preventDefault();
  submit();
});
replace(main, h("h1", {}, "Explore"), form, refused, remarks, frame.element, rows);

const ask = (path, parameters) => prometheusAnswer(path, parameters, { signal: abort.signal });

const graph = async (expr, { start: from, end: to }) => {
  const { scrape_interval: scrapeInterval } = await request("/dashboards");
  const step = stepOf(to - from, Math.max(100, main.clientWidth / 2), scrapeInterval);
  const [start, end] = [from, to].map((time) => Math.floor(time / step) * step);
  const answer = await ask("query_range", { query: expr, start, end, step });
  const { result } = answer.data;
  const series = result.slice(0, MAX_LINES).map(({ metric, values }) => ({ labels: metric, name: legend("", metric), refId: "A", start, step, values: onGrid(values, start, end, step) }));
  frame.element.hidden = false;
  frame.setTitle(result.length > MAX_LINES ? `Graph of ${MAX_LINES} of ${result.length} series` : "Graph");
  await drawing.update({ model: MODEL, title: "Graph", series, start, end, step, annotations: [] });
  frame.fresh(!series.length);
  return answer;
};

const showTable = ({ resultType, result }) => {
  const single = resultType === "scalar" || resultType === "string";
  const all = single ? [{ metric: {}, value: result }] : result;
  const lines = all.slice(0, MAX_ROWS).map(({ metric, value, values, histogram }) =>
    h("tr", {}, h("td", {}, single ? resultType : legend("", metric)),
      h("td", { class: "number" }, value ? value[1] : values ? values.map(([at, it]) => `${it} @ ${clock(at)}`).join("\n") : JSON.stringify(histogram))));
  replace(rows, h("h2", {}, all.length > MAX_ROWS ? `${MAX_ROWS} of ${all.length} series` : `${all.length} series`),
    table("Result", ["Series", "Value"], lines, { class: "result" }));
  rows.hidden = false;
};

// What Prometheus remarks on its answers, each remark once.
const showRemarks = (answers) => {
  const texts = new Set(answers.flatMap(({ warnings = [], infos = [] }) => [...warnings, ...infos]));
  update(remarks, ...[...texts].map((text) => h("p", {}, text)));
};

const run = async () => {
  abort = new AbortController();
  const expr = state.get("expr");
  update(times, timeControl(state.get("from"), state.get("to"), (from, to) => change({ from, to, expr: field.value.trim() || undefined })));
  const range = rangeOf(state.get("from"), state.get("to"));
  if (!expr || !range) {
    frame.element.hidden = true;
    rows.hidden = true;
    replace(refused, range ? "" : "The time range is none.");
    showRemarks([]);
    return;
  }
  const answer = await ask("query", { query: expr, time: range.end });
  showTable(answer.data);
  // A range vector has no graph of its own.
  const isGraph = answer.data.resultType !== "matrix" && answer.data.resultType !== "string";
  if (!isGraph) frame.element.hidden = true;
  showRemarks(isGraph ? [answer, await graph(expr, range)] : [answer]);
  rows.classList.remove("stale");
  replace(refused, "");
};

const refresh = new Refresh(async () => {
  refresh.seconds = 0;
  try {
    await run();
  } catch (error) {
    if (!("status" in error)) throw error;
    replace(refused, error.message);
    showRemarks([]);
    rows.classList.add("stale");
    frame.stale("");
    // It answers some time.
    if (error.part) refresh.seconds = RETRY;
  }
}, 0);

// The field shows the query of the URL; while it is sent again, what is being typed stays.
const open = () => {
  field.value = state.get("expr");
  show();
};

addEventListener("popstate", open);
header("Explore");
open();
