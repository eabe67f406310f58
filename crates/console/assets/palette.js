// Grafana's colors by name, and the classic palette.

const NAMED = {
  green: "#56a64b", red: "#e0342f", blue: "#3f7fd6", orange: "#f2821b", yellow: "#e0a800", purple: "#9a5fc4",
  text: "#8a8f98", gray: "#8a8f98", black: "#141414", white: "#f5f5f5", transparent: "transparent",
};

// Lighter and darker shades that Grafana names, such as `dark-red`, are mixed.
const SHADES = { "super-light": 0.45, light: 0.22, semi: -0.12, "semi-dark": -0.14, dark: -0.28 };

const CLASSIC = ["green", "yellow", "#5794f2", "orange", "red", "#8ab8ff", "#ca6fd8", "#8f3bb8", "#3ea8a0", "#c49a4a", "#7a8ff0", "#d0679d", "#6fbf8b", "#b98b60"];

const rgb = (text) => [1, 3, 5].map((at) => parseInt(text.slice(at, at + 2), 16));

const mix = (from, share) => {
  const target = share > 0 ? 255 : 0;
  return hex(rgb(from).map((part) => Math.round(part + (target - part) * Math.abs(share))));
};

const RGB = /^rgba?\((\d{1,3}), *(\d{1,3}), *(\d{1,3})(?:, *[\d.]+)?\)$/;

const hex = (parts) => `#${parts.map((part) => Number(part).toString(16).padStart(2, "0")).join("")}`;

// A color as CSS writes it, opaque. A name that is unknown is grey: only what a color looks like reaches a style.
export const color = (name) => {
  if (/^#[0-9a-f]{6}$/i.test(name)) return name;
  const written = RGB.exec(name);
  if (written) return hex(written.slice(1));
  if (NAMED[name]) return NAMED[name];
  const shade = /^(super-light|light|semi-dark|dark)-(.+)$/.exec(name);
  return shade && NAMED[shade[2]] ? mix(NAMED[shade[2]], SHADES[shade[1]]) : NAMED.gray;
};

export const classic = (index) => color(CLASSIC[index % CLASSIC.length]);

// The color that a name has in every panel, by Grafana's hash.
export const classicByName = (name) => {
  const hash = [...name].reduce((sum, character) => (Math.imul(31, sum) + character.charCodeAt(0)) | 0, 0);
  return classic(Math.abs(hash));
};

// The index-th shade of a color.
export const shade = (name, index) => {
  const base = color(name);
  return base === "transparent" ? base : mix(base, [0, 0.3, -0.25, 0.5, -0.4, 0.15][index % 6]);
};

export const faded = (text, opacity) => (/^#/.test(text) ? `rgba(${rgb(text).join(",")},${opacity})` : text);

// The color between two, both like #aabbcc.
export const between = (one, other, share) => {
  const to = rgb(other);
  return hex(rgb(one).map((part, index) => Math.round(part + (to[index] - part) * share)));
};
