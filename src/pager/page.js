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

const row = (page) => {
  const made = document.createElement("tr");
  made.append(
    element("td", title(page)),
    element("td", page.severity),
    element("td", clock(page.started_at), "number"),
    element("td", duration(page.delivery_seconds), "number"),
    element("td", duration(page.lasted_seconds), "number"),
    element("td", duration(page.resolution_delivery_seconds), "number"),
  );
  return made;
};

const show = ({ heartbeat, firing, history }) => {
  const beat = find("#heartbeat");
  const missed = heartbeat.age_seconds > heartbeat.timeout_seconds;
  const last = heartbeat.fresh || missed ? `${duration(heartbeat.age_seconds)} ago` : "not yet";
  beat.textContent = `Last heartbeat of the monitoring: ${last} (timeout: ${duration(heartbeat.timeout_seconds)})`;
  beat.className = heartbeat.fresh ? "fresh" : missed ? "missed" : "";

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
