// A heatmap panel: how many observations fell into each bucket of a histogram.

import { timeOf, indexAt } from "../series.js";
import { format } from "../units.js";
import { ColorScale, colorsOf } from "./colors.js";
import { annotationsAt, attach } from "./crosshair.js";
import { Plot } from "./plot.js";

const bound = (le) => (le === "+Inf" ? Infinity : Number(le));

// Cumulative buckets by their upper bound, each made what lies in it alone.
const bucketsOf = (series) => {
  const sorted = series.map(({ labels, values }) => ({ high: bound(labels.le), values })).filter(({ high }) => !Number.isNaN(high))
    .sort((one, other) => one.high - other.high);
  return sorted.map(({ high, values }, index) => ({
    low: sorted[index - 1]?.high ?? 0, high,
    values: values.map((value, at) => (value === null ? null : Math.max(0, value - (sorted[index - 1]?.values[at] ?? 0)))),
  }));
};

export const draw = (body, context) => {
  const plot = new Plot(body, context);
  const scale = new ColorScale(body);
  let data;
  let buckets = [];

  const rowsAt = (time, share) => {
    if (!buckets.length) return [];
    const { yAxis, cellValues, tooltip } = data.model.options;
    const index = indexAt(data.series[0], time);
    const lineOf = (row) => {
      const { values, low, high } = buckets[row];
      const [from, to] = [low, high].map((edge) => format(edge, yAxis.unit, yAxis.decimals));
      return { color: "transparent", name: `${from} to ${to}`, text: format(values[index], cellValues.unit, cellValues.decimals) };
    };
    const pointed = Math.min(buckets.length - 1, Math.max(0, Math.floor(share * buckets.length)));
    const chosen = { none: [], single: [pointed], multi: [...buckets.keys()].reverse() }[tooltip.mode];
    const isThere = (row) => (buckets[row].values[index] ?? null) !== null;
    return Object.assign(chosen.filter(isThere).map(lineOf), { time: timeOf(data.series[0], index) });
  };
  attach(plot, context.crosshair, rowsAt, (time) => annotationsAt(data, time));

  return {
    async update(next) {
      await plot.loaded;
      data = next;
      const { model: { options }, series, start, end, step, annotations } = data;
      buckets = bucketsOf(series);
      if (options.yAxis.reverse) buckets.reverse();
      const tone = (value) => (options.color.scale === "exponential" ? value ** options.color.exponent : value);
      const least = options.filterValues.le ?? 0;
      const cells = buckets.map(({ values }) => values.map((value) => (value === null || value <= least ? null : value)));
      const colors = colorsOf(options.color);
      // Without any gap, plotly.js tries out an inline style, which the policy of the page refuses.
      const gap = Math.max(options.cellGap, 1e-6);
      // First, because it takes its room from the chart.
      scale.update(options, colors, cells.flat().filter((value) => value !== null));
      const every = Math.max(1, Math.ceil(buckets.length / Math.max(3, plot.box.clientHeight / 22)));
      const labelled = buckets.map((_, index) => index).filter((index) => index % every === 0);
      plot.draw({
        traces: [{
          type: "heatmap",
          x: cells[0]?.map((_, index) => timeOf(series[0], index)) ?? [],
          y: buckets.map((_, index) => index + 0.5),
          z: cells.map((values) => values.map((value) => (value === null ? null : tone(value)))),
          // Each color twice, from where it starts to where it ends: bands.
          colorscale: colors.flatMap((color, index) => [[index / colors.length, color], [(index + 1) / colors.length, color]]),
          showscale: false, xgap: gap, ygap: gap, hoverinfo: "skip",
        }],
        axis: {
          low: 0, high: Math.max(1, buckets.length),
          values: labelled.map((index) => index + 1),
          texts: labelled.map((index) => format(options.yAxis.reverse ? buckets[index].low : buckets[index].high, options.yAxis.unit, options.yAxis.decimals)),
        },
        start: start - step / 2, end: end + step / 2, annotations,
        label: `${data.title}: heatmap of ${buckets.length} buckets. The arrow keys move the crosshair.`,
      });
    },
  };
};
