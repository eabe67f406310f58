// Template variables: what they offer, from Prometheus or from the dashboard, and what of it is selected.

import { prometheus } from "./api.js";
import { filtered, listed, plain, sorted } from "./choices.js";
import { ALL, interpolate } from "./interpolate.js";

const queryOf = ({ query }) => (typeof query === "string" ? query : query.query);

// Which values a variable offers: [{ value, text }]. Fails with what is wrong with its query.
const offered = async (variable, variables, range) => {
  const query = queryOf(variable);
  switch (variable.kind) {
    case "datasource": return plain(["prometheus"]);
    case "textbox":
    case "constant": return plain([query]);
    case "custom":
    case "interval": return listed(query);
    default: return plain(await fromPrometheus(variable, query, variables, range));
  }
};

const fromPrometheus = async (variable, query, variables, { start, end }) => {
  const call = /^\s*label_values\(\s*(?:(.+?)\s*,\s*)?([A-Za-z_]\w*)\s*\)\s*$/s.exec(query);
  if (!call) throw new Error(`variable ${variable.name}: found the query '${query}', expected label_values(metric, label)`);
  const match = call[1] && interpolate(call[1], variables);
  const values = await prometheus(`label/${call[2]}/values`, { start, end, ...(match ? { "match[]": match } : {}) });
  return sorted(filtered(values, variable.regex), variable.sort);
};

// Reads all values, in order, because a variable's query may name those before it. Those are offered that series had
// within the time range.
export const load = async (sources, parameters, range) => {
  const variables = [];
  for (const source of sources) {
    const kind = source.type;
    const variable = { ...source, kind, choices: [], selected: [], problem: undefined };
    try {
      variable.choices = await offered(variable, variables, range);
    } catch (error) {
      variable.problem = error.message;
    }
    const values = variable.choices.map(({ value }) => value);
    const fromUrl = parameters.getAll(`var-${source.name}`);
    const wanted = fromUrl.length ? fromUrl : [source.current.value ?? []].flat().map(String);
    const there = wanted.filter((value) => values.includes(value) || (value === ALL && source.includeAll) || kind === "textbox");
    const first = source.includeAll ? ALL : values[0] ?? wanted[0] ?? "";
    variable.selected = there.length ? (source.multi ? there : there.slice(0, 1)) : [first];
    variables.push(variable);
  }
  return variables;
};
