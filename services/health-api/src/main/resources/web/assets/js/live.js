// Live updates: the server's event stream, and short polling while the stream cannot be had.

const POLL_MS = 5_000;
const RETRY_STREAM_MS = 30_000;
const SETTLE_MS = 250;

/**
 * Calls `onDays(dates)` when days changed (a set of dates, or null for "anything may have changed"), `onLink(state)`
 * when the WHOOP link changed and `onMode(mode)` with live, polling or offline. Returns a function that stops it all.
 */
export function follow(url, { onDays, onLink, onMode, versionOf }) {
  let stream = null;
  let pollTimer = null;
  let retryTimer = null;
  let settleTimer = null;
  let connectedBefore = false;
  let dates = new Set();

  // A backfill announces dozens of days at once; they are read together.
  const settle = () => {
    settleTimer = null;
    const changed = dates;
    dates = new Set();
    onDays(changed);
  };

  const poll = async () => {
    const reached = await onDays(null);
    if (pollTimer !== null) {
      onMode(reached ? 'polling' : 'offline');
      pollTimer = setTimeout(poll, POLL_MS);
    }
  };

  const startPolling = () => {
    if (pollTimer === null) {
      pollTimer = setTimeout(poll, 0);
    }
  };

  const stopPolling = () => {
    clearTimeout(pollTimer);
    pollTimer = null;
  };

  const open = () => {
    clearTimeout(retryTimer);
    stream?.close();
    stream = new EventSource(url);
    stream.addEventListener('open', () => {
      stopPolling();
      onMode('live');
      if (connectedBefore) {
        onDays(null); // what happened while the stream was down was not told
      }
      connectedBefore = true;
    });
    stream.addEventListener('day', (event) => {
      const day = parse(event.data);
      if (day?.date && day.version !== versionOf(day.date)) {
        dates.add(day.date);
        settleTimer ??= setTimeout(settle, SETTLE_MS);
      }
    });
    stream.addEventListener('link', (event) => onLink(parse(event.data)?.state ?? null));
    stream.addEventListener('error', () => {
      startPolling();
      if (stream.readyState === EventSource.CLOSED) {
        retryTimer = setTimeout(open, RETRY_STREAM_MS);
      }
    });
  };

  open();
  return () => {
    stream?.close();
    stopPolling();
    clearTimeout(retryTimer);
    clearTimeout(settleTimer);
  };
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
