// How the values of one series are shown: the panel's defaults with the overrides that match it.

import { classic, color, shade } from "../palette.js";

const matches = ({ id, options }, { name, refId }) => {
  if (id === "byName") return options === name;
  if (id === "byFrameRefID") return options === refId;
  const parts = /^\/(.*)\/([a-z]*)$/s.exec(options);
  return new RegExp(parts ? parts[1] : options, parts?.[2] ?? "").test(name);
};

// The config of each series, a series being { name, refId }.
export const fields = (config, all) => {
  const shades = new Map();
  return all.map((series, index) => {
    const field = { ...config.defaults, custom: { ...config.defaults.custom }, name: series.name };
    for (const { matcher, properties } of config.overrides) {
      if (!matches(matcher, series)) continue;
      for (const { id, value } of properties) {
        if (id.startsWith("custom.")) field.custom[id.slice("custom.".length)] = value;
        else field[id] = value;
      }
    }
    if (field.displayName) field.name = field.displayName;
    field.stroke = strokeOf(field.color, index, shades);
    return field;
  });
};

const strokeOf = ({ mode, fixedColor }, index, shades) => {
  if (mode === "fixed") return color(fixedColor ?? "gray");
  if (mode !== "shades") return classic(index);
  const nth = shades.get(fixedColor) ?? 0;
  shades.set(fixedColor, nth + 1);
  return shade(fixedColor ?? "gray", nth);
};

// The color of the step that a value has reached, by name.
export const thresholdColor = ({ thresholds, min, max }, value) => {
  const scale = thresholds.mode === "percentage" ? ((max ?? 100) - (min ?? 0)) / 100 : 1;
  const offset = thresholds.mode === "percentage" ? (min ?? 0) : 0;
  const reached = thresholds.steps.filter((step) => step.value === null || value >= offset + step.value * scale);
  return reached.at(-1)?.color ?? thresholds.steps[0]?.color ?? "text";
};
