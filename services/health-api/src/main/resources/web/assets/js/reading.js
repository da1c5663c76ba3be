// Reads the member's record into the store and keeps it current: event stream, first reading, lost sessions.

import { tell } from './announce.js';
import * as api from './api.js';
import { addDays, dayName, localToday } from './format.js';
import { follow } from './live.js';
import { plain, value } from './metrics.js';
import { linked } from './views/link.js';

export const WINDOW_DAYS = 30;
const PROGRESS_MS = 1_500;

/** Returns what the page can read; every reading that finds the session over moves the page to the door. */
export function createReading(store) {
  let stopFollowing = null;
  let progressTimer = null;

  function stop() {
    stopFollowing?.();
    stopFollowing = null;
    clearTimeout(progressTimer);
  }

  /** Nothing of the member stays; `phase` says why. */
  function leave(phase = 'signed-out', extra = {}) {
    stop();
    store.set({
      phase,
      me: null,
      link: null,
      sources: null,
      days: new Map(),
      selected: null,
      refreshed: null,
      mode: 'idle',
      view: 'days',
      ...extra,
    });
  }

  /** Runs a reading; null when it was answered, else the problem. A session that is over moves the page to the door. */
  async function attempt(work) {
    try {
      await work();
      return null;
    } catch (problem) {
      if (!(problem instanceof api.ApiProblem)) {
        throw problem;
      }
      // What was asked for before the member was forgotten is answered after it; the certificate stays.
      if (problem.status === 401 && store.get().phase !== 'erased') {
        leave();
      }
      return problem;
    }
  }

  async function readDays() {
    const today = localToday();
    const records = await api.days(addDays(today, -WINDOW_DAYS), addDays(today, 1));
    const before = store.get().days;
    store.set({ days: new Map(records.map((record) => [record.date, record])), today });
    return before;
  }

  /** The link lives behind another service: when that one is away the stored days are shown all the same. */
  async function readLink() {
    let link;
    try {
      link = await api.link();
    } catch (problem) {
      if (!(problem instanceof api.ApiProblem) || problem.status === 401) {
        throw problem;
      }
      const { link: before, me } = store.get();
      link = { ...before, state: before?.state ?? me?.links?.whoop ?? 'unknown', unreadable: true };
    }
    store.set({ link });
    watchProgress(link);
  }

  async function readSources() {
    try {
      store.set({ sources: (await api.sources()).sources });
    } catch (problem) {
      if (!(problem instanceof api.ApiProblem) || problem.status === 401) {
        throw problem;
      }
    }
  }

  const readAll = () => Promise.all([readDays(), readLink(), readSources()]);

  const refreshAll = () =>
    attempt(async () => {
      store.set({ me: await api.me() });
      await readAll();
    });

  // While the first reading runs, or the link could not be read, it is asked for; the days come by the event stream.
  function watchProgress(link) {
    clearTimeout(progressTimer);
    if (link.unreadable || (linked(link) && link.sync?.state === 'backfilling')) {
      progressTimer = setTimeout(async () => {
        const problem = await attempt(() =>
          Promise.all([readLink(), store.get().mode === 'live' ? null : readDays()]),
        );
        if (problem?.status === 401) {
          return;
        }
        if (problem !== null) {
          watchProgress(link);
        } else if (!store.get().link?.unreadable && store.get().link?.sync?.state !== 'backfilling') {
          await refreshAll();
        }
      }, PROGRESS_MS);
    }
  }

  function listen() {
    stopFollowing?.();
    stopFollowing = follow(api.EVENTS_URL, {
      versionOf: (date) => store.get().days.get(date)?.version,
      onMode: (mode) => store.set({ mode }),
      onLink: () => refreshAll(),
      onDays: async (dates) => {
        const problem = await (dates === null
          ? refreshAll()
          : attempt(async () => {
              const [before] = await Promise.all([readDays(), readSources()]);
              tellNews(before, dates);
            }));
        return problem === null;
      },
    });
  }

  /** Says what changed, once. */
  function tellNews(before, dates) {
    const state = store.get();
    if (state.link?.sync?.state === 'backfilling') {
      return;
    }
    const date = [...dates].sort().pop();
    const day = state.days.get(date);
    const recovery = value(day, 'recovery_score');
    if (day !== undefined && day.version !== before.get(date)?.version) {
      tell(
        `${dayName(date, state.today)} was updated${recovery === null ? '' : `: recovery ${plain('recovery_score', recovery)}`}`,
      );
    }
  }

  return { attempt, leave, listen, readAll, refreshAll, stop };
}
