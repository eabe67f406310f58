// The page /: what runs, the flow of requests, what fires, what is injected, and where to go.

import { pager, prometheus, request } from "./api.js";
import { h, link, replace } from "./dom.js";
import { header } from "./header.js";
import { badge, fill, section } from "./page.js";
import { fileProblems } from "./problems.js";
import { Refresh } from "./refresh.js";
import { FAULTS, faultList } from "./start/faults.js";
import { flow } from "./start/flow.js";
import { partTable } from "./start/parts.js";
import { placeList } from "./start/places.js";
import { TRAFFIC, trafficOf } from "./start/traffic.js";
import { clock } from "./time.js";
import { update } from "./update.js";

const main = document.querySelector("#main");
const [running, requests, firing, faults, places] = ["What runs", "Requests", "What fires", "Injected faults", "Where to go"].map((title) => section(title));
const files = h("div", {});
replace(main, h("h1", {}, "Observer"), files, h("div", { class: "columns" },
  h("div", {}, requests.element, running.element), h("div", {}, firing.element, faults.element, places.element)));

const ask = async (query) => (await prometheus("query", { query })).result;

const askAll = async (queries) =>
  Object.fromEntries(await Promise.all(Object.entries(queries).map(async ([name, query]) => [name, await ask(query)])));

const showRunning = async (asked) => {
  const { parts } = await asked.parts;
  // Prometheus may be away: the addresses are still good.
  const [up, faults, traffic] = await Promise.all([ask("min by (job) (up)"), asked.faults, asked.traffic]).catch(() => [[], { plans: [] }]);
  running.update(partTable(parts, { up, faults, traffic }));
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

const showFaults = async (asked) => {
  faults.update(faultList(await asked));
};

const showFlow = async (asked) => {
  requests.update(flow(await asked), h("p", { class: "faint" }, `Over the last minute, at ${clock(Date.now() / 1000)}.`));
};

header("Start");
const refresh = new Refresh(() => {
  const asked = { parts: request("/parts"), faults: askAll(FAULTS), traffic: askAll(TRAFFIC).then(trafficOf) };
  return fill([
    [running, () => showRunning(asked)], [requests, () => showFlow(asked.traffic)],
    [firing, showFiring], [faults, () => showFaults(asked.faults)], [places, () => showPlaces(asked.parts)],
  ]);
}, 5);
refresh.now();
