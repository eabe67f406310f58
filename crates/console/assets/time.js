// Times and durations: Grafana's expressions such as `now-15m`, and how they are written.

const SECONDS = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86400, w: 604800, y: 31536000 };

// `1h30m` in seconds; NaN if it is no duration.
export const duration = (text) => {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|[smhdwy])/g)];
  if (!parts.length || parts.map(([whole]) => whole).join("") !== text) return NaN;
  return parts.reduce((sum, [, count, unit]) => sum + count * SECONDS[unit], 0);
};

// A point in time, in seconds: `now`, `now-15m`, milliseconds since 1970, or a date.
export const instant = (text, now = Date.now() / 1000) => {
  const relative = /^now(?:([+-])(.+))?$/.exec(text);
  if (relative) return now + (relative[1] ? (relative[1] === "-" ? -1 : 1) * duration(relative[2]) : 0);
  if (/^\d+$/.test(text)) return text / 1000;
  return Date.parse(text) / 1000;
};

// A range in seconds, or undefined if it is none.
export const range = (from, to) => {
  const now = Date.now() / 1000;
  const [start, end] = [instant(from, now), instant(to, now)];
  return start < end ? { start, end } : undefined;
};

const two = (number) => String(number).padStart(2, "0");

export const clock = (seconds) => {
  const date = new Date(1000 * seconds);
  const time = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  return date.toDateString() === new Date().toDateString() ? time : `${day(seconds)} ${time}`;
};

export const day = (seconds) => {
  const date = new Date(1000 * seconds);
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
};

// The local date and time, as an <input type="datetime-local"> wants it.
export const local = (seconds) => {
  const date = new Date(1000 * seconds);
  return `${day(seconds)}T${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
};

// `2 min 5 s`: at most two units.
export const span = (seconds) => {
  if (!Number.isFinite(seconds)) return "–";
  if (seconds < 1) return `${Math.round(1000 * seconds)} ms`;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  const steps = [["d", 86400], ["h", 3600], ["min", 60], ["s", 1]];
  const first = steps.findIndex(([, size]) => whole >= size);
  const parts = steps.slice(first, first + 2).map(([unit, size], index) => {
    const count = index ? Math.floor((whole % steps[first][1]) / size) : Math.floor(whole / size);
    return count || !index ? `${count} ${unit}` : "";
  });
  return parts.filter(Boolean).join(" ");
};

const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800, 604800, 2592000];

// Where an axis of time has its labels, about 90 pixels apart, at round local times.
export const ticks = (start, end, width) => {
  const wanted = (end - start) / Math.max(2, width / 90);
  const step = STEPS.find((size) => size >= wanted) ?? STEPS.at(-1);
  const offset = 60 * new Date(1000 * start).getTimezoneOffset();
  const values = [];
  for (let at = Math.ceil((start - offset) / step) * step + offset; at <= end; at += step) values.push(at);
  const text = (at) => {
    const date = new Date(1000 * at);
    if (step >= 86400) return `${two(date.getMonth() + 1)}-${two(date.getDate())}`;
    const time = `${two(date.getHours())}:${two(date.getMinutes())}`;
    return step < 60 ? `${time}:${two(date.getSeconds())}` : end - start > 86400 ? `${two(date.getMonth() + 1)}-${two(date.getDate())} ${time}` : time;
  };
  return { values, texts: values.map(text) };
};

// The step of a query: a round number of seconds, no shorter than the data's own.
export const stepOf = (seconds, points, shortest) => {
  const wanted = Math.max(shortest, seconds / points);
  const round = STEPS.find((size) => size >= wanted && size % shortest === 0);
  // Few round numbers are multiples of 7 s: the next may be a week.
  return round <= 5 * wanted ? round : Math.ceil(wanted / shortest) * shortest;
};
