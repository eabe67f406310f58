// Menus: choices that a summary opens. Escape or a press elsewhere closes them.

import { h } from "../dom.js";

// attributes: those of the summary.
export const menu = (summary, choices, attributes = {}) =>
  h("details", { class: "menu" }, h("summary", attributes, summary), choices);

// Closes the menu around an element.
export const closeMenu = (element) => {
  const details = element.closest(".menu");
  details.open = false;
  details.querySelector("summary").focus();
};

addEventListener("pointerdown", ({ target }) => {
  document.querySelectorAll(".menu[open]").forEach((details) => {
    if (!details.contains(target)) details.open = false;
  });
});

addEventListener("keydown", (event) => {
  const details = document.querySelector(".menu[open]");
  if (event.key !== "Escape" || event.defaultPrevented || !details || event.target.closest("dialog")) return;
  // It has done what it was pressed for.
  event.preventDefault();
  closeMenu(details);
});
