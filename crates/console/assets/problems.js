// The files of the folder of dashboards that cannot be read, as every page that shows dashboards names them.

import { h } from "./dom.js";

export const fileProblems = (problems) =>
  problems.length > 0 && h("div", { class: "problems", role: "status" },
    problems.map(({ file, line, reason }) => h("p", {}, `${file}${line ? `, line ${line}` : ""}: ${reason}`)));
