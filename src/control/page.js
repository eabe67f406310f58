// Polls the service every second and shows the active plan and its effect. Does not overwrite fields being edited.
"use strict";

const PERIOD_MS = 1000;
const ENDPOINTS = ["ping", "echo", "counter"];

const find = (selector, within = document) => within.querySelector(selector);

const percent = (share) => `${(100 * share).toFixed(1)} %`;

const formatDuration = (seconds) => {
  if (seconds < 1) return `${Math.round(1000 * seconds)} ms`;
  if (seconds < 60) return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`;
  const whole = Math.round(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return hours ? `${hours} h ${minutes} min` : `${minutes} min ${rest} s`;
};

// --- The API ---

// An error response of the API: an invalid plan, or a missing token.
class ApiError extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

const request = async (path, options = {}) => {
  const token = sessionStorage.getItem("token");
  const headers = token ? { authorization: `Bearer ${token}` } : {};
  const response = await fetch(path, { ...options, headers });
  const body = await response.json();
  if (!response.ok) throw new ApiError(response.status, body.detail);
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

const planFromForm = () => {
  const plan = Object.fromEntries(ENDPOINTS.map((endpoint) => [endpoint, Object.fromEntries(
    fields(endpoint).map((field) => {
      if (field.type === "range") return [field.name, Number((field.value / 100).toFixed(4))];
      return [field.name, field.name === "error_status" ? Number(field.value) : field.value.trim() || "none"];
    }),
  )]));
  const duration = find("#for").value.trim();
  return duration ? { ...plan, for: duration } : plan;
};

// --- Output ---

const ORIGINS = {
  startup: "The start-up plan is active",
  control: "A plan set here is active",
  incident: "An incident is active",
};

const showPlan = ({ plan, ends_in_seconds, origin }) => {
  const left = ends_in_seconds === null ? "" : `, for another ${formatDuration(ends_in_seconds)}`;
  find("#active-plan").textContent = ORIGINS[origin] + left;
  find("#active-plan").className = origin === "startup" ? "" : "changed";
  find("#restore").disabled = origin === "startup";
  if (!edited) fill(plan);
};

const showStats = (stats) => {
  for (const endpoint of ENDPOINTS) {
    const { requests_per_second, failed_ratio, p99_seconds, by_status } = stats[endpoint];
    const show = (name, value, format) => {
      const element = find(`[data-stat="${name}"]`, sections[endpoint]);
      element.textContent = value === null ? "–" : format(value);
      return element;
    };
    show("requests", requests_per_second, (rate) => `${rate.toFixed(1)} /s`);
    show("failed", failed_ratio, percent).classList.toggle("bad", failed_ratio > 0.01);
    show("p99", p99_seconds, formatDuration);
    const statuses = Object.entries(by_status).map(([status, rate]) => `${status}: ${rate.toFixed(1)} /s`);
    show("statuses", statuses.length ? statuses : null, (all) => all.join(", "));
  }
};

const showProblem = (text) => {
  find("#problem").textContent = text;
  find("#problem").hidden = !text;
};

const showError = (error) => {
  const wantsToken = error instanceof ApiError && error.status === 401;
  if (wantsToken) {
    find("#active-plan").textContent = "The service requires a token";
    find("#active-plan").className = "changed";
    find("#plan").hidden = true;
    find("#token-form").hidden = false;
  } else if (error instanceof ApiError) {
    showProblem(error.message);
  } else {
    find("#active-plan").textContent = "The service does not respond";
    find("#active-plan").className = "unreachable";
  }
};

const refresh = async () => {
  const [plan, stats] = await Promise.all([request("/faults"), request("/live")]);
  find("#token-form").hidden = true;
  find("#plan").hidden = false;
  showPlan(plan);
  showStats(stats);
};

// --- Actions ---

const change = async (options) => {
  try {
    const plan = await request("/faults", options);
    edited = false;
    showProblem("");
    showPlan(plan);
  } catch (error) {
    showError(error);
  }
};

find("#plan").addEventListener("input", ({ target }) => {
  edited = true;
  showSlider(target);
});

find("#plan").addEventListener("submit", (event) => {
  event.preventDefault();
  change({ method: "PUT", body: JSON.stringify(planFromForm()) });
});

find("#restore").addEventListener("click", () => change({ method: "DELETE" }));

find("#token-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  sessionStorage.setItem("token", find("#token").value.trim());
  showProblem("");
  try {
    await refresh();
  } catch (error) {
    if (error.status === 401) showProblem("Wrong token.");
    showError(error);
  }
});

const poll = async () => {
  try {
    await refresh();
  } catch (error) {
    showError(error);
  }
  setTimeout(poll, PERIOD_MS);
};

poll();
