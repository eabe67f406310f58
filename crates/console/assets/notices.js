// Which parts of the stack do not answer, and since when: shown above every page until they answer again.

import { h, replace } from "./dom.js";
import { clock } from "./time.js";

const missing = new Map();

const show = () => {
  const lines = [...missing.values()].map(({ since, detail }) =>
    h("p", { class: "notice" }, `${detail} Since ${clock(since)}. What is shown in grey is from before.`));
  replace(document.querySelector("#notices"), lines);
};

export const away = (part, since, detail) => {
  const known = missing.get(part);
  missing.set(part, { since: since ? Date.parse(since) / 1000 : known?.since ?? Date.now() / 1000, detail });
  show();
};

export const answers = (part) => {
  if (missing.delete(part)) show();
};
