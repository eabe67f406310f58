// The colors of a heatmap, and the scale that explains them.

import { h, replace } from "../dom.js";
import { between } from "../palette.js";
import { format } from "../units.js";

const SCHEMES = {
  Turbo: ["#30123b", "#4560d6", "#36a8f9", "#1ae4b6", "#71fe5f", "#c8ef34", "#faba39", "#f66c19", "#ca2a04", "#7a0403"],
  Oranges: ["#fff5eb", "#fdd0a2", "#fd8d3c", "#d94801", "#7f2704"],
  Viridis: ["#440154", "#3b528b", "#21918c", "#5ec962", "#fde725"],
  Blues: ["#f7fbff", "#c6dbef", "#6baed6", "#2171b5", "#08306b"],
  Greens: ["#f7fcf5", "#c7e9c0", "#74c476", "#238b45", "#00441b"],
  Reds: ["#fff5f0", "#fcbba1", "#fb6a4a", "#cb181d", "#67000d"],
};

// As many colors as the panel wants, from the least to the most.
export const colorsOf = ({ scheme, steps, reverse }) => {
  const stops = SCHEMES[scheme];
  const count = Math.max(2, steps);
  const colors = Array.from({ length: count }, (_, index) => {
    const at = (index / (count - 1)) * (stops.length - 1);
    const below = Math.min(Math.floor(at), stops.length - 2);
    return between(stops[below], stops[below + 1], at - below);
  });
  return reverse ? colors.reverse() : colors;
};

// A bar of the colors, with the least and the most value beside it.
export class ColorScale {
  constructor(body) {
    this.box = h("div", { class: "color-scale", hidden: true });
    body.append(this.box);
  }

  update({ legend, cellValues }, colors, values) {
    this.box.hidden = !legend.show;
    if (this.box.hidden) return;
    const bar = h("i", {});
    const bands = colors.map((color, index) => `${color} ${(100 * index) / colors.length}% ${(100 * (index + 1)) / colors.length}%`);
    bar.style.setProperty("background", `linear-gradient(to right, ${bands.join(", ")})`);
    const text = (pick) => (values.length ? format(values.reduce((best, value) => pick(best, value)), cellValues.unit, cellValues.decimals) : "–");
    replace(this.box, h("span", {}, text(Math.min)), bar, h("span", {}, text(Math.max)));
  }
}
