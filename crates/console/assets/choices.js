// What a template variable offers, in the file's words or of the values that Prometheus has: [{ value, text }].

export const plain = (values) => values.map((value) => ({ value, text: value }));

// A list with commas, in which an entry may be `text : value`.
export const listed = (query) => query.split(/(?<!\\),/).map((entry) => {
  const text = entry.trim().replaceAll("\\,", ",");
  const named = /^(.+)\s:\s(.+)$/s.exec(text);
  return named ? { value: named[2].trim(), text: named[1].trim() } : { value: text, text };
});

// Those values that match a regular expression, each as its first group.
export const filtered = (values, regex) => {
  const parts = /^\/(.*)\/[a-z]*$/s.exec(regex);
  if (!regex) return values;
  const pattern = new RegExp(parts ? parts[1] : regex);
  return [...new Set(values.map((value) => pattern.exec(value)).filter(Boolean).map((found) => found[1] ?? found[0]))];
};

// As the variable's `sort` says, see src/dashboards/variable.rs.
export const sorted = (values, sort) => {
  if (!sort) return values;
  const numeric = sort === 3 || sort === 4;
  const ordered = [...values].sort((one, other) => one.localeCompare(other, "en", { numeric }));
  return sort % 2 ? ordered : ordered.reverse();
};
