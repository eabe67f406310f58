// The token of a console that is not on loopback. It may come with the URL, as #token=..., which no server sees.

import { h } from "./dom.js";

const KEY = "observer-console-token";

export const token = () => localStorage.getItem(KEY);

const given = /^#token=(.+)$/.exec(location.hash);
if (given) {
  localStorage.setItem(KEY, decodeURIComponent(given[1]));
  history.replaceState(null, "", location.pathname + location.search);
}

// Resolves to what is entered. Whoever closes the dialog finds it again behind a button.
const enter = (problem) => new Promise((resolve) => {
  const field = h("input", { type: "password", id: "token", autocomplete: "current-password", required: true });
  const form = h("form", { method: "dialog" },
    h("label", { for: "token" }, "Token of this console (OBSERVER_CONSOLE_TOKEN)"), field,
    h("p", { class: "state", role: "alert" }, problem), h("button", { value: "use" }, "Use it"));
  const dialog = h("dialog", { class: "token", "aria-label": "Token" }, form);
  const reminder = h("p", { class: "notice", hidden: true }, "This console asks for its token. ",
    h("button", { type: "button", onclick: () => dialog.showModal() }, "Enter it"));
  dialog.addEventListener("close", () => {
    reminder.hidden = dialog.returnValue === "use";
    if (!reminder.hidden) return;
    dialog.remove();
    reminder.remove();
    resolve(field.value.trim());
  });
  document.querySelector("#notices").before(reminder);
  document.body.append(dialog);
  dialog.showModal();
});

let asking;

// Resolves when there is another token than the refused one. Several requests that are refused at once ask once, and one
// that is refused late, for a token that has been replaced, not at all.
export const askForToken = (refused) => {
  if (token() !== refused) return Promise.resolve();
  asking ??= enter(refused && "The console refuses the token that it was given.").then((entered) => {
    localStorage.setItem(KEY, entered);
    asking = undefined;
  });
  return asking;
};
