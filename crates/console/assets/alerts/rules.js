// Every alerting rule, with its state.

import { exploreUrl } from "../explore/url.js";
import { h, link, table } from "../dom.js";
import { badge } from "../page.js";
import { clock, span } from "../time.js";

const STATES = { firing: "alarm", pending: "warn", inactive: "" };

const row = ({ name, state, query, duration, labels, annotations, alerts, health, lastError, lastEvaluation }) =>
  h("tr", { "data-rule": `${name} ${query}` },
    h("td", {}, badge(state, STATES[state]), alerts.length > 1 ? ` ${alerts.length}` : ""),
    h("td", {}, h("strong", {}, name), h("div", { class: "faint" }, annotations.summary)),
    h("td", {}, labels.severity), h("td", { class: "number" }, duration ? span(duration) : "at once"),
    h("td", {}, h("details", {}, h("summary", {}, "Expression"), h("pre", {}, query), link(exploreUrl(query), "Open in Explore"))),
    h("td", {}, annotations.runbook_url ? link(annotations.runbook_url, "Runbook") : ""),
    h("td", {}, health === "ok" ? clock(Date.parse(lastEvaluation) / 1000) : h("span", { class: "state" }, lastError || health)));

const RANK = { firing: 0, pending: 1, inactive: 2 };

// Keeps open what a reader has opened.
export const ruleTable = (rules, old) => {
  const open = new Set([...old.querySelectorAll("tr:has(details[open])")].map((it) => it.dataset.rule));
  const made = table("Alerting rules", ["State", "Alert", "Severity", "For", "Expression", "Runbook", "Last evaluation"],
    [...rules].sort((one, other) => RANK[one.state] - RANK[other.state] || one.name.localeCompare(other.name)).map(row));
  made.querySelectorAll("tr[data-rule]").forEach((it) => { it.querySelector("details").open = open.has(it.dataset.rule); });
  return made;
};
