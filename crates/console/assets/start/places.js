// Where to go from the page /.

import { h, link } from "../dom.js";
import { controlledBy } from "./parts.js";

// runbooks: their URL, as the pager says.
export const placeList = ({ parts, dashboards, runbooks }) => {
  const of = (name) => parts.find((part) => part.name === name);
  const answering = (name) => of(name)?.url && of(name).answers !== false && of(name).url;
  const pager = answering("pager");
  const entries = [
    ["/alerts", "Alerts", "every rule, and the way of each alert to the pager"],
    ["/explore", "Explore", "ask Prometheus in PromQL"],
    ["/targets", "Targets", "what is scraped"],
    ...dashboards.map(({ uid, title, description }) => [`/d/${encodeURIComponent(uid)}`, title, description]),
    ...parts.filter(controlledBy).map((part) => [part.url, `Faults of ${controlledBy(part)}`, "inject errors, delays and hangs"]),
    [pager, "Pager", "the pages, as whoever is on call sees them"],
    [runbooks ? `${runbooks}/` : pager && `${pager.replace(/\/$/, "")}/runbooks/`, "Runbooks", "what each alert means, and what to do"],
    [answering("prometheus"), "Prometheus", "its own pages"],
    [answering("grafana"), "Grafana", "the same dashboards, and everything else that Grafana does"],
  ];
  return h("ul", { class: "places" }, entries.filter(([url]) => url).map(([url, title, text]) =>
    h("li", { "data-key": title }, link(url, title), h("span", { class: "faint" }, ` ${text}`))));
};
