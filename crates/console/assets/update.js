// Updates what is shown in place, so that it keeps what is the reader's: the focus, a selection, what is open, how far it
// is scrolled. An element stays the same one if it has the same tag and data-key or, without a key, the same place.

import { handlers, replace } from "./dom.js";

const isSame = (old, next) => (old.nodeType === Node.TEXT_NODE
  // The browser takes a text that becomes longer, and is aligned to the right, for one that has moved.
  ? old.isEqualNode(next)
  : old.nodeName === next.nodeName && old.dataset?.key === next.dataset?.key);

const adoptAttributes = (old, next) => {
  const names = new Set([...old.getAttributeNames(), ...next.getAttributeNames()]);
  // The policy forbids it as an attribute.
  names.delete("style");
  // Whether they are open, the reader decides.
  if (old.nodeName === "DETAILS") names.delete("open");
  for (const name of names) {
    const value = next.getAttribute(name);
    if (value === null) old.removeAttribute(name);
    else if (value !== old.getAttribute(name)) old.setAttribute(name, value);
  }
  if (next.style.cssText !== old.style.cssText) old.style.cssText = next.style.cssText;
};

const adoptHandlers = (old, next) => {
  for (const name of Object.keys(handlers.get(old) ?? {})) old[name] = null;
  const wanted = handlers.get(next) ?? {};
  Object.assign(old, wanted);
  handlers.set(old, wanted);
};

const adopt = (old, next) => {
  if (old.nodeType === Node.TEXT_NODE) return;
  const { checked, value } = next;
  // What is being typed stays, unless the page wants something else than before.
  const isSet = old.nodeName === "SELECT" || (old.nodeName === "INPUT" && next.defaultValue !== old.defaultValue);
  adoptAttributes(old, next);
  adoptHandlers(old, next);
  fill(old, next);
  if (checked !== undefined) old.checked = checked;
  if (isSet) old.value = value;
};

const fill = (element, wanted) => {
  const rest = [...element.childNodes];
  const nodes = [...wanted.childNodes].map((next) => {
    const at = rest.findIndex((old) => isSame(old, next));
    if (at < 0) return next;
    const [old] = rest.splice(at, 1);
    adopt(old, next);
    return old;
  });
  rest.forEach((old) => old.remove());
  nodes.forEach((node, index) => {
    if (element.childNodes[index] !== node) element.insertBefore(node, element.childNodes[index] ?? null);
  });
};

// Makes these the children of an element. Their handlers must be those of h(), and find their element by
// event.currentTarget: it may be the one that was there before.
export const update = (element, ...children) => {
  const focused = document.activeElement;
  const wanted = document.createDocumentFragment();
  replace(wanted, ...children);
  fill(element, wanted);
  // An element that is moved loses the focus.
  if (document.activeElement !== focused && element.contains(focused)) focused.focus({ preventScroll: true });
};
