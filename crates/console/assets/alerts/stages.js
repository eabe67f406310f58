// A journey as a line of stages: what has happened, where the alert is, and what holds it.

import { h } from "../dom.js";
import { clock, span } from "../time.js";

const text = (labels) => Object.entries(labels).map(([name, value]) => `${name}="${value}"`).join(", ");

const stage = (title, state, at, ...notes) => ({ title, state, at, notes: notes.filter(Boolean) });

const FORWARDING = { pending: ["on its way", "here"], delivered: ["delivered", "done"], given_up: ["given up", "held"], refused: ["refused by the webhook", "held"] };

// states: done, here (it is waiting here as it should), held (something keeps it), ahead.
export const stagesOf = (journey, now = Date.now() / 1000) => {
  const { state, pendingAt, firingAt, wait, isKnown, isSuppressed, inhibitors, silences, group, receivers, pagedAt, resolvedAt } = journey;
  const isFiring = state !== "pending";
  const isOver = state === "over";
  const left = pendingAt === undefined ? undefined : pendingAt + wait - now;
  const stages = [
    stage("Pending", isFiring ? "done" : "here", pendingAt,
      waited(wait, isFiring, left)),
    stage("Firing", isFiring ? "done" : "ahead", firingAt, isFiring && firingAt === undefined && pendingAt !== undefined ? `since about ${clock(pendingAt + wait)}` : ""),
    stage("Alertmanager", isKnown || pagedAt !== undefined ? "done" : isFiring ? "here" : "ahead", undefined,
      isKnown ? `has it, last heard at ${clock(journey.receivedAt)}` : isOver ? "has forgotten it" : isFiring ? "has not received it" : ""),
  ];
  if (isSuppressed) {
    stages.push(stage(silences.length ? "Silenced" : "Inhibited", "held", undefined,
      ...inhibitors.map((labels) => `by ${labels.alertname ?? "an alert that is gone"} (${text(labels)})`),
      ...silences.map(({ comment, createdBy, endsAt, id }) => `${comment ?? id}${createdBy ? `, by ${createdBy}` : ""}${endsAt ? `, until ${clock(Date.parse(endsAt) / 1000)}` : ""}`)));
  } else {
    stages.push(stage("Grouped", isKnown || pagedAt !== undefined ? "done" : "ahead", undefined, group && text(group), receivers.length ? `to ${receivers.join(", ")}` : ""));
  }
  const isLate = isKnown && !isSuppressed && pagedAt === undefined && firingAt !== undefined && now - firingAt > 60;
  stages.push(stage("On the pager", pagedAt !== undefined ? "done" : isLate ? "held" : isKnown && !isSuppressed ? "here" : "ahead", pagedAt,
    pagedAt !== undefined && firingAt !== undefined ? `${span(Math.max(0, pagedAt - firingAt))} after it fired` : isLate ? "has not arrived" : ""));
  if (journey.forwarding) stages.push(forwarded(journey.forwarding, journey.forwardingSince));
  stages.push(stage("Resolved", resolvedAt !== undefined ? "done" : "ahead", resolvedAt,
    journey.resolutionPagedAt !== undefined ? `on the pager at ${clock(journey.resolutionPagedAt)}` : ""));
  return stages;
};

// A page that is on its way has not been forwarded: the time is that at which the pager began to try.
const forwarded = (state, since) => {
  const [note, how] = FORWARDING[state] ?? [state, "here"];
  return how === "here" ? stage("Forwarded", how, undefined, since === undefined ? note : `${note} since ${clock(since)}`) : stage("Forwarded", how, since, note);
};

const waited = (wait, isFiring, left) => {
  if (wait === undefined) return "no rule of this name";
  if (!wait) return "fires at once";
  if (isFiring) return `for ${span(wait)}`;
  return left > 0 ? `${span(wait - left)} of ${span(wait)}` : "fires at the next evaluation";
};

const WORDS = { done: "done", here: "here now", held: "held", ahead: "still to come" };

export const stageList = (journey) =>
  h("ol", { class: "stages" }, stagesOf(journey).map(({ title, state, at, notes }) =>
    h("li", { class: state, "data-stage": title, "data-at": at }, h("strong", {}, title), h("span", { class: "hidden" }, ` (${WORDS[state]})`),
      at === undefined ? "" : h("time", { datetime: new Date(1000 * at).toISOString() }, clock(at)),
      notes.map((note) => h("span", { class: "faint" }, note)))));
