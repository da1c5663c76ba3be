// Starts the page: reads who is signed in, keeps the state, follows the server, draws the views.

import * as api from './api.js';
import { render } from './dom.js';
import { addDays, datesBetween, dayName, localToday } from './format.js';
import { follow } from './live.js';
import { plain, value } from './metrics.js';
import { createStore } from './store.js';
import { bar, confirm } from './views/account.js';
import { linked, notice, outcome, trouble } from './views/link.js';
import { createStage } from './views/stage.js';

const WINDOW_DAYS = 30;
const PROGRESS_MS = 1_500;
const RETRY_MS = 5_000;
const TOAST_MS = 6_000;

const byId = (id) => document.getElementById(id);
const store = createStore(
  {
    phase: 'loading',
    detail: '',
    me: null,
    link: null,
    sources: null,
    days: new Map(),
    today: localToday(),
    selected: null,
    mode: 'idle',
    metric: 'recovery',
    busy: false,
    outcome: null,
    theme: 0,
  },
  draw,
);
const stage = createStage(byId('stage'), {
  onConnect: connect,
  onDisconnect: disconnect,
  onWithdraw: withdraw,
  onSelect: (date) => store.set({ selected: date === newest() ? null : date }),
  onMetric: (metric) => store.set({ metric }),
  onRetry: start,
});
let stopFollowing = null;
let progressTimer = null;
let retryTimer = null;
let toastTimer = null;

/** The last day of the window: today, or a later local day that already has data (a member further east). */
function newest(state = store.get()) {
  const later = [...state.days.values()]
    .filter((day) => day.date > state.today && (day.sources ?? []).some((source) => source.present))
    .map((day) => day.date);
  return later.sort().pop() ?? state.today;
}

function draw(state) {
  const last = newest(state);
  const dates = datesBetween(addDays(last, 1 - WINDOW_DAYS), last);
  document.body.dataset.phase = state.phase;
  document.body.dataset.link = state.link?.state ?? 'unknown';
  render(byId('bar'), [state.me?.name, state.mode], () => bar({ me: state.me, mode: state.mode, onSignOut: signOut }));
  // Not while loading: its button needs to know who is there.
  const entry =
    state.phase === 'loading' ? null : (state.outcome ?? (state.phase === 'ready' ? trouble(state.link) : null));
  render(
    byId('notice'),
    entry,
    () =>
      entry && notice(entry, { onConnect: connect, onCheck: refreshAll, onClose: () => store.set({ outcome: null }) }),
  );
  stage.draw(state, { dates, selected: state.selected ?? last, last });
}

/** Runs a reading; a lost session or server moves the page to the matching state. True when it was answered. */
async function attempt(work) {
  try {
    await work();
    return true;
  } catch (problem) {
    if (!(problem instanceof api.ApiProblem)) {
      throw problem;
    }
    if (problem.status === 401) {
      leave();
    }
    return false;
  }
}

async function start() {
  clearTimeout(retryTimer);
  try {
    const me = await api.me();
    store.set({ me });
    if (!me.roles.includes('member')) {
      store.set({ phase: 'no-record' });
      return;
    }
    await readAll();
    store.set({ phase: 'ready' });
    listen();
  } catch (problem) {
    if (!(problem instanceof api.ApiProblem)) {
      throw problem;
    }
    if (problem.status === 401) {
      leave();
    } else {
      store.set({ phase: 'unreachable', detail: problem.detail });
      retryTimer = setTimeout(start, RETRY_MS);
    }
  }
}

function leave() {
  stopFollowing?.();
  stopFollowing = null;
  clearTimeout(progressTimer);
  store.set({
    phase: 'signed-out',
    me: null,
    link: null,
    sources: null,
    days: new Map(),
    selected: null,
    mode: 'idle',
  });
}

async function readDays() {
  const today = localToday();
  const records = await api.days(addDays(today, -WINDOW_DAYS), addDays(today, 1));
  const before = store.get().days;
  const days = new Map(records.map((record) => [record.date, record]));
  store.set({ days, today });
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
      if (
        !(await attempt(async () => {
          await Promise.all([readLink(), store.get().mode === 'live' ? null : readDays()]);
        }))
      ) {
        watchProgress(link);
      } else if (!store.get().link.unreadable && store.get().link?.sync?.state !== 'backfilling') {
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
    onDays: (dates) =>
      dates === null
        ? refreshAll()
        : attempt(async () => {
            const [before] = await Promise.all([readDays(), readSources()]);
            tell(before, dates);
          }),
  });
}

/** Says what changed, once, for those who see it and for those who hear it. */
function tell(before, dates) {
  const state = store.get();
  if (state.link?.sync?.state === 'backfilling') {
    return;
  }
  const date = [...dates].sort().pop();
  const day = state.days.get(date);
  const recovery = value(day, 'recovery_score');
  if (day !== undefined && day.version !== before.get(date)?.version) {
    const text = `${dayName(date, state.today)} was updated${recovery === null ? '' : `: recovery ${plain('recovery_score', recovery)}`}`;
    byId('announcer').textContent = text;
    byId('toast').textContent = text;
    byId('toast').hidden = false;
    clearTimeout(toastTimer);
    toastTimer = setTimeout(() => {
      byId('toast').hidden = true;
    }, TOAST_MS);
  }
}

const FAILED = {
  id: 'action-failed',
  kind: 'bad',
  title: 'That did not work',
  text: 'Vitals could not do it just now. Nothing was changed; please try again.',
};

async function act(work) {
  if (store.get().busy) {
    return;
  }
  store.set({ busy: true, outcome: null });
  const done = await attempt(work);
  store.set({ busy: false, ...(done || store.get().phase === 'signed-out' ? {} : { outcome: FAILED }) });
}

/** `agreed`: the member has ticked the consent box. Consent is never taken from a click that did not say so. */
async function connect(agreed) {
  if (!store.get().me.consents?.health_data?.granted && agreed !== true) {
    byId('consent')?.focus();
    return;
  }
  await act(async () => {
    if (!store.get().me.consents?.health_data?.granted) {
      await api.setConsent(true);
      store.set({ me: await api.me() });
    }
    const { authorization_url: target } = await api.startLink();
    location.assign(target);
  });
}

async function disconnect() {
  const sure = await confirm({
    title: 'Disconnect WHOOP?',
    text: 'Vitals gives up its access at WHOOP and destroys its keys. No new data arrives. The days you already have stay.',
    yes: 'Disconnect',
  });
  if (sure) {
    await act(async () => {
      await api.dropLink();
      await refreshAll();
    });
  }
}

async function withdraw() {
  const sure = await confirm({
    title: 'Withdraw your consent?',
    text: 'Vitals stops reading from WHOOP and Sahha at once. You can give your consent again at any time.',
    yes: 'Withdraw',
  });
  if (sure) {
    await act(async () => {
      if (linked(store.get().link)) {
        await api.dropLink();
      }
      await api.setConsent(false);
      await refreshAll();
    });
  }
}

async function signOut() {
  await act(async () => {
    await api.signOut();
    leave();
  });
}

// The way back from WHOOP or from the sign-in leaves its outcome in the address; it is shown once and does not survive a reload.
const returned = outcome(new URLSearchParams(location.search));
if (location.search !== '') {
  history.replaceState(null, '', location.pathname);
}
store.set({ outcome: returned });
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () =>
  store.set({ theme: store.get().theme + 1 }),
);
document.addEventListener(
  'visibilitychange',
  () => document.visibilityState === 'visible' && store.get().phase === 'ready' && refreshAll(),
);
start();
