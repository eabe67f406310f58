// The axes of values: what they have to hold, and the sums of stacked series.

// Values as they are drawn: in a stack of shares, as shares of the sum.
export const stacked = (series, fields) => {
  const totals = new Map();
  fields.forEach(({ custom }, index) => {
    if (custom.stacking.mode !== "percent") return;
    const total = totals.get(custom.stacking.group) ?? [];
    series[index].values.forEach((value, at) => { total[at] = (total[at] ?? 0) + (value ?? 0); });
    totals.set(custom.stacking.group, total);
  });
  return series.map(({ values }, index) => {
    const total = fields[index].custom.stacking.mode === "percent" && totals.get(fields[index].custom.stacking.group);
    return total ? values.map((value, at) => (value === null || !total[at] ? value : value / total[at])) : values;
  });
};

// { low, high, field } of one axis, undefined if no series is on it.
export const axisOf = ({ series, model }, fields, isRight, shown) => {
  const own = fields.map((_, index) => index).filter((index) => (fields[index].custom.axisPlacement === "right") === isRight);
  if (!own.length && isRight) return undefined;
  const visible = own.filter((index) => !shown || shown.has(fields[index].name));
  const drawn = stacked(series, fields);
  const sums = new Map();
  let [low, high] = [Infinity, -Infinity];
  for (const index of visible) {
    const { stacking } = fields[index].custom;
    const sum = stacking.mode === "none" ? undefined : sums.get(stacking.group) ?? sums.set(stacking.group, []).get(stacking.group);
    drawn[index].forEach((value, at) => {
      if (value === null) return;
      if (sum) sum[at] = (sum[at] ?? 0) + value;
      const top = sum ? sum[at] : value;
      low = Math.min(low, top);
      high = Math.max(high, top);
    });
  }
  const field = fields[own[0]] ?? { ...model.fieldConfig.defaults };
  if (low > high) [low, high] = [0, 1];
  if (field.custom.thresholdsStyle.mode !== "off") {
    // A threshold shows how far away it is, but must not flatten the data.
    const near = field.thresholds.steps.map((step) => step.value).filter((value) => value !== null && value <= 4 * high);
    high = Math.max(high, ...near);
  }
  const { min, max, custom: { axisSoftMin, axisSoftMax } } = field;
  low = min ?? Math.min(low, axisSoftMin ?? low);
  high = max ?? Math.max(high, axisSoftMax ?? high);
  if (high <= low) high = low + (Math.abs(low) || 1);
  const room = (high - low) * 0.06;
  return { low: min === null ? low - (low === 0 ? 0 : room) : low, high: max === null ? high + room : high, field };
};
