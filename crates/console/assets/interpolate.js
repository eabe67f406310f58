// What takes the place of template variables in queries, titles and links.

import { duration } from "./time.js";

export const ALL = "$__all";

const escapeString = (text) => text.replaceAll("\\", "\\\\").replaceAll('"', '\\"');
// A regular expression that matches the text, in a string of PromQL.
const escapeRegex = (text) => escapeString(text.replace(/[\\^$*+?.()|[\]{}]/g, "\\$&"));

// What a reader calls a value of a variable.
export const textOf = ({ choices }, value) => (value === ALL ? "All" : choices.find((it) => it.value === value)?.text ?? value);

// The text that takes a variable's place, in the format that `${name:format}` asks for.
const replacement = (variable, format) => {
  if (format === "text") return variable.selected.map((value) => textOf(variable, value)).join(" + ");
  const isAll = variable.selected.includes(ALL);
  if (isAll && variable.allValue) return format === "percentencode" ? encodeURIComponent(variable.allValue) : variable.allValue;
  const values = isAll ? variable.choices.map(({ value }) => value) : variable.selected;
  if (format === "csv" || format === "raw") return values.join(",");
  if (format === "percentencode") return encodeURIComponent(values.join(","));
  if (format === "pipe") return values.join("|");
  if (format === "regex" || variable.multi || variable.includeAll) {
    const escaped = values.map(escapeRegex);
    return escaped.length === 1 ? escaped[0] : `(${escaped.join("|")})`;
  }
  return escapeString(values[0] ?? "");
};

const fillIn = (text, variables, builtIns, usual) =>
  text.replace(/\$(\w+)|\$\{(\w+)(?::(\w+))?\}|\[\[(\w+)\]\]/g, (whole, plain, braced, format, old) => {
    const name = plain ?? braced ?? old;
    if (name in builtIns) return builtIns[name];
    const variable = variables.find((it) => it.name === name);
    return variable ? replacement(variable, format ?? usual) : whole;
  });

// Replaces variables in a query. `builtIns` has those of Grafana, such as `__rate_interval`.
export const interpolate = (text, variables, builtIns = {}) => fillIn(text, variables, builtIns);

// Replaces variables in a title or a legend, by what a reader would call their values.
export const interpolateText = (text, variables) => fillIn(text, variables, {}, "text");

// Replaces variables in the address of a link.
export const interpolateUrl = (text, variables) => fillIn(text, variables, {}, "percentencode");

// Grafana's own variables for a query of this range and step.
export const builtIns = ({ start, end, step, scrapeInterval }) => ({
  __interval: `${step}s`,
  __interval_ms: String(1000 * step),
  __rate_interval: `${Math.max(step + scrapeInterval, 4 * scrapeInterval)}s`,
  __range: `${Math.round(end - start)}s`,
  __range_s: String(Math.round(end - start)),
  __range_ms: String(Math.round(1000 * (end - start))),
});

// A target's own lower limit of the step, such as `15s`.
export const shortestStep = (target, scrapeInterval) => duration(target.interval) || scrapeInterval;
