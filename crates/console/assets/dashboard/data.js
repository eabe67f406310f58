// Asks Prometheus for what a panel draws: one query for each target.

import { prometheus } from "../api.js";
import { builtIns, interpolate, interpolateText, shortestStep } from "../interpolate.js";
import { legend, onGrid } from "../series.js";
import { stepOf } from "../time.js";

// Query, step and range of each target, as they are sent now.
export const queries = (model, width, { range, variables, scrapeInterval }) =>
  model.targets.filter((target) => !target.hide).map((target) => {
    const step = stepOf(range.end - range.start, Math.max(60, width), shortestStep(target, scrapeInterval));
    // On multiples of the step, so that a refresh shows the same samples as before.
    const [start, end] = [range.start, range.end].map((time) => Math.floor(time / step) * step);
    const names = builtIns({ start: range.start, end: range.end, step, scrapeInterval });
    return { target, expr: interpolate(target.expr, variables, names), start, end, step };
  });

const run = async ({ target, expr, start, end, step }, options) => {
  if (target.instant) {
    const { result, resultType } = await prometheus("query", { query: expr, time: end }, options);
    const all = resultType === "scalar" ? [{ metric: {}, value: result }] : result;
    return all.map(({ metric, value }) => ({ labels: metric, start: end, step, values: onGrid([[end, value[1]]], end, end, step) }));
  }
  const { result } = await prometheus("query_range", { query: expr, start, end, step }, options);
  return result.map(({ metric, values }) => ({ labels: metric, start, step, values: onGrid(values, start, end, step) }));
};

// All series of a panel, each with the grid of times of its own query.
export const fetchSeries = async (asked, variables, options) => {
  const answers = await Promise.all(asked.map((one) => run(one, options)));
  return answers.flatMap((series, index) => {
    const { target } = asked[index];
    const format = interpolateText(target.legendFormat, variables);
    return series.map((one) => ({ ...one, name: legend(format, one.labels), refId: target.refId }));
  });
};
