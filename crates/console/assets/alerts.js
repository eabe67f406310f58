// The page /alerts: every rule, and the journey of each alert to the pager and back.

import { activeJourneys, pastJourneys } from "./alerts/journey.js";
import { ruleTable } from "./alerts/rules.js";
import { askForSilence, silenceList } from "./alerts/silences.js";
import { stageList } from "./alerts/stages.js";
import { alertmanager, pager, prometheus } from "./api.js";
import { h, link, replace } from "./dom.js";
import { header } from "./header.js";
import { badge, fill, section } from "./page.js";
import { Refresh } from "./refresh.js";
import { format } from "./units.js";
import { update } from "./update.js";

// How many journeys that are over are shown, and how far back Prometheus is asked for them.
const MOST_PAST = 20;
const PENDING = "last_over_time(ALERTS_FOR_STATE[6h])";

const main = document.querySelector("#main");
const [active, rules, silences, past] = ["Active alerts", "Rules", "Silences", "Resolved alerts"].map((title) => section(title));
replace(main, h("h1", {}, "Alerts"), active.element, rules.element, silences.element, past.element);

// What each part said last: a part that is away leaves what it had.
const facts = { rules: [], pending: [], alerts: [], groups: [], silences: [], firing: [], history: [], heartbeat: undefined };

const severityKind = (severity) => ({ page: "alarm", warning: "warn" }[severity] ?? "");

// What tells a journey from all others, also from an earlier one of the same alert.
const keyOf = ({ labels, state, firingAt }) => JSON.stringify([Object.entries(labels).sort(), state === "over" ? firingAt : ""]);

const card = (journey, canSilence) => {
  const { labels, annotations, state, value } = journey;
  const others = Object.entries(labels).filter(([name]) => name !== "alertname" && name !== "severity");
  return h("article", { class: `journey ${state}`, "data-alert": labels.alertname, "data-job": labels.job, "data-key": keyOf(journey) },
    h("header", {},
      h("h3", {}, labels.alertname), badge(labels.severity ?? "no severity", severityKind(labels.severity)),
      others.map(([name, text]) => h("code", {}, `${name}="${text}"`)),
      h("span", { class: "spring" }),
      annotations.runbook_url ? link(annotations.runbook_url, "Runbook") : "",
      canSilence && labels.severity !== "none" ? h("button", { type: "button", onclick: () => askForSilence(labels, () => refresh.now()) }, "Silence") : ""),
    h("p", {}, annotations.summary, value === undefined ? "" : h("span", { class: "faint" }, ` · value ${format(Number(value), "short")}`)),
    annotations.description ? h("p", { class: "faint" }, annotations.description) : "",
    stageList(journey));
};

const ORDER = { firing: 0, pending: 1, resolved: 2 };

const show = () => {
  const journeys = activeJourneys(facts);
  const watchdog = journeys.filter(({ labels }) => labels.severity === "none");
  const real = journeys.filter(({ labels }) => labels.severity !== "none").sort((one, other) => ORDER[one.state] - ORDER[other.state]);
  update(active.content,
    real.length ? real.map((journey) => card(journey, true)) : h("p", {}, badge("Nothing fires", "good")),
    watchdog.length ? h("details", { class: "watchdog" }, h("summary", {}, "The heartbeat: ", beat()), watchdog.map((journey) => card(journey, false))) : h("p", {}, beat()));
  update(rules.content, ruleTable(facts.rules));
  update(silences.content, silenceList(facts.silences, () => refresh.now()));
  const over = pastJourneys(facts, MOST_PAST);
  update(past.content, over.length ? over.map((journey) => card(journey, false)) : h("p", { class: "faint" }, "None since the pager's ledger began."));
};

const beat = () => {
  const { heartbeat } = facts;
  if (!heartbeat) return badge("not known");
  const age = `${Math.round(heartbeat.age_seconds)} s ago`;
  return heartbeat.fresh ? badge(`reached the pager ${age}`, "good") : badge(`missed: last ${age}`, "alarm");
};

// The sections that each part is responsible for.
const alive = (...sections) => sections.forEach(({ element, content }) => {
  content.classList.remove("stale");
  replace(element.querySelector(".state"), "");
});

const fromPrometheus = async () => {
  const [{ groups }, { result }] = await Promise.all([prometheus("rules", { type: "alert" }), prometheus("query", { query: PENDING })]);
  facts.rules = groups.flatMap((group) => group.rules);
  facts.pending = result;
  alive(rules);
};

const fromAlertmanager = async () => {
  [facts.alerts, facts.groups, facts.silences] = await Promise.all([alertmanager("alerts"), alertmanager("groups"), alertmanager("silences")]);
  alive(silences);
};

const fromPager = async () => {
  const { firing, history, heartbeat } = await pager("pages");
  Object.assign(facts, { firing, history, heartbeat });
  alive(past);
};

const refresh = new Refresh(async () => {
  const outcomes = await fill([[rules, fromPrometheus], [silences, fromAlertmanager], [past, fromPager]]);
  // The journeys are made of what all three say.
  const isWhole = outcomes.every(Boolean);
  active.content.classList.toggle("stale", !isWhole);
  show();
}, 5);

header("Alerts");
refresh.now();
