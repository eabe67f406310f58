import assert from "node:assert/strict";

import { calculate, calculationName, indexAt, legend, onGrid, timeOf } from "../../assets/series.js";

Deno.test("a legend takes the labels, and lacks those that are missing", () => {
  const labels = { __name__: "up", job: "app", path: "/ping" };
  assert.equal(legend("{{job}} {{ path }}", labels), "app /ping");
  assert.equal(legend("{{job}}{{nothing}}", labels), "app");
  for (const format of ["", "  ", "__auto", "{{nothing}}"]) assert.equal(legend(format, labels), 'up{job="app", path="/ping"}');
  assert.equal(legend("", { __name__: "up" }), "up");
  assert.equal(legend("", {}), "value");
});

Deno.test("calculations pass over gaps", () => {
  const values = [null, 3, null, 1, 5, null];
  const expected = {
    last: null, lastNotNull: 5, first: null, firstNotNull: 3, min: 1, max: 5, mean: 3, sum: 9, count: 6, range: 4, delta: 5, diff: 2,
  };
  for (const [name, value] of Object.entries(expected)) {
    assert.equal(calculate(name, values), value, name);
    assert.ok(calculationName(name));
  }
});

Deno.test("calculations of nothing are nothing", () => {
  for (const name of ["last", "lastNotNull", "first", "firstNotNull", "min", "max", "mean", "range", "delta", "diff"]) {
    for (const values of [[], [null, null], [NaN]]) assert.ok(Number.isNaN(calculate(name, values) ?? NaN), `${name} of ${values}`);
  }
  assert.equal(calculate("sum", [null]), 0);
  assert.equal(calculate("count", []), 0);
});

Deno.test("samples are on the grid of their query, with gaps where there is none", () => {
  assert.deepEqual(onGrid([[10, "1"], [30, "2.5"]], 10, 40, 10), [1, null, 2.5, null]);
  assert.deepEqual(onGrid([[10, "NaN"], [20, "+Inf"], [30, "-Inf"], [40, "1e3"]], 10, 40, 10), [null, Infinity, -Infinity, 1000]);
  assert.deepEqual(onGrid([[0, "1"], [50, "1"]], 10, 40, 10), [null, null, null, null]);
});

Deno.test("an index is the nearest one to a time", () => {
  const grid = { start: 100, step: 15 };
  assert.deepEqual([0, 1, 4].map((index) => timeOf(grid, index)), [100, 115, 160]);
  assert.deepEqual([100, 107, 108, 160].map((time) => indexAt(grid, time)), [0, 0, 1, 4]);
});
