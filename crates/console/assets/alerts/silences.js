// Silences: those in force, making one, and ending one.

import { request } from "../api.js";
import { h, replace } from "../dom.js";
import { clock, duration } from "../time.js";

// Why the silence of an id could not be ended.
const failures = new Map();
// The ids of those that Alertmanager is asked to end now.
const ending = new Set();

const end = async ({ id }, changed) => {
  if (ending.has(id)) return;
  ending.add(id);
  failures.delete(id);
  try {
    await request(`/alertmanager/silences/${encodeURIComponent(id)}`, { method: "DELETE" });
  } catch (error) {
    if (!("status" in error)) throw error;
    failures.set(id, `It could not be ended: ${error.message}`);
  } finally {
    ending.delete(id);
  }
  changed();
};

const matcher = ({ name, value, isRegex, isEqual = true }) => `${name}${isEqual ? "=" : "!"}${isRegex ? "~" : isEqual ? "" : "="}"${value}"`;

export const silenceList = (silences, changed) => {
  const current = silences.filter(({ status }) => status.state !== "expired");
  if (!current.length) return h("p", { class: "faint" }, "None is in force.");
  return h("ul", { class: "plain" }, current.map((silence) =>
    h("li", { class: "silence", "data-key": silence.id }, h("span", {}, h("code", {}, silence.matchers.map(matcher).join(", ")),
      ` until ${clock(Date.parse(silence.endsAt) / 1000)}: ${silence.comment} (${silence.createdBy})`),
    h("button", { type: "button", onclick: () => end(silence, changed) }, "End it"),
    h("p", { class: "state", role: "alert" }, failures.get(silence.id)))));
};

// Asks for how long, and why, and makes a silence for these labels.
export const askForSilence = (labels, changed) => {
  const boxes = Object.entries(labels).map(([name, value]) => {
    const box = h("input", { type: "checkbox", checked: name !== "severity" });
    return { name, value, box, element: h("label", {}, box, h("code", {}, `${name}="${value}"`)) };
  });
  const length = h("input", { id: "silence-for", value: "1h", required: true });
  const comment = h("input", { id: "silence-comment", required: true });
  const author = h("input", { id: "silence-by", required: true, value: localStorage.getItem("observer-console-name") ?? "" });
  const problem = h("p", { class: "state", role: "alert" });
  const field = (label, input) => [h("label", { for: input.id }, label), input];
  const form = h("form", {},
    h("h2", {}, `Silence ${labels.alertname}`), h("fieldset", {}, h("legend", {}, "Alerts with"), boxes.map(({ element }) => element)),
    h("div", { class: "fields" }, field("For", length), field("Why", comment), field("Your name", author)), problem,
    h("div", { class: "line" }, h("button", {}, "Silence"), h("button", { type: "button", onclick: () => dialog.close() }, "Cancel")));
  const dialog = h("dialog", { class: "make-silence", "aria-label": "Make a silence" }, form);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const chosen = boxes.filter(({ box }) => box.checked);
    const seconds = duration(length.value.trim());
    if (!chosen.length || !(seconds > 0)) {
      replace(problem, chosen.length ? `For: found '${length.value}', expected a time such as 30m or 2h` : "Choose at least one label.");
      return;
    }
    localStorage.setItem("observer-console-name", author.value);
    const now = Date.now();
    const body = {
      matchers: chosen.map(({ name, value }) => ({ name, value, isRegex: false, isEqual: true })),
      startsAt: new Date(now).toISOString(), endsAt: new Date(now + 1000 * seconds).toISOString(), createdBy: author.value, comment: comment.value,
    };
    try {
      await request("/alertmanager/silences", { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
      dialog.close();
      changed();
    } catch (error) {
      if (!("status" in error)) throw error;
      replace(problem, error.message);
    }
  });
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
};
