// The frame of a panel: title, description, what cannot be drawn, the buttons, and the state of its data.

import { h, replace } from "../dom.js";

let count = 0;

const button = (label, text, onclick) => h("button", { type: "button", class: "icon", "aria-label": label, title: label, onclick }, text);

// What a button shows over the panel. content() is asked for at each opening.
const overlay = (panel, label, sign, content, attributes = {}) => {
  count += 1;
  const id = `overlay-${count}`;
  const box = h("div", { id, class: "overlay", hidden: true, tabindex: 0, role: "region", "aria-label": label });
  const toggle = () => {
    box.hidden = !box.hidden;
    if (!box.hidden) replace(box, content());
    opener.setAttribute("aria-expanded", String(!box.hidden));
  };
  const opener = button(label, sign, toggle);
  panel.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || box.hidden) return;
    event.preventDefault();
    toggle();
    opener.focus();
  });
  Object.entries({ "aria-expanded": "false", "aria-controls": id, ...attributes }).forEach(([name, value]) => opener.setAttribute(name, value));
  panel.append(box);
  return opener;
};

export class Frame {
  // links(): elements, if there are any. actions: [{ label, sign, run }]
  constructor({ title, description, problems, links, actions }) {
    this.body = h("div", { class: "body" });
    this.state = h("p", { class: "state", role: "status" });
    this.title = h("h3", {}, title);
    this.element = h("article", { class: "panel", "aria-label": title });
    const buttons = h("div", { class: "buttons" });
    this.element.append(h("header", {}, this.title, buttons), this.body, this.state);
    if (problems.length) buttons.append(overlay(this.element, "What is not drawn", "⚠", () => problemList(problems), { class: "icon warning" }));
    if (description) buttons.append(overlay(this.element, "Description", "i", () => description.split("\n").map((line) => h("p", {}, line))));
    if (links) buttons.append(overlay(this.element, "Links", "↗", () => h("ul", {}, links().map((link) => h("li", {}, link)))));
    buttons.append(...actions.map(({ label, sign, run }) => button(label, sign, run)));
  }

  setTitle(title) {
    this.title.textContent = title;
    this.element.setAttribute("aria-label", title);
  }

  // What it shows is current.
  fresh(isEmpty) {
    this.element.classList.remove("stale");
    replace(this.state, isEmpty ? "No data" : "");
  }

  // What it shows is from before: why.
  stale(reason) {
    this.element.classList.add("stale");
    replace(this.state, reason);
  }
}

export const problemList = (problems) => [
  h("p", {}, "The console does not draw:"),
  h("ul", {}, problems.map((problem) => h("li", {}, problem))),
];

// A panel that cannot be drawn says why, never blank.
export const undrawable = (title, problems) => {
  const frame = new Frame({ title, description: "", problems: [], actions: [] });
  frame.element.classList.add("undrawable");
  replace(frame.body, problemList(problems));
  return frame;
};
