import assert from "node:assert/strict";

import { format, valueTicks } from "../../assets/units.js";

const check = (unit, cases) => {
  for (const [value, expected, decimals] of cases) assert.equal(format(value, unit, decimals), expected, `${value} as '${unit}'`);
};

// Of each unit: a usual value, one that is scaled, and a negative one.
const UNITS = {
  "": [[1234.5, "1235"], [-0.5, "-0.5"]],
  none: [[1234567, "1234567"], [0.12345, "0.123"]],
  short: [[999, "999"], [1500, "1.5 K"], [2.5e6, "2.5 Mil"], [3e9, "3 Bil"], [-4e12, "-4 Tri"]],
  string: [[1234567, "1234567"]],
  percent: [[12.34, "12.3%"], [-3, "-3%"]],
  percentunit: [[0.07, "7%"], [1, "100%"], [-0.005, "-0.5%"]],
  s: [[0, "0 s"], [2e-9, "2 ns"], [1.5e-5, "15 µs"], [0.0123, "12.3 ms"], [59, "59 s"], [90, "1.5 min"], [5400, "1.5 h"], [129600, "1.5 d"], [47304000, "1.5 y"], [-0.25, "-250 ms"]],
  ms: [[1, "1 ms"], [1500, "1.5 s"], [-20, "-20 ms"]],
  "µs": [[1500, "1.5 ms"]],
  ns: [[1500, "1.5 µs"]],
  bytes: [[1023, "1023 B"], [1024, "1 KiB"], [1.5 * 1024 ** 3, "1.5 GiB"], [-2048, "-2 KiB"]],
  decbytes: [[1500, "1.5 kB"], [2e12, "2 TB"]],
  kbytes: [[1.5, "1.5 KiB"], [1024, "1 MiB"]],
  mbytes: [[0.5, "512 KiB"], [2048, "2 GiB"]],
  Bps: [[1500, "1.5 kB/s"]],
  binBps: [[1536, "1.5 KiB/s"]],
  ops: [[12, "12 ops/s"], [1500, "1.5K ops/s"]],
  reqps: [[0.25, "0.25 req/s"], [-1, "-1 req/s"]],
  rps: [[1, "1 rd/s"]],
  wps: [[1, "1 wr/s"]],
  iops: [[1, "1 io/s"]],
  cps: [[1, "1 c/s"]],
  hertz: [[2.4e9, "2.4 GHz"]],
  dateTimeAsIso: [[0, "1970-01-01T00:00:00.000Z"], [1e20, "100000000000000000000"]],
  bool_yes_no: [[0, "No"], [1, "Yes"]],
};

for (const [unit, cases] of Object.entries(UNITS)) Deno.test(`unit '${unit}'`, () => check(unit, cases));

Deno.test("the units tested are those that the console knows", () => {
  const source = Deno.readTextFileSync(new URL("../../src/dashboards/field.rs", import.meta.url));
  const list = /pub const UNITS: [^=]+ = \[(.*?)\];/s.exec(source)[1];
  const known = [...list.matchAll(/"([^"]*)"/g)].map(([, unit]) => unit);
  assert.deepEqual(Object.keys(UNITS).sort(), known.sort());
});

Deno.test("a unit that is unknown is a plain number", () => check("furlong", [[1500, "1.5 K"]]));

Deno.test("decimals are those of the panel", () => {
  check("s", [[0.5, "500.00 ms", 2], [0, "0.0 s", 1]]);
  check("percentunit", [[0.123456, "12%", 0]]);
  check("bytes", [[1536, "1.500 KiB", 3]]);
  check("none", [[1.5, "1.50000000000000000000", 255], [1.5, "1.5", null]]);
});

Deno.test("what is no number has a sign of its own, in every unit", () => {
  for (const unit of Object.keys(UNITS)) {
    check(unit, [[null, "–"], [undefined, "–"], [NaN, "–"], [Infinity, "∞"], [-Infinity, "-∞"]]);
  }
});

Deno.test("numbers that are huge or tiny stay short", () => {
  for (const unit of Object.keys(UNITS)) {
    for (const value of [1e300, -1e300, Number.MAX_VALUE, 1e-300, 5e-324]) {
      assert.ok(format(value, unit).length > 0, `${value} as '${unit}'`);
    }
  }
  check("none", [[1e-9, "1.0e-9"]]);
  check("s", [[1e-12, "0.001 ns"]]);
});

Deno.test("ticks are round numbers within the axis, in the unit's own base", () => {
  assert.deepEqual(valueTicks(0, 1, 4, "s"), [0, 0.25, 0.5, 0.75, 1]);
  assert.deepEqual(valueTicks(-10, 10, 4, "none"), [-10, -5, 0, 5, 10]);
  assert.deepEqual(valueTicks(0, 3000, 3, "bytes"), [0, 1024, 2048]);
  for (const [low, high] of [[0, 1e-9], [0.1, 0.3], [1e9, 1e9 + 7], [-3e12, 5e15]]) {
    const ticks = valueTicks(low, high, 5, "none");
    assert.ok(ticks.length >= 2 && ticks.length <= 12, `${ticks}`);
    assert.ok(ticks.every((tick) => tick >= low - 1e-12 && tick <= high * (1 + 1e-9)), `${ticks}`);
  }
});
