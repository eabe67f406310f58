// Builds elements. Whatever comes from outside becomes text: nothing here parses markup.

const SVG = "http://www.w3.org/2000/svg";

// The handlers of each element, by name, such as `onclick`.
export const handlers = new WeakMap();

const set = (element, name, value) => {
  if (value === undefined || value === null || value === false) return;
  if (name.startsWith("on")) {
    element[name] = value;
    handlers.set(element, { ...handlers.get(element), [name]: value });
  } else if (name === "style") Object.entries(value).forEach(([key, it]) => element.style.setProperty(key, it));
  else element.setAttribute(name, value === true ? "" : value);
};

// Those of the children that are something.
const shown = (children) => children.flat().filter((child) => child !== undefined && child !== null && child !== false);

const fill = (element, attributes, children) => {
  Object.entries(attributes).forEach(([name, value]) => set(element, name, value));
  element.append(...shown(children));
  return element;
};

// An HTML element. Children are elements or text.
export const h = (tag, attributes = {}, ...children) => fill(document.createElement(tag), attributes, children);

// An SVG element.
export const svg = (tag, attributes = {}, ...children) => fill(document.createElementNS(SVG, tag), attributes, children);

export const replace = (element, ...children) => element.replaceChildren(...shown(children));

// A link, if the URL is one that a browser may follow, else its text: `javascript:` URLs stay text.
export const link = (url, text, attributes = {}) => {
  const isSafe = /^(https?:\/\/|\/(?!\/))/.test(url);
  return isSafe ? h("a", { href: url, ...(url.startsWith("/") ? {} : { rel: "noreferrer" }), ...attributes }, text) : h("span", {}, text);
};

// A table with a caption for screen readers.
export const table = (caption, heads, rows, attributes = {}) =>
  h("table", attributes,
    h("caption", { class: "hidden" }, caption),
    h("thead", {}, h("tr", {}, heads.map((head) => h("th", { scope: "col" }, head)))),
    h("tbody", {}, rows));
