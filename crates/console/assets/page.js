// What pages without panels share: sections that keep what they had, in grey, while a part does not answer.

import { h, replace } from "./dom.js";
import { update } from "./update.js";

// A section with a heading. update() changes its content, fail() greys it.
export const section = (title, attributes = {}) => {
  const content = h("div", { class: "scroll" });
  const state = h("p", { class: "state", role: "status" });
  const heading = h("h2", {}, title);
  return {
    element: h("section", { class: "card", "aria-label": title, ...attributes }, heading, state, content),
    content,
    update(...children) {
      content.classList.remove("stale");
      replace(state, "");
      update(content, ...children);
    },
    fail(error) {
      if (!("status" in error)) throw error;
      content.classList.add("stale");
      replace(state, error.message);
    },
  };
};

// Runs tasks beside each other, each with the section that shows its failure. Returns which have succeeded.
export const fill = (pairs) =>
  Promise.all(pairs.map(async ([part, task]) => {
    try {
      await task();
      return true;
    } catch (error) {
      part.fail(error);
      return false;
    }
  }));

export const badge = (text, kind = "") => h("span", { class: `badge ${kind}` }, text);
