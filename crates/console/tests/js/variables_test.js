import assert from "node:assert/strict";

import { filtered, listed, sorted } from "../../assets/choices.js";
import { ALL, builtIns, interpolate, interpolateText, interpolateUrl, shortestStep } from "../../assets/interpolate.js";

const variable = (name, values, selected, more = {}) => ({ name, choices: values.map((value) => ({ value, text: value })), selected, ...more });

const SERVICE = variable("service", ["app", "beta"], ["app"]);
const SEVERAL = variable("several", ["a.b", "c"], ["a.b", "c"], { multi: true, includeAll: true });
const EVERY = variable("every", ["a.b", "c"], [ALL], { multi: true, includeAll: true });
const ANY = { ...EVERY, name: "any", allValue: ".*" };
const NAMED = { name: "named", choices: [{ value: "prod", text: "production" }], selected: ["prod"] };
const VARIABLES = [SERVICE, SEVERAL, EVERY, ANY, NAMED];

const check = (replace, cases) => {
  for (const [text, expected] of Object.entries(cases)) assert.equal(replace(text, VARIABLES), expected, text);
};

Deno.test("a query has the values, escaped for a regular expression where several can be chosen", () => {
  check(interpolate, {
    'up{job="$service"}': 'up{job="app"}',
    "${service} [[service]]": "app app",
    "$services $missing ${missing}": "$services $missing ${missing}",
    'up{a=~"$several"}': 'up{a=~"(a\\\\.b|c)"}',
    'up{a=~"$every"}': 'up{a=~"(a\\\\.b|c)"}',
    'up{a=~"$any"}': 'up{a=~".*"}',
    "$named": "prod",
    "${several:csv} ${several:pipe} ${several:raw} ${service:regex}": "a.b,c a.b|c a.b,c app",
  });
});

Deno.test("a value cannot leave its string", () => {
  const evil = variable("evil", [], ['a"} or {b="\\']);
  assert.equal(interpolate('up{a="$evil"}', [evil]), 'up{a="a\\"} or {b=\\"\\\\"}');
  assert.equal(interpolate('up{a=~"$evil"}', [{ ...evil, multi: true }]), 'up{a=~"a\\"\\\\} or \\\\{b=\\"\\\\\\\\"}');
});

Deno.test("a title has what a reader calls the values", () => {
  check(interpolateText, {
    "$service, $several": "app, a.b + c",
    "$every $any ${any:text}": "All All All",
    "$named is ${named:raw}": "production is prod",
  });
});

Deno.test("a link has the values, encoded", () => {
  check(interpolateUrl, { "/d/x?var=$named&other=$several": "/d/x?var=prod&other=a.b%2Cc", "/$any": "/.*", "${service:raw}/": "app/" });
});

Deno.test("Grafana's own variables follow the range and the step", () => {
  const names = builtIns({ start: 100, end: 1000, step: 30, scrapeInterval: 5 });
  assert.equal(interpolate("$__interval $__interval_ms $__rate_interval ${__range} $__range_s $__range_ms", [], names), "30s 30000 35s 900s 900 900000");
  assert.equal(builtIns({ start: 0, end: 60, step: 5, scrapeInterval: 5 }).__rate_interval, "20s");
  assert.equal(shortestStep({ interval: "1m" }, 5), 60);
  assert.equal(shortestStep({ interval: "" }, 5), 5);
});

Deno.test("a list has texts, values, and commas that do not part", () => {
  assert.deepEqual(listed("a, b c ,production : prod,1:2,a\\,b"), [
    { value: "a", text: "a" }, { value: "b c", text: "b c" }, { value: "prod", text: "production" }, { value: "1:2", text: "1:2" }, { value: "a,b", text: "a,b" },
  ]);
});

Deno.test("values are filtered and sorted as the variable says", () => {
  assert.deepEqual(filtered(["app:1", "app:2", "db:1"], "/^(app):/"), ["app"]);
  assert.deepEqual(filtered(["a", "b"], ""), ["a", "b"]);
  assert.deepEqual(filtered(["a", "b"], "b"), ["b"]);
  const values = ["n10", "n9", "m"];
  assert.deepEqual([0, 1, 2, 3, 4].map((sort) => sorted(values, sort)), [
    ["n10", "n9", "m"], ["m", "n10", "n9"], ["n9", "n10", "m"], ["m", "n9", "n10"], ["n10", "n9", "m"],
  ]);
});
