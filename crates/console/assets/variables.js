// Template variables: their values from Prometheus, the selection in the URL, and what takes their place in queries.

import { prometheus } from "./api.js";
import { duration } from "./time.js";

export const ALL = "$__all";

const escapeRegex = (text) => text.replace(/[\\^$*+?.()|[\]{}]/g, "\\\\$&").replaceAll('"', '\\"');
const escapeString = (text) => text.replaceAll("\\", "\\\\").replaceAll('"', '\\"');

const textOf = (query) => (typeof query === "string" ? query : query.query);

// Which values a variable offers. Fails with what is wrong with its query.
const offered = async (variable, variables, { start, end }) => {
  const query = textOf(variable.query);
  if (variable.kind === "datasource") return ["prometheus"];
  if (variable.kind === "textbox" || variable.kind === "constant") return [query];
  if (variable.kind === "custom") return query.split(/(?<!\\),/).map((it) => it.trim().replace("\\,", ","));
  const call = /^\s*label_values\(\s*(?:(.+?)\s*,\s*)?([A-Za-z_]\w*)\s*\)\s*$/s.exec(query);
  if (!call) throw new Error(`variable ${variable.name}: found the query '${query}', expected label_values(metric, label)`);
  const match = call[1] && interpolate(call[1], variables);
  const values = await prometheus(`label/${call[2]}/values`, { start, end, ...(match ? { "match[]": match } : {}) });
  return sorted(filtered(values, variable.regex), variable.sort);
};

const filtered = (values, regex) => {
  const parts = /^\/(.*)\/[a-z]*$/s.exec(regex);
  if (!regex) return values;
  const pattern = new RegExp(parts ? parts[1] : regex);
  return [...new Set(values.map((value) => pattern.exec(value)).filter(Boolean).map((found) => found[1] ?? found[0]))];
};

const sorted = (values, sort) => {
  if (!sort) return values;
  const numeric = sort === 3 || sort === 4;
  const ordered = [...values].sort((one, other) => one.localeCompare(other, "en", { numeric }));
  return sort % 2 ? ordered : ordered.reverse();
};

// Reads all values, in order, because a variable's query may name those before it. Those are offered that series had
// within the time range.
export const load = async (sources, parameters, range) => {
  const variables = [];
  for (const source of sources) {
    const kind = source.type;
    const variable = { ...source, kind, values: [], selected: [], problem: undefined };
    try {
      variable.values = await offered(variable, variables, range);
    } catch (error) {
      variable.problem = error.message;
    }
    const fromUrl = parameters.getAll(`var-${source.name}`);
    const wanted = fromUrl.length ? fromUrl : [source.current.value ?? []].flat().map(String);
    const there = wanted.filter((value) => variable.values.includes(value) || (value === ALL && source.includeAll) || kind === "textbox");
    const first = source.includeAll ? ALL : variable.values[0] ?? wanted[0] ?? "";
    variable.selected = there.length ? (source.multi ? there : there.slice(0, 1)) : [first];
    variables.push(variable);
  }
  return variables;
};

// The text that takes a variable's place, in the format that `${name:format}` asks for.
const replacement = (variable, format) => {
  const isAll = variable.selected.includes(ALL);
  if (isAll && variable.allValue) return variable.allValue;
  const values = isAll ? variable.values : variable.selected;
  if (format === "csv") return values.join(",");
  if (format === "pipe") return values.join("|");
  if (format === "raw" || format === "text") return values.join(format === "raw" ? "," : " + ");
  if (format === "regex" || variable.multi || variable.includeAll) {
    const escaped = values.map(escapeRegex);
    return escaped.length === 1 ? escaped[0] : `(${escaped.join("|")})`;
  }
  return escapeString(values[0] ?? "");
};

// Replaces variables in a query. `builtIns` has those of Grafana, such as `__rate_interval`.
export const interpolate = (text, variables, builtIns = {}) => fillIn(text, variables, builtIns);

// Replaces variables in a title or a legend, by what a reader would call their values.
export const interpolateText = (text, variables) => fillIn(text, variables, {}, "text");

const fillIn = (text, variables, builtIns, usual) =>
  text.replace(/\$(\w+)|\$\{(\w+)(?::(\w+))?\}|\[\[(\w+)\]\]/g, (whole, plain, braced, format, old) => {
    const name = plain ?? braced ?? old;
    if (name in builtIns) return builtIns[name];
    const variable = variables.find((it) => it.name === name);
    return variable ? replacement(variable, format ?? usual) : whole;
  });

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
