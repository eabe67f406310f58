// The page /: what runs, the flow of requests, what fires, what is injected, and where to go.

import { pager, prometheus, request } from "./api.js";
import { h, link, replace } from "./dom.js";
import { header } from "./header.js";
import { badge, fill, section } from "./page.js";
import { fileProblems } from "./problems.js";
import { Refresh } from "./refresh.js";
import { FLOW, flow } from "./start/flow.js";
import { partRows } from "./start/parts.js";
import { placeList } from "./start/places.js";
import { clock } from "./time.js";
import { format } from "./units.js";
import { update } from "./update.js";

const main = document.querySelector("#main");
const [running, requests, firing, faults, places] = ["What runs", "Requests", "What fires", "Injected faults", "Where to go"].map((title) => section(title));
const files = h("div", {});
replace(main, h("h1", {}, "Observer"), files, h("div", { class: "columns" },
  h("div", {}, requests.element, running.element), h("div", {}, firing.element, faults.element, places.element)));

const ask = async (query) => (await prometheus("query", { query })).result;

const showRunning = async (asked) => {
  const { parts } = await asked;
  // Prometheus may be away: the addresses are still good.
  const up = await ask("min by (job) (up)").catch(() => []);
  running.update(partRows(parts, up));
};

const showPlaces = async (asked) => {
  const [{ parts }, { dashboards, problems }] = await Promise.all([asked, request("/dashboards")]);
  const [runbooks] = await ask("pager_runbooks_info").catch(() => []);
  places.update(placeList({ parts, dashboards, runbooks: runbooks?.metric.url }));
  update(files, fileProblems(problems));
};

// What the pager said last.
let pages;

const showFiring = async () => {
  const alerts = await ask('ALERTS{alertname!="Watchdog"}');
  const answer = await pager("pages").catch(() => undefined);
  pages = answer ?? pages;
  const lines = alerts.map(({ metric }) => h("li", {}, badge(metric.alertstate, metric.alertstate === "firing" ? "alarm" : "warn"), " ",
    link("/alerts", metric.alertname), ` ${metric.job ?? ""} ${metric.instance ?? ""}`));
  const beat = pages && (pages.heartbeat.fresh ? badge("the heartbeat reaches the pager", "good") : badge("the pager misses the heartbeat", "alarm"));
  firing.update(lines.length ? h("ul", { class: "plain" }, lines) : h("p", {}, badge("Nothing fires", "good")),
    h("p", { class: answer ? "" : "stale" }, beat, pages ? ` ${pages.firing.length} on the pager` : ""));
};

const FAULTS = 'fault_error_ratio > 0 or {__name__=~"fault_(hang|drop)_ratio"} > 0';

const showFaults = async () => {
  const found = await ask(FAULTS);
  const name = ({ __name__: metric }) => ({ fault_error_ratio: "errors", fault_hang_ratio: "hangs", fault_drop_ratio: "dropped connections" }[metric] ?? metric);
  const lines = found.map(({ metric, value }) => h("li", {}, `${metric.job} ${metric.path}: ${format(Number(value[1]), "percentunit")} ${name(metric)}`,
    Number(value[1]) > 0.01 ? badge("raised", "warn") : ""));
  faults.update(lines.length ? h("ul", { class: "plain" }, lines) : h("p", {}, badge("None", "good")));
};

const showFlow = async () => {
  const answers = await Promise.all(Object.entries(FLOW).map(async ([name, query]) => [name, await ask(query)]));
  requests.update(flow(Object.fromEntries(answers)), h("p", { class: "faint" }, `Over the last minute, at ${clock(Date.now() / 1000)}.`));
};

header("Start");
const refresh = new Refresh(() => {
  const parts = request("/parts");
  return fill([
    [running, () => showRunning(parts)], [requests, showFlow], [firing, showFiring], [faults, showFaults], [places, () => showPlaces(parts)],
  ]);
}, 5);
refresh.now();
