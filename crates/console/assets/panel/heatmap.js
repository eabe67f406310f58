// A heatmap panel: how many observations fell into each bucket of a histogram.

import { format } from "../units.js";
import { attach } from "./crosshair.js";
import { Plot } from "./plot.js";

const SCHEMES = {
  Turbo: ["#30123b", "#4560d6", "#36a8f9", "#1ae4b6", "#71fe5f", "#c8ef34", "#faba39", "#f66c19", "#ca2a04", "#7a0403"],
  Oranges: ["#fff5eb", "#fdd0a2", "#fd8d3c", "#d94801", "#7f2704"],
  Viridis: ["#440154", "#3b528b", "#21918c", "#5ec962", "#fde725"],
  Blues: ["#f7fbff", "#c6dbef", "#6baed6", "#2171b5", "#08306b"],
  Greens: ["#f7fcf5", "#c7e9c0", "#74c476", "#238b45", "#00441b"],
  Reds: ["#fff5f0", "#fcbba1", "#fb6a4a", "#cb181d", "#67000d"],
};

const bound = (le) => (le === "+Inf" ? Infinity : Number(le));

// Cumulative buckets by their upper bound, each made what lies in it alone.
const bucketsOf = (series) => {
  const sorted = series.map(({ labels, values }) => ({ le: bound(labels.le), values })).filter(({ le }) => !Number.isNaN(le))
    .sort((one, other) => one.le - other.le);
  return sorted.map(({ le, values }, index) => ({
    le,
    values: values.map((value, at) => (value === null ? null : Math.max(0, value - (sorted[index - 1]?.values[at] ?? 0)))),
  }));
};

export const draw = (body, context) => {
  const plot = new Plot(body, context);
  let data;
  let buckets = [];

  const rowsAt = (time, share) => {
    const index = Math.round((time - data.start) / data.step);
    const row = Math.floor(share * buckets.length);
    const bucket = buckets[row];
    const count = bucket?.values[index];
    if (count === null || count === undefined) return [];
    const { yAxis, cellValues } = data.model.options;
    const low = format(buckets[row - 1]?.le ?? 0, yAxis.unit, yAxis.decimals);
    const lines = [{ color: "transparent", name: `${low} to ${format(bucket.le, yAxis.unit, yAxis.decimals)}`, text: format(count, cellValues.unit, cellValues.decimals) }];
    return Object.assign(lines, { time: data.start + index * data.step });
  };
  attach(plot, context.crosshair, rowsAt, () => []);

  return {
    async update(next) {
      await plot.loaded;
      data = next;
      const { model: { options }, start, end, step, annotations } = data;
      buckets = bucketsOf(data.series);
      if (options.yAxis.reverse) buckets.reverse();
      const tone = (value) => (options.color.scale === "exponential" ? value ** options.color.exponent : value);
      const least = options.filterValues.le ?? 0;
      const colors = SCHEMES[options.color.scheme];
      const scheme = options.color.reverse ? [...colors].reverse() : colors;
      const every = Math.max(1, Math.ceil(buckets.length / Math.max(3, plot.box.clientHeight / 22)));
      const labelled = buckets.map((_, index) => index).filter((index) => index % every === 0);
      plot.draw({
        traces: [{
          type: "heatmap",
          x: buckets[0]?.values.map((_, index) => start + index * step) ?? [],
          y: buckets.map((_, index) => index + 0.5),
          z: buckets.map(({ values }) => values.map((value) => (value === null || value <= least ? null : tone(value)))),
          colorscale: scheme.map((color, index) => [index / (scheme.length - 1), color]),
          showscale: false, xgap: options.cellGap, ygap: options.cellGap, hoverinfo: "skip",
        }],
        axis: {
          low: 0, high: Math.max(1, buckets.length),
          values: labelled.map((index) => index + 1),
          texts: labelled.map((index) => format(buckets[index].le, options.yAxis.unit, options.yAxis.decimals)),
        },
        start: start - step / 2, end: end + step / 2, annotations,
        label: `${data.title}: heatmap of ${buckets.length} buckets. The arrow keys move the crosshair.`,
      });
    },
  };
};
