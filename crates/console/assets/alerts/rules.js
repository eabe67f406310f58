// Every alerting rule, with its state.

import { exploreUrl } from "../explore/url.js";
import { h, link, table } from "../dom.js";
import { badge } from "../page.js";
import { clock, span } from "../time.js";

const STATES = { firing: "alarm", pending: "warn", inactive: "" };

// A rule has its annotations as templates, an alert as texts.
const LABEL = /^\{\{.*?\}\}/;

// What the external label at the beginning of the runbooks' URLs is, by an alert that is active, as the Watchdog always is.
const baseOf = (rules) => {
  for (const { annotations, alerts } of rules) {
    const [template, url] = [annotations.runbook_url ?? "", alerts[0]?.annotations.runbook_url];
    const path = template.replace(LABEL, "");
    if (path !== template && url?.endsWith(path)) return url.slice(0, -path.length);
  }
  return undefined;
};

const runbook = (template, base) =>
  template ? link(base === undefined ? template : template.replace(LABEL, base), "Runbook") : "";

// What a rule is about, without an alert whose labels could be filled in: "job answers slowly".
const aboutAny = (template = "") => template.replace(/\{\{\s*\$labels\.(\w+)\s*\}\}/g, "$1");

const row = (base) => ({ name, state, query, duration, labels, annotations, alerts, health, lastError, lastEvaluation }) =>
  h("tr", { "data-rule": name, "data-key": `${name} ${query}` },
    h("td", {}, badge(state, STATES[state]), alerts.length > 1 ? ` ${alerts.length}` : ""),
    h("td", {}, h("strong", {}, name), h("div", { class: "faint" }, aboutAny(annotations.summary))),
    h("td", {}, labels.severity), h("td", { class: "number" }, duration ? span(duration) : "at once"),
    h("td", {}, h("details", {}, h("summary", {}, "Expression"), h("pre", {}, query), link(exploreUrl(query), "Open in Explore"))),
    h("td", {}, runbook(annotations.runbook_url, base)),
    h("td", {}, health === "ok" ? clock(Date.parse(lastEvaluation) / 1000) : h("span", { class: "state" }, lastError || health)));

const RANK = { firing: 0, pending: 1, inactive: 2 };

export const ruleTable = (rules) =>
  table("Alerting rules", ["State", "Alert", "Severity", "For", "Expression", "Runbook", "Last evaluation"],
    [...rules].sort((one, other) => RANK[one.state] - RANK[other.state] || one.name.localeCompare(other.name)).map(row(baseOf(rules))));
