import assert from "node:assert/strict";

import { duration, instant, range, span, stepOf, ticks } from "../../assets/time.js";

Deno.test("durations", () => {
  for (const [text, seconds] of Object.entries({ "15s": 15, "1h30m": 5400, "250ms": 0.25, "1.5h": 5400, "2d": 172800, "1w": 604800, "1y": 31536000 })) {
    assert.equal(duration(text), seconds, text);
  }
  for (const text of ["", "1", "m", "1x", "1h ", "-1h", "1h30"]) assert.ok(Number.isNaN(duration(text)), text);
});

Deno.test("points in time", () => {
  assert.equal(instant("now", 1000), 1000);
  assert.equal(instant("now-15m", 1000), 100);
  assert.equal(instant("now+1m", 1000), 1060);
  assert.equal(instant("1800000000000"), 1.8e9);
  assert.equal(instant("2027-01-15T08:00:00Z"), 1.8e9);
  for (const text of ["now-", "now-x", "yesterday", ""]) assert.ok(Number.isNaN(instant(text)), text);
});

Deno.test("a range that ends before it starts is none", () => {
  assert.deepEqual(range("1000000", "2000000"), { start: 1000, end: 2000 });
  for (const [from, to] of [["2000", "1000"], ["now", "now"], ["now-x", "now"], ["now/d", "now"]]) assert.equal(range(from, to), undefined);
});

Deno.test("lengths of time have at most two units", () => {
  const cases = [[0.25, "250 ms"], [0, "0 ms"], [2.5, "2.5 s"], [59.7, "1 min"], [125, "2 min 5 s"], [3600, "1 h"], [3661, "1 h 1 min"], [90000, "1 d 1 h"], [NaN, "–"], [Infinity, "–"]];
  for (const [seconds, text] of cases) assert.equal(span(seconds), text, String(seconds));
});

Deno.test("a step is round, no shorter than the data's own, and a multiple of it", () => {
  assert.equal(stepOf(900, 600, 5), 5);
  assert.equal(stepOf(21600, 600, 5), 60);
  assert.equal(stepOf(21600, 600, 7), 42);
  for (const seconds of [60, 3600, 86400, 30 * 86400, 10 * 31536000]) {
    for (const shortest of [1, 5, 15, 60]) {
      const step = stepOf(seconds, 500, shortest);
      assert.ok(step >= shortest && step % shortest === 0 && seconds / step <= 500, `${seconds} ${shortest}: ${step}`);
    }
  }
});

Deno.test("the ticks of an axis are within it, at round times", () => {
  // In UTC, as ci/lint.sh runs this.
  assert.deepEqual(ticks(1_800_000_000, 1_800_000_900, 450), { values: [0, 300, 600, 900].map((at) => 1_800_000_000 + at), texts: ["08:00", "08:05", "08:10", "08:15"] });
  assert.deepEqual(ticks(1_800_000_001, 1_800_000_060, 400).texts, ["08:00:15", "08:00:30", "08:00:45", "08:01:00"]);
  assert.deepEqual(ticks(1_800_000_000, 1_800_000_000 + 6 * 86400, 600).texts.slice(0, 2), ["01-16", "01-17"]);
});
