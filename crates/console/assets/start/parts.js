// The parts of the stack, with their health.

import { h, link, table } from "../dom.js";
import { badge } from "../page.js";
import { clock } from "../time.js";
import { format } from "../units.js";
import { planBadge } from "./faults.js";

const CONTROL = "faults of ";

// Requests a second. Below it the load is what two scrapes differ by, or somebody with curl.
const LEAST_LOAD = 0.5;

// The service whose faults a part controls, if it is a control listener.
export const controlledBy = ({ name }) => (name.startsWith(CONTROL) ? name.slice(CONTROL.length) : undefined);

const health = (part, { up, faults }) => {
  const { name, answers, problem } = part;
  if (answers === false) return badge(problem?.since ? `away since ${clock(Date.parse(problem.since) / 1000)}` : "away", "alarm");
  const service = controlledBy(part);
  const scraped = up.find(({ metric }) => metric.job === (service ?? name));
  if (scraped && scraped.value[1] !== "1") return badge("not scraped", "alarm");
  if (service) return planBadge(faults, service);
  return answers || scraped ? badge("healthy", "good") : badge("not known");
};

const databaseHealth = ({ isKnown, notReadyFor }) => {
  if (!isKnown) return badge("not known");
  return notReadyFor.length ? badge(`not ready for ${notReadyFor.join(", ")}`, "alarm") : badge("healthy", "good");
};

const loadHealth = (load) => (load >= LEAST_LOAD ? badge(format(load, "reqps"), "good") : badge("none"));

const row = (...cells) => h("tr", {}, cells.map((cell) => h("td", {}, cell)));

// What Prometheus knows of the parts that no address leads to, and nothing if it is away.
const others = (traffic) => [
  row("postgres", traffic ? databaseHealth(traffic.database) : badge("not known"), ""),
  row("load", traffic ? loadHealth(traffic.load) : badge("not known"), h("code", {}, "make load")),
];

// known: the results of `up` and FAULTS, and the traffic, as far as Prometheus answers.
export const partTable = (parts, known) => {
  const isGrafanaAway = ({ name, answers }) => name === "grafana" && !answers;
  const rows = parts.filter((part) => !isGrafanaAway(part)).map((part) =>
    row(part.name, health(part, known), part.url ? link(part.url, part.url.replace(/\/$/, "")) : ""));
  return table("Parts of the stack", ["Part", "Health", "Address"], [...rows, ...others(known.traffic)]);
};
