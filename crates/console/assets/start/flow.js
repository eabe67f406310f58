// A picture of the traffic: from the load to the services, between them, and to the database.

import { svg } from "../dom.js";
import { format } from "../units.js";

const WIDTH = 620;
const HEIGHT = 270;
const PLACES = { load: [10, 105], first: [230, 20], second: [230, 190], database: [470, 105] };
const BOX = { w: 140, h: 62 };

const rate = (value) => format(value, "reqps", 1);

const box = ([x, y], title, lines, isBad) => svg("g", { class: isBad ? "node bad" : "node" },
  svg("rect", { x, y, width: BOX.w, height: BOX.h, rx: 6 }),
  svg("text", { x: x + BOX.w / 2, y: y + 22, class: "title" }, title),
  lines.map((line, index) => svg("text", { x: x + BOX.w / 2, y: y + 39 + 15 * index }, line)));

const arrow = (from, to, text, [dx, dy] = [0, 0]) => {
  const middle = [(from[0] + to[0]) / 2 + dx, (from[1] + to[1]) / 2 + dy];
  return svg("g", { class: "edge" },
    svg("line", { x1: from[0], y1: from[1], x2: to[0], y2: to[1], "marker-end": "url(#head)" }),
    svg("text", { x: middle[0], y: middle[1] }, text));
};

const operations = (value) => format(value, "ops", 1);
const failed = (ratio) => `${format(ratio, "percentunit", 2)} errors`;

const aboutDatabase = ({ operations: done, errorRatio, notReadyFor }) =>
  `Postgres does ${operations(done)}, ${failed(errorRatio)}${notReadyFor.length ? `, and is not ready for ${notReadyFor.join(", ")}` : ""}.`;

const about = ({ services: [first, second], database }) => [
  `Load to ${first.name} ${rate(first.load)} and to ${second.name} ${rate(second.load)}.`,
  ...[first, second].map(({ name, requests, errorRatio }) => `${name} serves ${rate(requests)}, ${failed(errorRatio)}.`),
  aboutDatabase(database),
].join(" ");

export const flow = (traffic) => {
  const { services: [first, second], load, database } = traffic;
  const at = (name, side) => {
    const [x, y] = PLACES[name];
    return { left: [x - 4, y + BOX.h / 2], right: [x + BOX.w + 4, y + BOX.h / 2], top: [x + BOX.w / 2, y - 4], bottom: [x + BOX.w / 2, y + BOX.h + 4] }[side];
  };
  const shifted = ([x, y], by) => [x + by, y];
  const service = (place, { name, requests, errorRatio, isBad }) => box(place, name, [rate(requests), failed(errorRatio)], isBad);
  return svg("svg", { class: "flow", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": about(traffic) },
    svg("defs", {}, svg("marker", { id: "head", viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: "auto" }, svg("path", { d: "M0 0L8 4L0 8Z" }))),
    arrow(at("load", "right"), at("first", "left"), rate(first.load), [-22, -12]),
    arrow(at("load", "right"), at("second", "left"), rate(second.load), [-22, 20]),
    arrow(shifted(at("first", "bottom"), -34), shifted(at("second", "top"), -34), rate(second.calls), [-44, 4]),
    arrow(shifted(at("second", "top"), 34), shifted(at("first", "bottom"), 34), rate(first.calls), [44, 4]),
    arrow(at("first", "right"), at("database", "left"), operations(first.operations), [24, -12]),
    arrow(at("second", "right"), at("database", "left"), operations(second.operations), [24, 20]),
    box(PLACES.load, "Load", [rate(load)]),
    service(PLACES.first, first),
    service(PLACES.second, second),
    box(PLACES.database, "Postgres", [operations(database.operations), failed(database.errorRatio)], database.isBad));
};
