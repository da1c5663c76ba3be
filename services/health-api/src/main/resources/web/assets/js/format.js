// Words and numbers. Dates are plain "YYYY-MM-DD" strings of the member's own local day.

const LOCALE = 'en-GB';
const DAY_MS = 86_400_000;

const utc = (date) => new Date(`${date}T00:00:00Z`);
const formatter = (options) => new Intl.DateTimeFormat(LOCALE, { timeZone: 'UTC', ...options });
const LONG = formatter({ weekday: 'long', day: 'numeric', month: 'long' });
const SHORT = formatter({ weekday: 'short', day: 'numeric', month: 'short' });
const TINY = formatter({ day: 'numeric', month: 'short' });
const CLOCK = formatter({ hour: '2-digit', minute: '2-digit' });
const STAMP = formatter({ day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });
const DATED = formatter({ day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' });

export const longDate = (date) => LONG.format(utc(date));
export const shortDate = (date) => SHORT.format(utc(date));
export const tinyDate = (date) => TINY.format(utc(date));

export const addDays = (date, count) => new Date(utc(date).getTime() + count * DAY_MS).toISOString().slice(0, 10);

export function datesBetween(from, to) {
  const dates = [];
  for (let date = from; date <= to; date = addDays(date, 1)) {
    dates.push(date);
  }
  return dates;
}

export function localToday(now = new Date()) {
  const pad = (value) => String(value).padStart(2, '0');
  return `${now.getFullYear()}-${pad(now.getMonth() + 1)}-${pad(now.getDate())}`;
}

/** "Today", "Yesterday" or the weekday and date. */
export function dayName(date, today = localToday()) {
  if (date === today) {
    return 'Today';
  }
  return date === addDays(today, -1) ? 'Yesterday' : longDate(date);
}

function offsetMs(offset) {
  const match = /^([+-])(\d\d):?(\d\d)$/.exec(offset ?? '');
  return match ? (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3])) * 60_000 : null;
}

const browserOffsetMs = (instant) => -instant.getTimezoneOffset() * 60_000;

function shifted(instant, offset) {
  const at = new Date(instant);
  return new Date(at.getTime() + (offsetMs(offset) ?? browserOffsetMs(at)));
}

/** Wall-clock time of an instant, in the record's own offset when there is one. */
export const clock = (instant, offset) => (instant ? CLOCK.format(shifted(instant, offset)) : '');
export const stamp = (instant, offset) => (instant ? STAMP.format(shifted(instant, offset)) : 'not known');
/** A stamp with the year: for what lasts or is kept. */
export const dated = (instant) => (instant ? DATED.format(shifted(instant)) : 'not known');

export function ago(instant, now = Date.now()) {
  if (!instant) {
    return 'never';
  }
  const minutes = Math.round((now - Date.parse(instant)) / 60_000);
  if (minutes < 1) {
    return 'just now';
  }
  if (minutes < 60) {
    return `${minutes} min ago`;
  }
  return minutes < 48 * 60 ? `${Math.round(minutes / 60)} h ago` : `${Math.round(minutes / 1440)} days ago`;
}

export function duration(minutes) {
  const whole = Math.round(minutes);
  const hours = Math.floor(whole / 60);
  return hours === 0 ? `${whole} min` : `${hours} h ${String(whole % 60).padStart(2, '0')}`;
}

export function number(value, digits = 0) {
  return value.toLocaleString(LOCALE, { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** A sport's name as WHOOP sends it, made readable: "functional-fitness" becomes "Functional fitness". */
export function sportName(name) {
  const words = String(name ?? '')
    .replace(/[-_]+/g, ' ')
    .trim()
    .toLowerCase();
  return words === '' || words === 'null' || /^-?\d+$/.test(words)
    ? 'Activity'
    : words[0].toUpperCase() + words.slice(1);
}

export const sourceName = (source) => ({ whoop: 'WHOOP', sahha: 'Sahha' })[source] ?? String(source ?? 'Not known');

/** WHOOP's recovery bands. The word comes with the colour: colour alone tells nothing to some readers. */
export function band(score) {
  if (score === null || score === undefined) {
    return { key: 'none', word: 'No score' };
  }
  // The number that is shown decides, so that a 67 is never yellow.
  const shown = Math.round(score);
  if (shown >= 67) {
    return { key: 'good', word: 'Green' };
  }
  return shown >= 34 ? { key: 'fair', word: 'Yellow' } : { key: 'low', word: 'Red' };
}
