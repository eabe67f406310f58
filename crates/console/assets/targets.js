// The page /targets: what Prometheus scrapes.

import { prometheus } from "./api.js";
import { h, link, replace, table } from "./dom.js";
import { header } from "./header.js";
import { badge, fill, section } from "./page.js";
import { Refresh } from "./refresh.js";
import { clock, span } from "./time.js";
import { format } from "./units.js";

const HEALTH = { up: "good", down: "alarm" };

const row = (target, samples) => {
  const { labels, scrapeUrl, health, lastScrape, lastScrapeDuration, lastError } = target;
  const others = Object.entries(labels).filter(([name]) => name !== "job" && name !== "instance").map(([name, value]) => `${name}="${value}"`);
  const scraped = Date.parse(lastScrape) / 1000;
  return h("tr", { "data-health": health, "data-key": scrapeUrl },
    h("td", {}, labels.job), h("td", {}, labels.instance, others.length ? h("div", { class: "faint" }, others.join(" ")) : ""),
    h("td", {}, badge(health, HEALTH[health])), h("td", {}, link(scrapeUrl, scrapeUrl)),
    h("td", { class: "number" }, scraped > 0 ? clock(scraped) : "never"), h("td", { class: "number" }, span(lastScrapeDuration)),
    h("td", { class: "number" }, format(samples, "short")), h("td", { class: "error" }, lastError));
};

const main = document.querySelector("#main");
const targets = section("Targets");
replace(main, h("h1", {}, "Targets"), targets.element);

const update = () => fill([[targets, async () => {
  const [{ activeTargets }, { result }] = await Promise.all([
    prometheus("targets", { state: "active" }),
    prometheus("query", { query: "scrape_samples_scraped" }),
  ]);
  const samples = new Map(result.map(({ metric, value }) => [`${metric.job} ${metric.instance}`, Number(value[1])]));
  const key = ({ labels }) => `${labels.job} ${labels.instance}`;
  activeTargets.sort((one, other) => key(one).localeCompare(key(other), "en", { numeric: true }));
  const down = activeTargets.filter(({ health }) => health !== "up").length;
  targets.update(
    h("p", {}, down ? badge(`${down} of ${activeTargets.length} are not up`, "alarm") : badge(`All ${activeTargets.length} are up`, "good")),
    table("Targets", ["Job", "Instance", "Health", "Scraped", "Last scrape", "Duration", "Samples", "Last error"],
      activeTargets.map((target) => row(target, samples.get(key(target))))));
}]]);

header("Targets");
const refresh = new Refresh(update, 5);
refresh.now();
