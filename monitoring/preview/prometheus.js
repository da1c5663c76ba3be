/** What a Prometheus answers to the queries of a dashboard, with everything chosen that can be chosen. */
const { prometheus } = await (await fetch('settings.json')).json();
/** Seconds between two scrapes; what is asked for of the past, and how finely. */
const SCRAPE = 5;
const SPAN = 1800;
export const STEP = 15;

const ALL = /\$(namespace|service|route)\b/g;

async function ask(path, parameters) {
  const answer = await fetch(`${prometheus}/api/v1/${path}`, { method: 'POST', body: new URLSearchParams(parameters) });
  const body = await answer.json();
  if (body.status !== 'success') {
    throw new Error(body.error);
  }
  return body.data.result;
}

function chosen(expr) {
  return expr.replaceAll('$__rate_interval', `${Math.max(4 * SCRAPE, STEP + SCRAPE)}s`).replaceAll(ALL, '.*');
}

/** Series over the span that ends now: [{metric, values: [[seconds, text], …]}, …]. */
export function range(expr, now) {
  return ask('query_range', { query: chosen(expr), start: now - SPAN, end: now, step: STEP });
}

/** What is now: [{metric, value: [seconds, text]}, …]. */
export function instant(expr) {
  return ask('query', { query: chosen(expr) });
}
