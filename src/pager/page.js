// Polls the pager every second. Alerts are untrusted input: their text is set as text, never as markup.
"use strict";

const PERIOD_MS = 1000;

const find = (selector) => document.querySelector(selector);

const duration = (seconds) => {
  if (seconds === null || seconds === undefined) return "–";
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  if (hours) return `${hours} h ${minutes} min`;
  return minutes ? `${minutes} min ${rest} s` : `${rest} s`;
};

const since = (time) => (Date.now() - new Date(time)) / 1000;
const clock = (time) => new Date(time).toLocaleString(undefined, { dateStyle: "short", timeStyle: "medium" });
const title = (page) => [page.alertname, page.job && `(${page.job})`].filter(Boolean).join(" ");

const STATES = { pending: "waiting", delivered: "delivered", given_up: "given up", refused: "refused" };

// What became of the messages of a page: first that it fires, then that it has ended.
const forwarded = ({ forwarding }) =>
  [forwarding?.firing, forwarding?.resolved]
    .filter(Boolean)
    .map((state) => STATES[state])
    .join(", ");

const element = (name, text, className) => {
  const made = document.createElement(name);
  made.textContent = text ?? "";
  if (className) made.className = className;
  return made;
};

const card = (page) => {
  const made = element("article", "", `page ${page.severity}`);
  const details = [
    page.severity,
    `for ${duration(since(page.started_at))}`,
    `since ${clock(page.started_at)}`,
    `delivered after ${duration(page.delivery_seconds)}`,
  ];
  if (forwarded(page)) details.push(`forwarding: ${forwarded(page)}`);
  made.append(
    element("h3", title(page)),
    element("p", page.summary),
    element("p", page.description, "faint"),
    element("p", details.join(" · "), "faint"),
  );
  if (/^https?:/.test(page.runbook_url)) {
    const link = element("a", "Runbook");
    link.href = page.runbook_url;
    made.append(link);
  }
  return made;
};

// A superseded page ended at the latest when the same alert began to fire again.
const lasted = (page) =>
  page.end_reason === "superseded" ? `at most ${duration(page.lasted_seconds)}` : duration(page.lasted_seconds);

const row = (page) => {
  const made = document.createElement("tr");
  made.append(
    element("td", title(page)),
    element("td", page.severity),
    element("td", clock(page.started_at), "number"),
    element("td", duration(page.delivery_seconds), "number"),
    element("td", lasted(page), "number"),
    element("td", duration(page.resolution_delivery_seconds), "number"),
    element("td", forwarded(page) || "–"),
  );
  return made;
};

const showForwarding = ({ enabled, pending, given_up, refused }) => {
  const line = find("#forwarding");
  line.textContent = `Forwarding: ${pending} waiting, ${given_up} given up, ${refused} refused`;
  line.className = given_up + refused > 0 ? "failed" : "";
  line.hidden = !enabled && pending + given_up + refused === 0;
};

const cut = ({ alerts, group, receiver, at }) =>
  element("li", `${alerts} alerts are missing: Alertmanager cut the group ${group} for ${receiver} at ${clock(at)}`);

const show = ({ heartbeat, forwarding, truncated, firing, history }) => {
  const beat = find("#heartbeat");
  const missed = heartbeat.age_seconds > heartbeat.timeout_seconds;
  const last = heartbeat.fresh || missed ? `${duration(heartbeat.age_seconds)} ago` : "not yet";
  beat.textContent = `Last heartbeat of the monitoring: ${last} (timeout: ${duration(heartbeat.timeout_seconds)})`;
  beat.className = heartbeat.fresh ? "fresh" : missed ? "missed" : "";

  showForwarding(forwarding);

  find("#truncated").replaceChildren(...truncated.map(cut));
  find("#truncated").hidden = truncated.length === 0;
  find("#firing").replaceChildren(...firing.map(card));
  find("#firing-count").textContent = firing.length || "";
  find("#quiet").hidden = firing.length > 0;

  find("#history tbody").replaceChildren(...history.map(row));
  find("#history-count").textContent = history.length || "";
  find("#history").hidden = history.length === 0;
  find("#blank").hidden = history.length > 0;
  document.title = `${firing.length ? `(${firing.length}) ` : ""}Pager – Observer`;
};

const poll = async () => {
  try {
    const response = await fetch("/api/pages");
    show(await response.json());
  } catch {
    const beat = find("#heartbeat");
    beat.textContent = "The pager does not respond.";
    beat.className = "missed";
  }
  setTimeout(poll, PERIOD_MS);
};

poll();
