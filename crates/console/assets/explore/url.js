// The URL of a query in Explore.

export const exploreUrl = (expr, { start, end } = {}) => {
  const parameters = new URLSearchParams({ expr });
  if (start && Math.abs(Date.now() / 1000 - end) < 60) {
    parameters.set("from", `now-${Math.round(end - start)}s`);
    parameters.set("to", "now");
  } else if (start) {
    parameters.set("from", String(Math.round(1000 * start)));
    parameters.set("to", String(Math.round(1000 * end)));
  }
  return `/explore?${parameters}`;
};
