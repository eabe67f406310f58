import assert from "node:assert/strict";

import { activeJourneys, pastJourneys } from "../../assets/alerts/journey.js";

const NOW = 1_800_000_000;
const iso = (seconds) => new Date(1000 * seconds).toISOString();

const LABELS = { alertname: "HighErrorRate", job: "beta", severity: "page" };
const NOTHING = { rules: [], alerts: [], groups: [], silences: [], firing: [], history: [], pending: [] };

const rule = (labels, state, activeAt, duration = 120) => ({ name: labels.alertname, duration, alerts: [{ labels, state, activeAt: iso(activeAt), value: "1" }] });
const known = (labels, startsAt, status = {}) => ({
  labels, fingerprint: labels.alertname, startsAt: iso(startsAt), updatedAt: iso(NOW), receivers: [{ name: "page" }],
  status: { state: "active", inhibitedBy: [], silencedBy: [], ...status },
});
const page = (labels, startedAt, more = {}) => ({ ...labels, instance: "", started_at: iso(startedAt), delivered_at: iso(startedAt + 5), ended_at: null, ...more });

Deno.test("an alert that is pending is only in the rules", () => {
  const [journey, ...others] = activeJourneys({ ...NOTHING, rules: [rule(LABELS, "pending", NOW - 60)] });
  assert.equal(others.length, 0);
  assert.deepEqual([journey.pendingAt, journey.firingAt, journey.isKnown, journey.pagedAt], [NOW - 60, undefined, false, undefined]);
});

Deno.test("the three parts' words on one alert are one journey", () => {
  // The pager's clock may differ by a second.
  const facts = { ...NOTHING, rules: [rule(LABELS, "firing", NOW - 300)], alerts: [known(LABELS, NOW - 180)], firing: [page(LABELS, NOW - 179)],
    groups: [{ labels: { job: "beta" }, alerts: [{ fingerprint: "HighErrorRate" }] }] };
  const [journey, ...others] = activeJourneys(facts);
  assert.equal(others.length, 0);
  assert.deepEqual([journey.pendingAt, journey.firingAt, journey.pagedAt], [NOW - 300, NOW - 180, NOW - 174]);
  assert.deepEqual([journey.group, journey.receivers], [{ job: "beta" }, ["page"]]);
});

Deno.test("a page of an earlier time, or of another job, is not that of the alert", () => {
  for (const other of [page(LABELS, NOW - 900), page({ ...LABELS, job: "app" }, NOW - 180)]) {
    const journeys = activeJourneys({ ...NOTHING, rules: [rule(LABELS, "firing", NOW - 300)], alerts: [known(LABELS, NOW - 180)], firing: [other] });
    assert.equal(journeys.length, 2);
    assert.equal(journeys[0].pagedAt, undefined);
    assert.equal(journeys[1].pagedAt, Date.parse(other.delivered_at) / 1000);
  }
});

Deno.test("what holds an alert is named", () => {
  const slow = { ...LABELS, alertname: "HighLatency" };
  const silence = { id: "s", comment: "planned" };
  const facts = { ...NOTHING, silences: [silence],
    alerts: [known(LABELS, NOW - 180), known(slow, NOW - 100, { state: "suppressed", inhibitedBy: ["HighErrorRate"], silencedBy: ["s", "gone"] })] };
  const journey = activeJourneys(facts).find(({ labels }) => labels === slow);
  assert.ok(journey.isSuppressed);
  assert.deepEqual(journey.inhibitors, [LABELS]);
  assert.deepEqual(journey.silences, [silence, { id: "gone" }]);
});

Deno.test("an alert that Prometheus has resolved is still where it is known", () => {
  const [atAlertmanager] = activeJourneys({ ...NOTHING, alerts: [known(LABELS, NOW - 180)] });
  assert.deepEqual([atAlertmanager.state, atAlertmanager.firingAt], ["resolved", NOW - 180]);
  const [atPager] = activeJourneys({ ...NOTHING, firing: [page(LABELS, NOW - 180)] });
  assert.deepEqual([atPager.state, atPager.firingAt, atPager.pagedAt], ["resolved", NOW - 180, NOW - 175]);
});

Deno.test("a past journey has its pending time as long as Prometheus knows it", () => {
  const over = page(LABELS, NOW - 900, { ended_at: iso(NOW - 600), resolution_delivered_at: iso(NOW - 590) });
  const facts = { ...NOTHING, rules: [{ name: "HighErrorRate", duration: 120, alerts: [] }], history: [over, page(LABELS, NOW - 9000)],
    pending: [{ metric: { alertname: "HighErrorRate", job: "beta" }, value: [NOW, String(NOW - 1020)] }] };
  const [journey, ...others] = pastJourneys(facts, 1);
  assert.equal(others.length, 0);
  assert.deepEqual([journey.pendingAt, journey.firingAt, journey.resolvedAt, journey.resolutionPagedAt], [NOW - 1020, NOW - 900, NOW - 600, NOW - 590]);
  assert.equal(pastJourneys(facts, 2)[1].pendingAt, undefined);
});
