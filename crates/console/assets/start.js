// The page /: what runs, the flow of requests, what fires, what is injected, and where to go.

import { pager, prometheus, request } from "./api.js";
import { h, link, replace } from "./dom.js";
import { header } from "./header.js";
import { badge, fill, section } from "./page.js";
import { Refresh } from "./refresh.js";
import { FAULTS, faultList } from "./start/faults.js";
import { flow } from "./start/flow.js";
import { controlledBy, partTable } from "./start/parts.js";
import { TRAFFIC, trafficOf } from "./start/traffic.js";
import { clock } from "./time.js";

const main = document.querySelector("#main");
const [running, requests, firing, faults, places] = ["What runs", "Requests", "What fires", "Injected faults", "Where to go"].map((title) => section(title));
replace(main, h("h1", {}, "Observer"), h("div", { class: "columns" },
  h("div", {}, requests.element, running.element), h("div", {}, firing.element, faults.element, places.element)));

const ask = async (query) => (await prometheus("query", { query })).result;

const askAll = async (queries) =>
  Object.fromEntries(await Promise.all(Object.entries(queries).map(async ([name, query]) => [name, await ask(query)])));

const showRunning = async (asked) => {
  const { parts } = await request("/parts");
  // Prometheus may be away: the addresses are still good.
  const [up, faults, traffic] = await Promise.all([ask("min by (job) (up)"), asked.faults, asked.traffic]).catch(() => [[], { plans: [] }]);
  running.update(partTable(parts, { up, faults, traffic }));
  showPlaces(parts);
};

const showPlaces = (parts) => {
  const of = (name) => parts.find((part) => part.name === name);
  const answering = (name) => of(name)?.url && of(name).answers !== false && of(name).url;
  const entries = [
    ["/alerts", "Alerts", "every rule, and the way of each alert to the pager"],
    ["/explore", "Explore", "ask Prometheus in PromQL"],
    ["/targets", "Targets", "what is scraped"],
    ...dashboards.map(({ uid, title, description }) => [`/d/${encodeURIComponent(uid)}`, title, description]),
    ...parts.filter(controlledBy).map((part) => [part.url, `Faults of ${controlledBy(part)}`, "inject errors, delays and hangs"]),
    [answering("pager"), "Pager", "the pages, as whoever is on call sees them"],
    [answering("pager") && `${of("pager").url}runbooks/`, "Runbooks", "what each alert means, and what to do"],
    [answering("prometheus"), "Prometheus", "its own pages"],
    [answering("grafana"), "Grafana", "the same dashboards, and everything else that Grafana does"],
  ];
  places.update(h("ul", { class: "places" }, entries.filter(([url]) => url).map(([url, title, text]) => h("li", {}, link(url, title), h("span", { class: "faint" }, ` ${text}`)))));
};

const showFiring = async () => {
  const alerts = await ask('ALERTS{alertname!="Watchdog"}');
  const pages = await pager("pages").catch(() => undefined);
  const lines = alerts.map(({ metric }) => h("li", {}, badge(metric.alertstate, metric.alertstate === "firing" ? "alarm" : "warn"), " ",
    link("/alerts", metric.alertname), ` ${metric.job ?? ""} ${metric.instance ?? ""}`));
  const beat = pages && (pages.heartbeat.fresh ? badge("the heartbeat reaches the pager", "good") : badge("the pager misses the heartbeat", "alarm"));
  firing.update(lines.length ? h("ul", { class: "plain" }, lines) : h("p", {}, badge("Nothing fires", "good")),
    h("p", {}, beat, pages ? ` ${pages.firing.length} on the pager` : ""));
};

const showFaults = async (asked) => {
  faults.update(faultList(await asked));
};

const showFlow = async (asked) => {
  requests.update(flow(await asked), h("p", { class: "faint" }, `Over the last minute, at ${clock(Date.now() / 1000)}.`));
};

const { dashboards } = await header("Start");
const refresh = new Refresh(() => {
  const asked = { faults: askAll(FAULTS), traffic: askAll(TRAFFIC).then(trafficOf) };
  return fill([
    [running, () => showRunning(asked)], [requests, () => showFlow(asked.traffic)],
    [firing, showFiring], [faults, () => showFaults(asked.faults)],
  ]);
}, 5);
refresh.now();
