// The page /: what runs, the flow of requests, what fires, what is injected, and where to go.

import { pager, prometheus, request } from "./api.js";
import { h, link, replace } from "./dom.js";
import { header } from "./header.js";
import { badge, fill, section } from "./page.js";
import { Refresh } from "./refresh.js";
import { FLOW, flow } from "./start/flow.js";
import { partRows } from "./start/parts.js";
import { clock } from "./time.js";
import { format } from "./units.js";

const main = document.querySelector("#main");
const [running, requests, firing, faults, places] = ["What runs", "Requests", "What fires", "Injected faults", "Where to go"].map((title) => section(title));
replace(main, h("h1", {}, "Observer"), h("div", { class: "columns" },
  h("div", {}, requests.element, running.element), h("div", {}, firing.element, faults.element, places.element)));

const ask = async (query) => (await prometheus("query", { query })).result;

const showRunning = async () => {
  const { parts } = await request("/parts");
  // Prometheus may be away: the addresses are still good.
  const up = await ask("min by (job) (up)").catch(() => []);
  running.update(partRows(parts, up));
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
    ...parts.filter(({ name }) => name.startsWith("faults of ")).map(({ name, url }) => [url, `Faults of ${name.slice(10)}`, "inject errors, delays and hangs"]),
    [answering("pager"), "Pager", "the pages, as whoever is on call sees them"],
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

const { dashboards } = await header("Start");
const refresh = new Refresh(() => fill([[running, showRunning], [requests, showFlow], [firing, showFiring], [faults, showFaults]]), 5);
refresh.now();
