import assert from "node:assert/strict";

import { between, classic, classicByName, color, faded, shade } from "../../assets/palette.js";

Deno.test("colors by name, in hexadecimal and by their parts", () => {
  assert.equal(color("green"), "#56a64b");
  assert.equal(color("#A1b2C3"), "#A1b2C3");
  assert.equal(color("rgb(1, 2, 255)"), "#0102ff");
  assert.equal(color("rgba(0,211,255,0.5)"), "#00d3ff");
  assert.notEqual(color("dark-red"), color("red"));
});

Deno.test("what is no color is grey, and never reaches a style", () => {
  for (const text of ["url(x)", "red;", "rgb(1, 2, 3); x", "dark-nothing", ""]) assert.equal(color(text), color("gray"), text);
});

Deno.test("a name has Grafana's hash, whatever its characters", () => {
  // Of "app" it is 96801, of "polygenelubricants" the least number of 32 bits.
  assert.equal(classicByName("app"), classic(96801));
  assert.equal(classicByName("polygenelubricants"), classic(2 ** 31));
  assert.equal(classicByName(""), classic(0));
});

Deno.test("mixed colors", () => {
  assert.equal(between("#000000", "#ff0080", 0.5), "#800040");
  assert.equal(faded("#010203", 0.5), "rgba(1,2,3,0.5)");
  assert.equal(faded("transparent", 0.5), "transparent");
  assert.equal(shade("transparent", 3), "transparent");
});
