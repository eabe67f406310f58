// How the values of one series are shown: the panel's defaults with the overrides that match it.

import { classic, classicByName, color, shade } from "../palette.js";
import { calculate } from "../series.js";

const matches = ({ id, options }, { name, refId }) => {
  if (id === "byName") return options === name;
  if (id === "byFrameRefID") return options === refId;
  const parts = /^\/(.*)\/([a-z]*)$/s.exec(options);
  return new RegExp(parts ? parts[1] : options, parts?.[2] ?? "").test(name);
};

// A display name may take the series' labels: `${__field.labels.instance}`.
const displayName = (text, { labels, name }) =>
  text.replace(/\$\{__(?:field\.labels\.(\w+)|(?:field|series)\.name)\}/g, (_, label) => (label ? labels[label] ?? "" : name));

// The config of each series, a series being { name, labels, refId, values }. A panel without a color has the usual mode of
// its type.
export const fields = (config, all, usualMode) => {
  const shades = new Map();
  return all.map((series, index) => {
    const field = { ...config.defaults, color: config.defaults.color ?? { mode: usualMode }, custom: { ...config.defaults.custom }, name: series.name };
    for (const { matcher, properties } of config.overrides) {
      if (!matches(matcher, series)) continue;
      for (const { id, value } of properties) {
        if (id.startsWith("custom.")) field.custom[id.slice("custom.".length)] = value;
        else field[id] = value;
      }
    }
    if (field.displayName) field.name = displayName(field.displayName, series);
    field.stroke = strokeOf(field, series.values, index, shades);
    return field;
  });
};

const strokeOf = (field, values, index, shades) => {
  const { mode, fixedColor } = field.color;
  switch (mode) {
    case "fixed": return color(fixedColor ?? "gray");
    case "thresholds": return color(thresholdColor(field, calculate("lastNotNull", values) ?? 0));
    case "palette-classic-by-name": return classicByName(field.name);
    case "shades": {
      const nth = shades.get(fixedColor) ?? 0;
      shades.set(fixedColor, nth + 1);
      return shade(fixedColor ?? "gray", nth);
    }
    default: return classic(index);
  }
};

// The steps of the thresholds, those in percent made values.
export const absoluteSteps = ({ thresholds: { mode, steps }, min, max }) => {
  if (mode === "absolute") return steps;
  const [low, high] = [min ?? 0, max ?? 100];
  return steps.map(({ color: name, value }) => ({ color: name, value: value === null ? null : low + (value / 100) * (high - low) }));
};

// The color of the step that a value has reached, by name.
export const thresholdColor = (field, value) => {
  const steps = absoluteSteps(field);
  const reached = steps.filter((step) => step.value === null || value >= step.value);
  return reached.at(-1)?.color ?? steps[0]?.color ?? "text";
};
