// Builds elements. Whatever comes from outside becomes text: nothing here parses markup.

const SVG = "http://www.w3.org/2000/svg";

const set = (element, name, value) => {
  if (value === undefined || value === null || value === false) return;
  if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
  else if (name === "style") Object.entries(value).forEach(([key, it]) => element.style.setProperty(key, it));
  else element.setAttribute(name, value === true ? "" : value);
};

const fill = (element, attributes, children) => {
  Object.entries(attributes).forEach(([name, value]) => set(element, name, value));
  element.append(...children.flat().filter((child) => child !== undefined && child !== null && child !== false));
  return element;
};

// An HTML element. Children are elements or text.
export const h = (tag, attributes = {}, ...children) => fill(document.createElement(tag), attributes, children);

// An SVG element.
export const svg = (tag, attributes = {}, ...children) => fill(document.createElementNS(SVG, tag), attributes, children);

export const replace = (element, ...children) =>
  element.replaceChildren(...children.flat().filter((child) => child !== undefined && child !== null && child !== false));

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
