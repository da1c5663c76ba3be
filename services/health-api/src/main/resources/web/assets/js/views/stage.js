// Decides which views stand in the main area and redraws only those whose input changed.

import { h, render } from '../dom.js';
import { accessesPart } from './accesses.js';
import { connections } from './connections.js';
import { panel, tiles } from './day.js';
import { erased } from './erase.js';
import { keysPart } from './keys.js';
import { linked, progress } from './link.js';
import { completenessCard, sleepCard, workoutsCard } from './night.js';
import { privacyCard } from './privacy.js';
import { refreshRow } from './refresh.js';
import { sessionsPart } from './sessions.js';
import { trendCard } from './trend.js';
import { connect, noRecord, signedOut, unreachable } from './welcome.js';

/** `actions`: what the member can do; see app.js. Returns { draw(state, window) }. */
export function createStage(host, actions) {
  let slots = null;
  let member = null;

  host.addEventListener('click', (event) => {
    const name = event.target.closest('[data-metric]')?.dataset.metric;
    const part = event.target.closest('[data-why]')?.dataset.why;
    if (name) {
      actions.onWhy(name);
    } else if (part) {
      actions.onWhyPart(part);
    }
  });

  function open() {
    const slot = () => h('div', { class: 'slot' });
    const trend = trendCard(actions);
    const privacy = privacyCard(actions);
    const parts = [
      keysPart(actions),
      sessionsPart(actions),
      accessesPart({ ...actions, me: () => member }),
    ];
    slots = {
      connect: slot(),
      progress: slot(),
      panel: slot(),
      sleep: slot(),
      workouts: slot(),
      complete: slot(),
      trend,
      tiles: slot(),
      refresh: slot(),
      connections: slot(),
      privacy,
    };
    host.replaceChildren(
      h(
        'div',
        { class: 'stack' },
        slots.connect,
        slots.progress,
        slots.panel,
        h(
          'div',
          { class: 'pair days-only' },
          slots.sleep,
          h('div', { class: 'column' }, slots.workouts, slots.complete),
        ),
        h('div', { class: 'days-only' }, trend.element),
        slots.tiles,
        h('div', { class: 'pair' }, slots.connections, privacy.element),
        parts.map((part) => part.element),
      ),
    );
  }

  function close() {
    slots?.trend.destroy();
    slots = null;
  }

  function alone(key, make) {
    if (slots !== null) {
      close();
      delete host.dataset.rendered;
    }
    render(host, key, make);
  }

  function ready(state, { dates, selected }) {
    if (slots === null) {
      open();
    }
    const { days, link, me, sources, busy } = state;
    member = me.member;
    const coming = linked(link) && link.sync?.state === 'backfilling';
    const on = linked(link);
    const shown = on || [...days.values()].some((day) => (day.sources ?? []).some((source) => source.present));
    const versions = dates.map((date) => days.get(date)?.version ?? null);
    const consented = me.consents?.health_data?.granted === true;
    const dayKey = [shown, selected, state.today, versions];

    render(slots.connect, [on, consented, busy, shown], () =>
      on ? null : connect({ name: me.name, consented, again: shown, busy, onConnect: actions.onConnect }),
    );
    render(slots.progress, [link?.state, link?.sync], () => progress(link));
    render(
      slots.panel,
      [...dayKey, coming],
      () =>
        shown &&
        panel({
          date: selected,
          today: state.today,
          dates,
          days,
          coming,
          refresh: slots.refresh,
          onSelect: actions.onSelect,
        }),
    );
    const refreshed = state.refreshed?.date === selected ? state.refreshed : null;
    render(slots.refresh, refreshed, () => refreshRow(refreshed, actions.onRefresh));
    render(slots.sleep, dayKey, () => shown && sleepCard({ date: selected, today: state.today, days }));
    render(slots.workouts, dayKey, () => shown && workoutsCard({ date: selected, days }));
    render(slots.complete, dayKey, () => shown && completenessCard({ date: selected, days }));
    render(slots.tiles, dayKey, () => shown && tiles({ date: selected, dates, days }));
    render(slots.connections, [link, sources], () => connections({ link, sources, ...actions }));
    slots.privacy.update(me);
    for (const element of host.querySelectorAll('.days-only')) {
      element.hidden = !shown;
    }
    if (shown) {
      slots.trend.update({ metricKey: state.metric, dates, days, selected }, state.theme);
    }
  }

  /** Fetched when it is needed: members have no use for it. */
  function admin({ me }) {
    alone(['admin', me.member, me.roles], () => {
      const view = h('div', { class: 'stack admin', testid: 'admin' }, h('p', { class: 'loading', role: 'status' }, 'Opening…'));
      import('./admin.js').then(({ openAdmin }) => openAdmin(view, { roles: me.roles, onLeave: actions.onLeave }));
      return view;
    });
  }

  return {
    draw(state, window) {
      if (state.me !== null && state.view === 'admin' && ['ready', 'admin'].includes(state.phase)) {
        admin(state);
      } else if (state.phase === 'signed-out') {
        alone('signed-out', signedOut);
      } else if (state.phase === 'erased') {
        alone(['erased', state.certificate], () => erased(state.certificate));
      } else if (state.phase === 'no-record') {
        alone(['no-record', state.me?.name], () => noRecord(state.me?.name));
      } else if (state.phase === 'unreachable') {
        alone(['unreachable', state.detail], () => unreachable({ detail: state.detail, onRetry: actions.onRetry }));
      } else if (state.phase === 'ready' && state.me !== null) {
        ready(state, window);
      }
    },
  };
}
