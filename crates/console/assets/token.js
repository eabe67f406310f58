// The token of a console that is not on loopback. It may come with the URL, as #token=..., which no server sees.

import { h } from "./dom.js";

const KEY = "observer-console-token";

export const token = () => localStorage.getItem(KEY);

const given = /^#token=(.+)$/.exec(location.hash);
if (given) {
  localStorage.setItem(KEY, decodeURIComponent(given[1]));
  history.replaceState(null, "", location.pathname + location.search);
}

let asking;

// Resolves when there is another token than the refused one. Several requests that are refused at once ask once, and one
// that is refused late, for a token that has been replaced, not at all.
export const askForToken = (refused) => {
  if (token() !== refused) return Promise.resolve();
  asking ??= new Promise((resolve) => {
    const field = h("input", { type: "password", id: "token", autocomplete: "current-password", required: true });
    const form = h("form", { method: "dialog" },
      h("label", { for: "token" }, "Token of this console (OBSERVER_CONSOLE_TOKEN)"), field, h("button", {}, "Use it"));
    const dialog = h("dialog", { class: "token" }, form);
    dialog.addEventListener("close", () => {
      localStorage.setItem(KEY, field.value.trim());
      dialog.remove();
      asking = undefined;
      resolve();
    });
    document.body.append(dialog);
    dialog.showModal();
  });
  return asking;
};
