// Annotations: each stretch of time in which a query has a result.

import { prometheus } from "../api.js";
import { legend } from "../series.js";
import { stepOf } from "../time.js";
import { builtIns, interpolate } from "../variables.js";

const POINTS = 300;

export class Annotations {
  #sources;
  // What each source found last. One that fails keeps it.
  #found;

  constructor(sources) {
    this.#sources = sources.filter((it) => it.enable);
    this.#found = this.#sources.map(() => []);
  }

  // { found: [{ from, to, title, text, color }], problems: texts }
  async fetch({ range, variables, scrapeInterval }) {
    const step = stepOf(range.end - range.start, POINTS, scrapeInterval);
    const [start, end] = [range.start, range.end].map((time) => Math.floor(time / step) * step);
    const names = builtIns({ ...range, step, scrapeInterval });
    const problems = await Promise.all(this.#sources.map(async (source, index) => {
      const query = interpolate(source.expr, variables, names);
      try {
        const { result } = await prometheus("query_range", { query, start, end, step });
        this.#found[index] = result.flatMap(({ metric, values }) => stretches(values, step).map(([from, to]) => annotation(source, metric, from, to)));
      } catch (error) {
        if (!("status" in error)) throw error;
        // That a part is away is said above every page.
        return error.part ? undefined : `Annotation ${source.name}: ${error.message}`;
      }
    }));
    return { found: this.#found.flat(), problems: problems.filter(Boolean) };
  }
}

const annotation = (source, metric, from, to) => ({
  from, to,
  title: legend(source.titleFormat || source.name, metric),
  text: source.textFormat ? legend(source.textFormat, metric) : "",
  color: source.iconColor,
});

const stretches = (samples, step) => {
  const found = [];
  for (const [at] of samples) {
    const last = found.at(-1);
    if (last && at - last[1] <= step * 1.5) last[1] = at;
    else found.push([at, at]);
  }
  return found;
};
