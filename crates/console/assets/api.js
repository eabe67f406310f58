// The console's API. A part of the stack that does not answer is told to `notices`.

import { answers, away } from "./notices.js";
import { askForToken, token } from "./token.js";

// A reply that is an error: a query that Prometheus refuses, or a part that does not answer.
export class ApiError extends Error {
  constructor(status, body) {
    super(body.detail ?? body.error ?? body.message ?? (typeof body === "string" ? body : `The console answers ${status}.`));
    this.status = status;
    this.part = body.part;
    this.since = body.since;
  }
}

const CONSOLE = "the console";

// Pause before a request that failed is sent again, in milliseconds.
const PAUSE = 300;

// A browser drops its requests when the machine's network changes, even those to the machine itself.
const fetchTwice = async (url, options) => {
  try {
    return await fetch(url, options);
  } catch (error) {
    if (error.name === "AbortError" || (options.method ?? "GET") !== "GET") throw error;
    await new Promise((done) => setTimeout(done, PAUSE));
    return fetch(url, options);
  }
};

const send = async (path, options, bearer) => {
  const headers = { ...(bearer ? { authorization: `Bearer ${bearer}` } : {}), ...options.headers };
  try {
    return await fetchTwice(`/api${path}`, { ...options, headers });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    away(CONSOLE, undefined, "The console does not answer.");
    throw new ApiError(0, { detail: "The console does not answer.", part: CONSOLE });
  }
};

export const request = async (path, options = {}) => {
  const bearer = token();
  const response = await send(path, options, bearer);
  answers(CONSOLE);
  if (response.status === 401) {
    await askForToken(bearer);
    return request(path, options);
  }
  if (!response.ok) {
    // Not every server upstream words its errors in JSON.
    const text = await response.text();
    let body = text;
    try {
      body = JSON.parse(text);
    } catch {
      // The text itself says what is wrong.
    }
    const error = new ApiError(response.status, body);
    if (error.part) away(error.part, error.since, error.message);
    throw error;
  }
  return response.status === 204 || options.method === "DELETE" ? undefined : response.json();
};

const PARTS = { prometheus: "Prometheus", alertmanager: "Alertmanager", pager: "the pager" };

// The console has waited for a part in vain.
const TIMEOUT = 504;

const ask = async (part, path, parameters = {}, options = {}) => {
  const query = new URLSearchParams(Object.entries(parameters).flatMap(([name, value]) => [value].flat().map((it) => [name, it])));
  try {
    const body = await request(`/${part}/${path}${query.size ? `?${query}` : ""}`, options);
    answers(PARTS[part]);
    return body;
  } catch (error) {
    // A part that refuses a request answers, too.
    if ("status" in error && !error.part && error.status !== TIMEOUT) answers(PARTS[part]);
    throw error;
  }
};

// What Prometheus answers: data, and perhaps warnings and infos on how it came about.
export const prometheusAnswer = (path, parameters, options) => ask("prometheus", path, parameters, options);
// The data alone.
export const prometheus = async (path, parameters, options) => (await prometheusAnswer(path, parameters, options)).data;
export const alertmanager = (path, options) => ask("alertmanager", path, {}, options);
export const pager = (path) => ask("pager", path);
