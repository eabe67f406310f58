// The header of every page: where one can go.

import { request } from "./api.js";
import { h, replace } from "./dom.js";
import { Refresh } from "./refresh.js";

// How often the list of dashboards is asked for until the console answers, in seconds.
const RETRY = 5;

const PAGES = [["/", "Start"], ["/alerts", "Alerts"], ["/explore", "Explore"], ["/targets", "Targets"]];

// A dashboard's path may be longer by its title.
const isHere = (path) => location.pathname === path || location.pathname.startsWith(`${path}/`);

const entry = (path, text) => h("a", { href: path, "aria-current": isHere(path) ? "page" : undefined }, text);

export const header = (title) => {
  document.title = `${title} · Observer`;
  const dashboards = h("nav", { "aria-label": "Dashboards", class: "dashboards" });
  replace(document.querySelector("#header"),
    h("a", { href: "/", class: "brand" }, "Observer"),
    h("nav", { "aria-label": "Pages" }, PAGES.map(([path, text]) => entry(path, text))),
    dashboards);
  // That the console is away is said below.
  const refresh = new Refresh(async () => {
    const answer = await request("/dashboards");
    replace(dashboards, answer.dashboards.map(({ uid, title: text }) => entry(`/d/${encodeURIComponent(uid)}`, text)));
    refresh.seconds = 0;
  }, RETRY);
  refresh.now();
};
