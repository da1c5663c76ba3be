// Starts the page: reads who is signed in, keeps the state, draws the views.

import * as api from './api.js';
import { createDoing } from './doing.js';
import { render } from './dom.js';
import { addDays, datesBetween, localToday } from './format.js';
import { createReading, WINDOW_DAYS } from './reading.js';
import { createStore } from './store.js';
import { bar } from './views/bar.js';
import { notice, outcome, trouble } from './views/link.js';
import { createStage } from './views/stage.js';
import { explainMetric, explainPart } from './views/why.js';

const RETRY_MS = 5_000;

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
    view: 'days',
    metric: 'recovery',
    busy: false,
    refreshed: null,
    certificate: null,
    outcome: null,
    theme: 0,
  },
  draw,
);
const reading = createReading(store);
const doing = createDoing(store, reading);
const stage = createStage(byId('stage'), {
  onConnect: doing.connect,
  onDisconnect: doing.disconnect,
  onWithdraw: doing.withdraw,
  onCheck: reading.refreshAll,
  onRefresh: () => doing.refresh(shownDate()),
  onSignOut: doing.signOut,
  onErase: doing.erase,
  onLeave: () => reading.leave(),
  onWhy: (name) => explainMetric(name, shownDate(), () => reading.leave()),
  onWhyPart: (part) => explainPart(part, shownDate(), store.get().days.get(shownDate()), () => reading.leave()),
  onSelect: (date) => store.set({ selected: date === newest() ? null : date }),
  onMetric: (metric) => store.set({ metric }),
  onRetry: start,
});
let retryTimer = null;

/** The last day of the window: today, or a later local day that already has data (a member further east). */
function newest(state = store.get()) {
  const later = [...state.days.values()]
    .filter((day) => day.date > state.today && (day.sources ?? []).some((source) => source.present))
    .map((day) => day.date);
  return later.sort().pop() ?? state.today;
}

const shownDate = (state = store.get()) => state.selected ?? newest(state);

/** Whether there is an admin view for them. */
const runs = (me) => (me?.roles ?? []).some((role) => role === 'admin' || role === 'auditor');

function draw(state) {
  const last = newest(state);
  const dates = datesBetween(addDays(last, 1 - WINDOW_DAYS), last);
  document.body.dataset.phase = state.phase;
  document.body.dataset.link = state.link?.state ?? 'unknown';
  const both = runs(state.me) && state.me.roles.includes('member');
  const view = both ? state.view : null;
  const mode = state.phase === 'admin' ? null : state.mode;
  render(byId('bar'), [state.me?.name, mode, view], () =>
    bar({ me: state.me, mode, view, onView: (chosen) => store.set({ view: chosen }), onSignOut: doing.signOut }),
  );
  // Not while loading: its button needs to know who is there.
  const entry =
    state.phase === 'loading' ? null : (state.outcome ?? (state.phase === 'ready' ? trouble(state.link) : null));
  render(
    byId('notice'),
    entry,
    () =>
      entry &&
      notice(entry, {
        onConnect: doing.connect,
        onCheck: reading.refreshAll,
        onClose: () => store.set({ outcome: null }),
      }),
  );
  stage.draw(state, { dates, selected: shownDate(state), last });
}

async function start() {
  clearTimeout(retryTimer);
  try {
    const me = await api.me();
    store.set({ me });
    if (!me.roles.includes('member')) {
      store.set(runs(me) ? { phase: 'admin', view: 'admin' } : { phase: 'no-record' });
      return;
    }
    await reading.readAll();
    store.set({ phase: 'ready' });
    reading.listen();
  } catch (problem) {
    if (!(problem instanceof api.ApiProblem)) {
      throw problem;
    }
    if (problem.status === 401) {
      reading.leave();
    } else {
      store.set({ phase: 'unreachable', detail: problem.detail });
      retryTimer = setTimeout(start, RETRY_MS);
    }
  }
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
  () => document.visibilityState === 'visible' && store.get().phase === 'ready' && reading.refreshAll(),
);
start();
