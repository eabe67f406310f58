// The page /d/{uid}: a dashboard.

import { request } from "./api.js";
import { fileProblems, Page } from "./dashboard/page.js";
import { h, replace } from "./dom.js";
import { header } from "./header.js";
import { Refresh } from "./refresh.js";
import { duration } from "./time.js";

const uid = decodeURIComponent(location.pathname.split("/")[2]);
const DASHBOARD = `/dashboards/${encodeURIComponent(uid)}`;

let refresh;

const start = async (answer) => {
  const page = new Page(answer);
  refresh?.every(0);
  refresh = new Refresh(() => update(page), duration(page.state.get("refresh")) || 0);
  page.refresh = refresh;
  globalThis.onpopstate = () => page.open();
  await page.open();
  refresh.every(page.refresh.seconds);
};

// Draws again and, if the file has changed, the whole page.
const update = async (page) => {
  const [answer] = await Promise.all([request(DASHBOARD).catch(() => undefined), page.update()]);
  if (answer && JSON.stringify(answer.dashboard) !== page.source) await start(answer);
};

const heading = header(uid);
try {
  const answer = await request(DASHBOARD);
  document.title = `${answer.dashboard.title} · Observer`;
  await start(answer);
} catch (error) {
  const { problems } = await heading.catch(() => ({ problems: [] }));
  replace(document.querySelector("#main"), fileProblems(problems), h("h1", {}, "No dashboard"), h("p", { class: "state" }, error.message));
}
