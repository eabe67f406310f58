// The journey of each alert: what Prometheus, Alertmanager and the pager know of it, joined by labels and start.

const seconds = (text) => (text ? Date.parse(text) / 1000 : undefined);

const isWithin = (labels, others) => Object.entries(labels).every(([name, value]) => others[name] === value);

// What a rule's evaluations and the clocks of two machines may differ by.
const TOLERANCE = 1;

const pageOf = (pages, labels, startsAt) => pages.find((page) =>
  page.alertname === labels.alertname && (page.job || "") === (labels.job ?? "") && (page.instance || "") === (labels.instance ?? "") &&
  (!page.severity || page.severity === (labels.severity ?? "")) &&
  (startsAt === undefined || Math.abs(seconds(page.started_at) - startsAt) <= TOLERANCE));

const groupOf = (groups, fingerprint) => groups.find(({ alerts }) => alerts.some((alert) => alert.fingerprint === fingerprint));

// One journey: all times in seconds, undefined where nobody knows.
const journey = ({ labels, annotations = {}, state, activeAt, value, wait, known, page, facts }) => {
  const startsAt = known ? seconds(known.startsAt) : page ? seconds(page.started_at) : undefined;
  const inhibitors = (known?.status.inhibitedBy ?? []).map((fingerprint) => facts.alerts.find((alert) => alert.fingerprint === fingerprint)?.labels ?? {});
  const silences = (known?.status.silencedBy ?? []).map((id) => facts.silences.find((silence) => silence.id === id) ?? { id });
  return {
    labels, annotations, state, value, wait,
    pendingAt: activeAt,
    firingAt: startsAt,
    receivedAt: known ? seconds(known.updatedAt) : undefined,
    isKnown: Boolean(known),
    isSuppressed: known?.status.state === "suppressed",
    inhibitors, silences,
    receivers: known?.receivers.map(({ name }) => name) ?? [],
    group: known && groupOf(facts.groups, known.fingerprint)?.labels,
    page,
    pagedAt: page && seconds(page.delivered_at),
    forwarding: page?.forwarding?.firing,
    forwardingSince: seconds(page?.forwarding?.firing_since),
    resolvedAt: page && seconds(page.ended_at),
    resolutionPagedAt: page && seconds(page.resolution_delivered_at),
  };
};

// Active journeys: of every alert that is pending, firing or on the pager.
export const activeJourneys = (facts) => {
  const used = new Set();
  const fromRules = facts.rules.flatMap((rule) => rule.alerts.map((alert) => {
    const known = facts.alerts.find((it) => isWithin(alert.labels, it.labels));
    const page = pageOf(facts.firing, alert.labels, known && seconds(known.startsAt));
    [known, page].forEach((it) => it && used.add(it));
    return journey({ ...alert, activeAt: seconds(alert.activeAt), wait: rule.duration, known, page, facts });
  }));
  const fromAlertmanager = facts.alerts.filter((known) => !used.has(known)).map((known) => {
    const page = pageOf(facts.firing, known.labels, seconds(known.startsAt));
    if (page) used.add(page);
    return journey({ labels: known.labels, annotations: known.annotations, state: "resolved", ...waitOf(facts, known.labels, seconds(known.startsAt)), known, page, facts });
  });
  const fromPager = facts.firing.filter((page) => !used.has(page)).map((page) => journey({ ...ofPage(page, facts), state: "resolved", page, facts }));
  return [...fromRules, ...fromAlertmanager, ...fromPager];
};

// Since when an alert that started at this time had been pending, if Prometheus still knows, and its rule's `for`.
const waitOf = (facts, labels, startsAt) => {
  const wait = facts.rules.find(({ name }) => name === labels.alertname)?.duration;
  const activeAt = facts.pending.filter(({ metric }) => ["alertname", "job", "instance"].every((name) => (metric[name] ?? "") === (labels[name] ?? "")))
    .map(({ value }) => Number(value[1]))
    .find((at) => at <= startsAt && startsAt - at <= (wait ?? 0) + 60);
  return { wait, activeAt };
};

const ofPage = (page, facts) => {
  const { alertname, severity, job, instance, summary, description, runbook_url: runbook } = page;
  const labels = Object.fromEntries(Object.entries({ alertname, severity, job, instance }).filter(([, value]) => value));
  return { labels, annotations: { summary, description, runbook_url: runbook }, ...waitOf(facts, labels, seconds(page.started_at)) };
};

// Journeys that are over, as the pager remembers them. When they became pending, Prometheus still knows for a while.
export const pastJourneys = (facts, most) =>
  facts.history.slice(0, most).map((page) => journey({ ...ofPage(page, facts), state: "over", page, facts }));
