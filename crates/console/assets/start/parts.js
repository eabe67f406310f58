// The parts of the stack, with their health.

import { h, link, table } from "../dom.js";
import { badge } from "../page.js";
import { clock } from "../time.js";

const health = ({ name, answers, problem }, up) => {
  const scraped = up.find(({ metric }) => metric.job === name);
  if (answers === false) return badge(problem?.since ? `away since ${clock(Date.parse(problem.since) / 1000)}` : "away", "alarm");
  if (scraped && scraped.value[1] !== "1") return badge("not scraped", "alarm");
  if (answers || scraped) return badge("healthy", "good");
  return "";
};

export const partRows = (parts, up) => {
  const isGrafanaAway = ({ name, answers }) => name === "grafana" && !answers;
  return table("Parts of the stack", ["Part", "Health", "Address"], parts.filter((part) => !isGrafanaAway(part)).map((part) => h("tr", {},
    h("td", {}, part.name), h("td", {}, health(part, up)), h("td", {}, part.url ? link(part.url, part.url.replace(/\/$/, "")) : ""))));
};
