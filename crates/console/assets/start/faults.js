// Injected faults: whose plan is active at each service, and what it does to each path.

import { h } from "../dom.js";
import { badge } from "../page.js";
import { format } from "../units.js";

// Of several instances of a service, the one with the most faults.
export const FAULTS = {
  plans: "max by (job, origin) (fault_plan_in_force) > 0",
  effects: 'max by (__name__, job, path, bound) ({__name__=~"fault_(error|hang|drop)_ratio|fault_delay_seconds"}) > 0',
};

const RATIOS = { fault_error_ratio: "errors", fault_hang_ratio: "hangs", fault_drop_ratio: "dropped connections" };

const PLANS = { startup: "start-up plan", control: "changed plan", incident: "incident" };

const plansOf = ({ plans }, job) => plans.filter(({ metric }) => metric.job === job).map(({ metric }) => metric.origin);

// Whose plan is active at the service: a plan other than that of its settings stands out.
export const planBadge = (faults, job) => {
  const origins = plansOf(faults, job);
  if (!origins.length) return badge("not known");
  const changed = origins.filter((origin) => origin !== "startup");
  return changed.length ? badge(changed.map((origin) => PLANS[origin]).join(", "), "warn") : badge(PLANS.startup);
};

const delay = (lower, upper) => {
  const [from, to] = [lower, upper].map((seconds) => format(seconds, "s"));
  return from === to ? `${to} delay` : `${from} to ${to} delay`;
};

const describe = (effects) => {
  const value = (name, bound) => Number(effects.find(({ metric }) => metric.__name__ === name && metric.bound === bound)?.value[1] ?? 0);
  const upper = value("fault_delay_seconds", "upper");
  const ratios = Object.entries(RATIOS).map(([name, words]) => [value(name), words]).filter(([ratio]) => ratio > 0);
  return [
    ...(upper > 0 ? [delay(value("fault_delay_seconds", "lower"), upper)] : []),
    ...ratios.map(([ratio, words]) => `${format(ratio, "percentunit")} ${words}`),
  ].join(", ");
};

const names = (series, label) => [...new Set(series.map(({ metric }) => metric[label]))].sort();

// faults: the results of FAULTS.
export const faultList = (faults) => {
  const jobs = names(faults.plans, "job");
  if (!jobs.length) return h("p", {}, badge("not known"));
  return h("ul", { class: "plain" }, jobs.map((job) => {
    const effects = faults.effects.filter(({ metric }) => metric.job === job);
    const paths = names(effects, "path").map((path) => `${path}: ${describe(effects.filter(({ metric }) => metric.path === path))}`);
    return h("li", {}, h("strong", {}, job), " ", planBadge(faults, job), (paths.length ? paths : ["none"]).map((text) => h("div", {}, text)));
  }));
};
