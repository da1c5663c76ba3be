/** How a value of a unit of Grafana is written. */
const POWERS = [[1e9, 'G'], [1e6, 'M'], [1e3, 'k']];
const round = (value) => Number(value.toPrecision(3)).toString();

function large(value) {
  const power = POWERS.find(([from]) => Math.abs(value) >= from);
  return power ? round(value / power[0]) + power[1] : round(value);
}

function seconds(value) {
  const size = Math.abs(value);
  if (size > 0 && size < 1) {
    return `${round(value * 1000)} ms`;
  }
  if (size >= 172800) {
    return `${round(value / 86400)} d`;
  }
  return size >= 7200 ? `${round(value / 3600)} h` : `${round(value)} s`;
}

const WRITERS = {
  bytes: (value) => `${large(value)}B`,
  Bps: (value) => `${large(value)}B/s`,
  cps: (value) => `${large(value)}/s`,
  reqps: (value) => `${large(value)}/s`,
  percentunit: (value) => `${round(value * 100)} %`,
  s: seconds,
  dateTimeAsIso: (value) => new Date(value).toISOString().slice(0, 19).replace('T', ' '),
};

export function write(value, unit) {
  return Number.isFinite(value) ? (WRITERS[unit] ?? large)(value) : '–';
}
