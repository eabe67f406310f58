// The grid of panels: 24 columns, in rows that fold.

import { h } from "../dom.js";
import { problemList } from "../panel/frame.js";

// The panels of each row, from the flat list of the file: a row's panels follow it, or are inside it while it is folded.
export const rowsOf = (panels) => {
  const rows = [{ title: undefined, panels: [] }];
  for (const panel of panels) {
    if (panel.model?.type === "row") rows.push({ title: panel.title, isFolded: panel.model.collapsed, panels: [...panel.panels], problems: panel.problems });
    else rows.at(-1).panels.push(panel);
  }
  return rows.filter(({ title, panels: own }) => title !== undefined || own.length);
};

const place = (element, { x, y, w, h: height }, top) => {
  element.style.setProperty("--column", `${x + 1} / span ${w}`);
  element.style.setProperty("--row", `${y - top + 1} / span ${height}`);
  element.style.setProperty("--height", String(height));
  return element;
};

// build(panel) makes an element, once, when its row is open. opened() is called when a row was opened.
export const rowElement = ({ title, isFolded, panels, problems }, build, opened) => {
  const top = Math.min(...panels.map(({ gridPos }) => gridPos.y));
  const grid = h("div", { class: "grid" });
  const fill = () => {
    if (!grid.childElementCount) grid.append(...panels.map((panel) => place(build(panel), panel.gridPos, top)));
  };
  if (title === undefined) {
    fill();
    return grid;
  }
  const details = h("details", { class: "row", open: !isFolded },
    h("summary", {}, h("h2", {}, title), h("span", { class: "faint" }, `${panels.length} panels`)),
    problems.length > 0 && h("div", { class: "problems" }, problemList(problems)), grid);
  if (!isFolded) fill();
  // A row that is open from the start says so, too: nothing has changed then.
  let wasOpen = !isFolded;
  details.addEventListener("toggle", () => {
    if (details.open === wasOpen) return;
    wasOpen = details.open;
    if (!details.open) return;
    fill();
    opened();
  });
  return details;
};
