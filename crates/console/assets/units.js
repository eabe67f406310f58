// Writes numbers in Grafana's units. The list is that of UNITS in src/dashboards/field.rs.

const scaled = (base, suffixes, gap = " ") => (value, decimals) => {
  let exponent = 0;
  let size = Math.abs(value);
  while (size >= base && exponent < suffixes.length - 1) {
    size /= base;
    exponent += 1;
  }
  const text = plain(value / base ** exponent, decimals);
  return suffixes[exponent] ? `${text}${gap}${suffixes[exponent]}` : text;
};

// More digits than a number has.
const MOST_DECIMALS = 20;

// Three significant digits, unless the panel says how many decimals.
const plain = (value, decimals) => {
  if (Number.isInteger(decimals)) return value.toFixed(Math.min(decimals, MOST_DECIMALS));
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size < 1e-6) return value.toExponential(1);
  const digits = Math.max(0, 2 - Math.floor(Math.log10(size)));
  return String(Number(value.toFixed(Math.min(digits, 8))));
};

const count = scaled(1000, ["", "K", "Mil", "Bil", "Tri"]);
const rate = (suffix) => (value, decimals) => `${scaled(1000, ["", "K", "M", "G"], "")(value, decimals)} ${suffix}`;

const time = (value, decimals) => {
  const size = Math.abs(value);
  if (value === 0) return `${plain(0, decimals)} s`;
  if (size < 1e-6) return `${plain(value * 1e9, decimals)} ns`;
  if (size < 1e-3) return `${plain(value * 1e6, decimals)} µs`;
  if (size < 1) return `${plain(value * 1e3, decimals)} ms`;
  if (size < 60) return `${plain(value, decimals)} s`;
  if (size < 3600) return `${plain(value / 60, decimals)} min`;
  if (size < 86400) return `${plain(value / 3600, decimals)} h`;
  if (size < 31536000) return `${plain(value / 86400, decimals)} d`;
  return `${plain(value / 31536000, decimals)} y`;
};

const bytes = scaled(1024, ["B", "KiB", "MiB", "GiB", "TiB"]);

// The last millisecond that a Date has.
const LAST_TIME = 8.64e15;

const FORMATS = {
  "": plain, none: plain, short: count,
  string: (value) => String(value),
  percent: (value, decimals) => `${plain(value, decimals)}%`,
  percentunit: (value, decimals) => `${plain(100 * value, decimals)}%`,
  s: time,
  ms: (value, decimals) => time(value / 1e3, decimals),
  µs: (value, decimals) => time(value / 1e6, decimals),
  ns: (value, decimals) => time(value / 1e9, decimals),
  bytes,
  kbytes: (value, decimals) => bytes(1024 * value, decimals),
  mbytes: (value, decimals) => bytes(1048576 * value, decimals),
  decbytes: scaled(1000, ["B", "kB", "MB", "GB", "TB"]),
  Bps: scaled(1000, ["B/s", "kB/s", "MB/s", "GB/s"]),
  binBps: scaled(1024, ["B/s", "KiB/s", "MiB/s", "GiB/s"]),
  ops: rate("ops/s"), reqps: rate("req/s"), rps: rate("rd/s"), wps: rate("wr/s"), iops: rate("io/s"), cps: rate("c/s"),
  hertz: scaled(1000, ["Hz", "kHz", "MHz", "GHz"]),
  dateTimeAsIso: (value) => (Math.abs(value) <= LAST_TIME ? new Date(value).toISOString() : plain(value)),
  bool_yes_no: (value) => (value ? "Yes" : "No"),
};

// The number with its unit, such as `12.3 ms`.
export const format = (value, unit = "", decimals = undefined) => {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "-∞";
  return (FORMATS[unit] ?? count)(value, decimals ?? undefined);
};

// Where an axis of values has its labels: round numbers in the unit's own base.
export const valueTicks = (low, high, wanted, unit) => {
  const base = ["bytes", "kbytes", "mbytes", "binBps"].includes(unit) ? 1024 : 10;
  const rough = (high - low) / wanted;
  const power = base ** Math.floor(Math.log(rough) / Math.log(base));
  const factors = base === 10 ? [1, 2, 2.5, 5, 10] : [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024];
  const step = (factors.find((factor) => factor * power >= rough) ?? base) * power;
  const values = [];
  for (let index = Math.ceil(low / step - 1e-9); index * step <= high + step * 1e-9; index += 1) {
    values.push(Number((index * step).toPrecision(12)));
  }
  return values;
};
