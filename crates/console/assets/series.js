// Series of a query: their names, and single values made of them.

// `{{label}}` in a legend becomes the label's value. Without a legend, or with an empty one, all labels are the name.
export const legend = (format, labels) => {
  const formatted = format === "__auto" ? "" : format.replace(/\{\{\s*([^}\s]+)\s*\}\}/g, (_, name) => labels[name] ?? "");
  if (formatted.trim()) return formatted;
  const { __name__: name = "", ...others } = labels;
  const text = Object.entries(others).map(([key, value]) => `${key}="${value}"`).join(", ");
  return text ? `${name}{${text}}` : name || "value";
};

const known = (values) => values.filter((value) => value !== null && !Number.isNaN(value));
const sum = (values) => values.reduce((total, value) => total + value, 0);
const extreme = (pick) => (values) => {
  const there = known(values);
  return there.length ? there.reduce((best, value) => pick(best, value)) : null;
};

const CALCULATIONS = {
  last: ["Last", (values) => values.at(-1) ?? null],
  lastNotNull: ["Last", (values) => known(values).at(-1) ?? null],
  first: ["First", (values) => values[0] ?? null],
  firstNotNull: ["First", (values) => known(values)[0] ?? null],
  min: ["Min", extreme(Math.min)],
  max: ["Max", extreme(Math.max)],
  mean: ["Mean", (values) => (known(values).length ? sum(known(values)) / known(values).length : null)],
  sum: ["Total", (values) => sum(known(values))],
  count: ["Count", (values) => values.length],
  range: ["Range", (values) => extreme(Math.max)(values) - extreme(Math.min)(values)],
  delta: ["Delta", (values) => (known(values).at(-1) ?? 0) - (known(values)[0] ?? 0)],
  diff: ["Difference", (values) => (known(values).at(-1) ?? 0) - (known(values)[0] ?? 0)],
};

export const calculationName = (name) => CALCULATIONS[name][0];
export const calculate = (name, values) => CALCULATIONS[name][1](values);

// The grid of times of a series.
export const timeOf = ({ start, step }, index) => start + index * step;
export const indexAt = ({ start, step }, time) => Math.round((time - start) / step);

// The values of a matrix on its grid of times; null where there is no sample.
export const onGrid = (samples, start, end, step) => {
  const values = new Array(Math.round((end - start) / step) + 1).fill(null);
  for (const [at, text] of samples) {
    const value = Number(text.replace("Inf", "Infinity"));
    const index = indexAt({ start, step }, at);
    if (index >= 0 && index < values.length) values[index] = Number.isNaN(value) ? null : value;
  }
  return values;
};
