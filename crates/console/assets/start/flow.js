// A picture of the requests: from the load to the services, between them, and to the database.

import { svg } from "../dom.js";
import { format } from "../units.js";

export const FLOW = {
  requests: "job:http_requests:rate1m",
  errors: "job:http_request_failures_per_requests:ratio_rate1m",
  peers: "sum by (job, peer) (rate(http_client_requests_total[1m]))",
  database: "sum by (job) (rate(db_client_operation_duration_seconds_count[1m]))",
};

const WIDTH = 620;
const HEIGHT = 270;
const PLACES = { load: [10, 105], first: [230, 20], second: [230, 190], database: [470, 105] };
const BOX = { w: 140, h: 62 };

const rate = (value) => format(value ?? 0, "reqps", 1);

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

// answers: the results of FLOW.
export const flow = ({ requests, errors, peers, database }) => {
  const of = (result, job) => Number(result.find(({ metric }) => metric.job === job)?.value[1] ?? 0);
  const called = (job) => peers.filter(({ metric }) => metric.peer === job).reduce((sum, { value }) => sum + Number(value[1]), 0);
  const services = [...new Set(peers.map(({ metric }) => metric.job))].sort().slice(0, 2);
  const [first, second] = services.length === 2 ? services : ["app", "beta"];
  const bad = (job) => of(errors, job) > 0.01;
  const lines = (job) => [rate(of(requests, job)), `${format(of(errors, job), "percentunit", 2)} errors`];
  const load = [first, second].map((job) => Math.max(0, of(requests, job) - called(job)));
  const at = (name, side) => {
    const [x, y] = PLACES[name];
    return { left: [x - 4, y + BOX.h / 2], right: [x + BOX.w + 4, y + BOX.h / 2], top: [x + BOX.w / 2, y - 4], bottom: [x + BOX.w / 2, y + BOX.h + 4] }[side];
  };
  const shifted = ([x, y], by) => [x + by, y];
  const label = `Load to ${first} ${rate(load[0])} and to ${second} ${rate(load[1])}; ${first} serves ${lines(first).join(", ")}; ${second} serves ${lines(second).join(", ")}.`;
  return svg("svg", { class: "flow", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": label },
    svg("defs", {}, svg("marker", { id: "head", viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: "auto" }, svg("path", { d: "M0 0L8 4L0 8Z" }))),
    arrow(at("load", "right"), at("first", "left"), rate(load[0]), [-22, -12]),
    arrow(at("load", "right"), at("second", "left"), rate(load[1]), [-22, 20]),
    arrow(shifted(at("first", "bottom"), -34), shifted(at("second", "top"), -34), rate(called(second)), [-44, 4]),
    arrow(shifted(at("second", "top"), 34), shifted(at("first", "bottom"), 34), rate(called(first)), [44, 4]),
    arrow(at("first", "right"), at("database", "left"), format(of(database, first), "ops", 1), [24, -12]),
    arrow(at("second", "right"), at("database", "left"), format(of(database, second), "ops", 1), [24, 20]),
    box(PLACES.load, "Load", [rate(load[0] + load[1])]),
    box(PLACES.first, first, lines(first), bad(first)),
    box(PLACES.second, second, lines(second), bad(second)),
    box(PLACES.database, "Postgres", [format(of(database, first) + of(database, second), "ops", 1)]));
};
