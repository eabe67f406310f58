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
// null of a series without any value.
const ofSome = (values, calculation) => (known(values).length ? calculation(known(values)) : null);
const extreme = (pick) => (values) => ofSome(values, (there) => there.reduce((best, value) => pick(best, value)));

const CALCULATIONS = {
  last: ["Last", (values) => values.at(-1) ?? null],
  lastNotNull: ["Last", (values) => known(values).at(-1) ?? null],
  first: ["First", (values) => values[0] ?? null],
  firstNotNull: ["First", (values) => known(values)[0] ?? null],
  min: ["Min", extreme(Math.min)],
  max: ["Max", extreme(Math.max)],
  mean: ["Mean", (values) => ofSome(values, (there) => sum(there) / there.length)],
  sum: ["Total", (values) => sum(known(values))],
  count: ["Count", (values) => values.length],
  range: ["Range", (values) => ofSome(values, (there) => extreme(Math.max)(there) - extreme(Math.min)(there))],
  // What a counter has counted: a fall is a new start from 0.
  delta: ["Delta", (values) => ofSome(values, (there) => sum(there.slice(1).map((value, index) => (value >= there[index] ? value - there[index] : value))))],
  diff: ["Difference", (values) => ofSome(values, (there) => there.at(-1) - there[0])],
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
