// Asks the service every second, and shows what is in force and what that does. What is being edited is left alone.
"use strict";

const PERIOD_MS = 1000;
const ENDPOINTS = ["ping", "echo", "counter"];

const find = (selector, within = document) => within.querySelector(selector);

const percent = (share) => `${(100 * share).toFixed(1)} %`;

const duration = (seconds) => {
  if (seconds < 1) return `${Math.round(1000 * seconds)} ms`;
  if (seconds < 60) return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`;
  const whole = Math.round(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return hours ? `${hours} h ${minutes} min` : `${minutes} min ${rest} s`;
};

// --- The API ---

// What the service says is wrong, or that it asks for a token.
class Refusal extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

const ask = async (path, options = {}) => {
  const token = sessionStorage.getItem("token");
  const headers = token ? { authorization: `Bearer ${token}` } : {};
  const answer = await fetch(path, { ...options, headers });
  const body = await answer.json();
  if (!answer.ok) throw new Refusal(answer.status, body.detail);
  return body;
};

// --- The form ---

const sections = Object.fromEntries(ENDPOINTS.map((endpoint) => {
  const section = find("#endpoint").content.cloneNode(true).firstElementChild;
  find("legend", section).textContent = `/${endpoint}`;
  find("#endpoints").append(section);
  return [endpoint, section];
}));

const fields = (endpoint) => [...sections[endpoint].querySelectorAll("[name]")];

const showSlider = (field) => {
  if (field.type !== "range") return;
  const text = percent(field.value / 100);
  find("output", field.parentElement).textContent = text;
  field.setAttribute("aria-valuetext", text);
};

let edited = false;

const fill = (plan) => {
  for (const endpoint of ENDPOINTS) {
    for (const field of fields(endpoint)) {
      const value = plan[endpoint][field.name];
      field.value = field.type === "range" ? 100 * value : value;
      showSlider(field);
    }
  }
};

const filledIn = () => {
  const plan = Object.fromEntries(ENDPOINTS.map((endpoint) => [endpoint, Object.fromEntries(
    fields(endpoint).map((field) => {
      if (field.type === "range") return [field.name, Number((field.value / 100).toFixed(4))];
      return [field.name, field.name === "error_status" ? Number(field.value) : field.value.trim() || "none"];
    }),
  )]));
  const lasts = find("#for").value.trim();
  return lasts ? { ...plan, for: lasts } : plan;
};

// --- What is shown ---

const ORIGINS = {
  startup: "The start-up plan is in force",
  control: "A plan that was put here is in force",
  incident: "An incident is in force",
};

const showPlan = ({ plan, ends_in_seconds, origin }) => {
  const left = ends_in_seconds === null ? "" : `, for ${duration(ends_in_seconds)} still`;
  find("#in-force").textContent = ORIGINS[origin] + left;
  find("#in-force").className = origin === "startup" ? "" : "changed";
  find("#restore").disabled = origin === "startup";
  if (!edited) fill(plan);
};

const showEffect = (effect) => {
  for (const endpoint of ENDPOINTS) {
    const { requests_per_second, failed_ratio, p99_seconds, by_status } = effect[endpoint];
    const put = (name, value, text) => {
      const place = find(`[data-effect="${name}"]`, sections[endpoint]);
      place.textContent = value === null ? "–" : text(value);
      return place;
    };
    put("requests", requests_per_second, (rate) => `${rate.toFixed(1)} /s`);
    put("failed", failed_ratio, percent).classList.toggle("bad", failed_ratio > 0.01);
    put("p99", p99_seconds, duration);
    const statuses = Object.entries(by_status).map(([status, rate]) => `${status}: ${rate.toFixed(1)} /s`);
    put("statuses", statuses.length ? statuses : null, (all) => all.join(", "));
  }
};

const showProblem = (text) => {
  find("#problem").textContent = text;
  find("#problem").hidden = !text;
};

const showRefusal = (error) => {
  const wantsToken = error instanceof Refusal && error.status === 401;
  if (wantsToken) {
    find("#in-force").textContent = "The service asks for a token";
    find("#in-force").className = "changed";
    find("#plan").hidden = true;
    find("#token-form").hidden = false;
  } else if (error instanceof Refusal) {
    showProblem(error.message);
  } else {
    find("#in-force").textContent = "The service does not answer";
    find("#in-force").className = "away";
  }
};

const look = async () => {
  const [plan, effect] = await Promise.all([ask("/faults"), ask("/live")]);
  find("#token-form").hidden = true;
  find("#plan").hidden = false;
  showPlan(plan);
  showEffect(effect);
};

// --- What is done ---

const change = async (options) => {
  try {
    const plan = await ask("/faults", options);
    edited = false;
    showProblem("");
    showPlan(plan);
  } catch (error) {
    showRefusal(error);
  }
};

find("#plan").addEventListener("input", ({ target }) => {
  edited = true;
  showSlider(target);
});

find("#plan").addEventListener("submit", (event) => {
  event.preventDefault();
  change({ method: "PUT", body: JSON.stringify(filledIn()) });
});

find("#restore").addEventListener("click", () => change({ method: "DELETE" }));

find("#token-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  sessionStorage.setItem("token", find("#token").value.trim());
  showProblem("");
  try {
    await look();
  } catch (error) {
    if (error.status === 401) showProblem("That is not the token.");
    showRefusal(error);
  }
});

const lookAgain = async () => {
  try {
    await look();
  } catch (error) {
    showRefusal(error);
  }
  setTimeout(lookAgain, PERIOD_MS);
};

lookAgain();
