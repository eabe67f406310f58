// The axes of values: which series are on each, what it has to hold, and the sums of stacked series.

import { timeOf } from "../series.js";
import { absoluteSteps } from "./field.js";

// Fields with the side of their axis. Of the series that leave the choice open, those with another unit than the first
// are on the right.
export const placed = (fields) => {
  const first = fields.find(({ custom }) => custom.axisPlacement === "auto");
  return fields.map((field) => {
    const { axisPlacement } = field.custom;
    return { ...field, side: axisPlacement === "auto" ? (field.unit === first.unit ? "left" : "right") : axisPlacement };
  });
};

// Adds up values by stack and time, because each series may have a step of its own. Returns the sum so far.
const adder = () => {
  const stacks = new Map();
  return ({ group }, time, value) => {
    if (!stacks.has(group)) stacks.set(group, new Map());
    const sums = stacks.get(group);
    sums.set(time, (sums.get(time) ?? 0) + value);
    return sums.get(time);
  };
};

// Values as they are drawn: in a stack of shares, as shares of the sum.
export const stacked = (series, fields) => {
  const add = adder();
  const isShare = ({ custom }) => custom.stacking.mode === "percent";
  series.forEach((one, index) => {
    if (isShare(fields[index])) one.values.forEach((value, at) => add(fields[index].custom.stacking, timeOf(one, at), value ?? 0));
  });
  return series.map((one, index) => {
    if (!isShare(fields[index])) return one.values;
    return one.values.map((value, at) => {
      const total = add(fields[index].custom.stacking, timeOf(one, at), 0);
      return value === null || !total ? value : value / total;
    });
  });
};

// { low, high, field } of the axis of one side, undefined if no series is on it. drawn: what stacked() returns.
export const axisOf = (series, drawn, fields, side, shown) => {
  const own = fields.map((_, index) => index).filter((index) => fields[index].side === side);
  if (!own.length) return undefined;
  const visible = own.filter((index) => !shown || shown.has(fields[index].name));
  const add = adder();
  let [low, high] = [Infinity, -Infinity];
  for (const index of visible) {
    const { stacking } = fields[index].custom;
    drawn[index].forEach((value, at) => {
      // Neither a gap nor an infinite value has a place on an axis.
      if (!Number.isFinite(value)) return;
      const top = stacking.mode === "none" ? value : add(stacking, timeOf(series[index], at), value);
      low = Math.min(low, top);
      high = Math.max(high, top);
    });
  }
  return { ...bounds(low, high, fields[own[0]]), field: fields[own[0]] };
};

// The bounds of an axis that holds the values from low to high, and what the panel wants it to hold.
export const bounds = (low, high, field) => {
  const { min, max, custom: { axisSoftMin, axisSoftMax, thresholdsStyle } } = field;
  if (low > high) [low, high] = [0, 1];
  if (thresholdsStyle.mode !== "off") {
    // A threshold shows how far away it is, but must not flatten the data.
    const near = absoluteSteps(field).map((step) => step.value).filter((value) => value !== null && value <= 4 * high);
    high = Math.max(high, ...near);
  }
  low = min ?? Math.min(low, axisSoftMin ?? low);
  high = max ?? Math.max(high, axisSoftMax ?? high);
  if (high <= low) high = low + (Math.abs(low) || 1);
  const room = (high - low) * 0.06;
  return { low: min === null ? low - (low === 0 ? 0 : room) : low, high: max === null ? high + room : high };
};
