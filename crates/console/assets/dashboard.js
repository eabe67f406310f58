// The page /d/{uid}: a dashboard, drawn again when its file changes.

import { request } from "./api.js";
import { Page } from "./dashboard/page.js";
import { h, replace } from "./dom.js";
import { header } from "./header.js";
import { fileProblems } from "./problems.js";
import { Refresh } from "./refresh.js";
import { duration } from "./time.js";
import { update } from "./update.js";

// How often a file that cannot be read is tried again, in seconds.
const RETRY = 5;

const uid = decodeURIComponent(location.pathname.split("/")[2]);

const problems = h("div", {});
const content = h("div", {});
replace(document.querySelector("#main"), problems, content);

// What is drawn; nothing before the file could be read.
let page;

const open = async (answer) => {
  document.title = `${answer.dashboard.title} · Observer`;
  page?.stop();
  page = new Page(content, answer, refresh);
  await page.open();
};

// Reads the file. Where that fails, what is drawn stays.
const read = async () => {
  try {
    const answer = await request(`/dashboards/${encodeURIComponent(uid)}`);
    update(problems, fileProblems(answer.problems));
    return answer;
  } catch (error) {
    if (!("status" in error)) throw error;
    update(problems, !page && h("h1", {}, "No dashboard"), h("p", { class: "state", role: "alert" }, error.message));
    return undefined;
  }
};

const refresh = new Refresh(async () => {
  const [answer] = await Promise.all([read(), page?.update()]);
  if (answer && JSON.stringify(answer.dashboard) !== page?.source) await open(answer);
  if (page) refresh.seconds = duration(page.state.get("refresh")) || 0;
  retry.every(answer ? 0 : RETRY);
}, 0);

// What is drawn keeps its own period.
const retry = new Refresh(async () => {
  if (await read()) await refresh.now();
}, 0);

addEventListener("popstate", () => page?.open());
addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.defaultPrevented && !event.target.closest("dialog")) page?.showAll();
});

header(uid);
refresh.now();
