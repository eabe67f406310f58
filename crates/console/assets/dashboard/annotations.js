// Annotations: each stretch of time in which a query has a result.

import { prometheus } from "../api.js";
import { builtIns, interpolate } from "../interpolate.js";
import { legend } from "../series.js";
import { stepOf } from "../time.js";

const POINTS = 300;

export class Annotations {
  // What each source found last, and by which query. One that fails keeps it.
  #found = new Map();

  constructor(sources) {
    // Those that a reader can choose, and those chosen.
    this.offered = sources.filter(({ hide }) => !hide);
    this.chosen = new Set(sources.filter(({ enable }) => enable));
  }

  choose(source, isChosen) {
    if (isChosen) this.chosen.add(source);
    else this.chosen.delete(source);
  }

  // { found: [{ from, to, title, text, color }], problems: texts }
  async fetch({ range, variables, scrapeInterval }) {
    const step = stepOf(range.end - range.start, POINTS, scrapeInterval);
    const [start, end] = [range.start, range.end].map((time) => Math.floor(time / step) * step);
    const names = builtIns({ ...range, step, scrapeInterval });
    const chosen = [...this.chosen];
    const problems = await Promise.all(chosen.map(async (source) => {
      const query = interpolate(source.expr, variables, names);
      try {
        const { result } = await prometheus("query_range", { query, start, end, step });
        const found = result.flatMap(({ metric, values }) => stretches(values, step).map(([from, to]) => annotation(source, metric, from, to)));
        this.#found.set(source, { query, found });
      } catch (error) {
        if (!("status" in error)) throw error;
        // It may be of another service.
        if (this.#found.get(source)?.query !== query) this.#found.delete(source);
        // That a part is away is said above every page.
        return error.part ? undefined : `Annotation ${source.name}: ${error.message}`;
      }
    }));
    return { found: chosen.flatMap((source) => this.#found.get(source)?.found ?? []), problems: problems.filter(Boolean) };
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
