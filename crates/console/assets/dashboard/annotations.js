// Annotations: each stretch of time in which a query has a result.

import { prometheus } from "../api.js";
import { builtIns, interpolate } from "../interpolate.js";
import { legend } from "../series.js";
import { stepOf } from "../time.js";

const POINTS = 300;

// [{ from, to, title, text, color }]
export const fetchAnnotations = async (sources, { range, variables, scrapeInterval }) => {
  const step = stepOf(range.end - range.start, POINTS, scrapeInterval);
  const [start, end] = [range.start, range.end].map((time) => Math.floor(time / step) * step);
  const names = builtIns({ ...range, step, scrapeInterval });
  const answers = await Promise.all(sources.map(async (source) => {
    const query = interpolate(source.expr, variables, names);
    const { result } = await prometheus("query_range", { query, start, end, step });
    return result.flatMap(({ metric, values }) => stretches(values, step).map(([from, to]) => ({
      from, to,
      title: legend(source.titleFormat || source.name, metric),
      text: source.textFormat ? legend(source.textFormat, metric) : "",
      color: source.iconColor,
    })));
  }));
  return answers.flat();
};

const stretches = (samples, step) => {
  const found = [];
  for (const [at] of samples) {
    const last = found.at(-1);
    if (last && at - last[1] <= step * 1.5) last[1] = at;
    else found.push([at, at]);
  }
  return found;
};
