// The state of the WHOOP link in plain words, each bad state with a way out.

import { h } from '../dom.js';

// `way` is what the member can do about it. What the state itself asks for stands on top of the page too (`standing`).
const STATES = {
  none: { word: 'Not connected', kind: 'off', text: 'No strap is connected.', way: 'connect' },
  active: { word: 'Connected', kind: 'good', text: 'New data arrives by itself.' },
  refreshing: { word: 'Connected', kind: 'good', text: 'The access is being renewed.' },
  refresh_failing: {
    word: 'Having trouble',
    kind: 'warn',
    text: 'WHOOP does not renew our access at the moment. We keep trying; your past days are safe. If it stays so for a day, connect again.',
    way: 'check',
    standing: true,
  },
  reauth_required: {
    word: 'Needs you',
    kind: 'bad',
    text: 'WHOOP has ended our access. Connect again to go on; nothing is lost.',
    way: 'connect',
    standing: true,
  },
  revoked: {
    word: 'Disconnected',
    kind: 'off',
    text: 'Vitals no longer reads from WHOOP. The days you have stay; connect again whenever you like.',
    way: 'connect',
  },
};

const UNKNOWN = {
  word: 'Not known',
  kind: 'warn',
  text: 'The state of the connection could not be read. It may well be fine; we keep asking.',
  way: 'check',
  standing: true,
};

const REASONS = {
  refresh_rejected: 'WHOOP no longer accepts our access: it was ended there, or it was too old.',
  refresh_answer_lost: 'An answer of WHOOP got lost on the way, and with it our access.',
  timeout: 'WHOOP takes too long to answer.',
};

export const linked = (link) => link !== null && !['none', 'revoked', undefined].includes(link?.state);

/** Word, kind, text and way out of the link as it is. */
export function describe(link) {
  const state = link?.unreadable && link.state === 'unknown' ? UNKNOWN : (STATES[link?.state] ?? UNKNOWN);
  const why = state.standing ? REASONS[link?.reason] : undefined;
  return why === undefined ? state : { ...state, text: `${why} ${state.text}` };
}

const OUTCOMES = {
  connected: { kind: 'good', title: 'WHOOP is connected', text: 'New data arrives here by itself from now on.' },
  denied: {
    kind: 'warn',
    title: 'You declined access at WHOOP',
    text: 'Nothing was connected and nothing was read. You can try again whenever you like.',
    way: 'connect',
  },
  invalid: {
    kind: 'warn',
    title: 'That connection request is no longer valid',
    text: 'It had expired, was already used, or was started in another browser. Start again from here.',
    way: 'connect',
  },
  failed: {
    kind: 'bad',
    title: 'WHOOP did not complete the connection',
    text: 'This is usually over within minutes. Nothing was stored.',
    way: 'connect',
  },
  elsewhere: {
    kind: 'bad',
    title: 'This WHOOP account belongs to another Vitals member',
    text: 'Sign in there and disconnect it first, or choose a different WHOOP account.',
    way: 'connect',
  },
};

const SIGN_IN = {
  failed: {
    kind: 'warn',
    title: 'Signing in did not work',
    text: 'The attempt had expired or was started in another browser. Please sign in again.',
  },
  unavailable: {
    kind: 'bad',
    title: 'Signing in is not possible right now',
    text: 'The sign-in service does not answer. Please try again in a minute.',
  },
};

/** The notice for `?link=…` or `?signin=…` after a way back from elsewhere; null when it is not one of ours. */
export function outcome(query) {
  for (const [name, known] of Object.entries({ link: OUTCOMES, signin: SIGN_IN })) {
    const value = query.get(name);
    if (value !== null && Object.hasOwn(known, value)) {
      return { ...known[value], id: `${name}-${value}` };
    }
  }
  return null;
}

/** A standing notice for a link that needs attention; null when all is well. */
export function trouble(link) {
  const state = describe(link);
  if (link?.unreadable) {
    return {
      id: 'link-unreadable',
      kind: 'warn',
      title: 'WHOOP data cannot be read right now',
      text: 'You see the days that are already here. We keep trying; nothing is lost.',
      way: 'check',
      standing: true,
    };
  }
  if (link !== null && state.standing) {
    return {
      id: `state-${link.state}`,
      kind: state.kind === 'bad' ? 'bad' : 'warn',
      title: `WHOOP: ${state.word.toLowerCase()}`,
      text: state.text,
      way: state.way,
      standing: true,
    };
  }
  if (linked(link) && link.sync?.state === 'failed') {
    return {
      id: 'sync-failed',
      kind: 'warn',
      title: 'The last reading from WHOOP did not finish',
      text: 'We try again by ourselves. Days that are already here stay.',
      way: 'check',
      standing: true,
    };
  }
  return null;
}

export function notice(entry, { onConnect, onCheck, onClose }) {
  const ways = {
    connect: ['Connect WHOOP', onConnect],
    check: ['Check again', onCheck],
  };
  const [text, run] = ways[entry.way] ?? [];
  return h(
    'div',
    {
      class: 'notice',
      role: entry.kind === 'bad' ? 'alert' : 'status',
      'data-kind': entry.kind,
      'data-notice': entry.id,
      testid: 'notice',
    },
    h('div', {}, h('strong', {}, entry.title), h('p', {}, entry.text)),
    h(
      'div',
      { class: 'actions' },
      text &&
        h(
          'button',
          {
            type: 'button',
            class: 'button small',
            'data-focus': `notice-${entry.way}`,
            testid: `notice-${entry.way}`,
            on: { click: run },
          },
          text,
        ),
      entry.standing
        ? null
        : h(
            'button',
            {
              type: 'button',
              class: 'button quiet small',
              'data-focus': 'notice-close',
              testid: 'notice-close',
              on: { click: onClose },
            },
            'Dismiss',
          ),
    ),
  );
}

/** Progress of the first reading, by day. */
export function progress(link) {
  const sync = link?.sync;
  if (!linked(link) || sync?.state !== 'backfilling') {
    return null;
  }
  const total = sync.days_total || 30;
  const done = Math.min(total, sync.days_done ?? 0);
  return h(
    'section',
    { class: 'card sync', 'aria-labelledby': 'sync-title', testid: 'sync-progress' },
    h(
      'div',
      { class: 'sync-words' },
      h('h2', { id: 'sync-title' }, 'Reading your last 30 days'),
      h('p', { class: 'label' }, 'Newest first. Days appear below as they arrive; you can already look around.'),
    ),
    h(
      'p',
      { class: 'sync-count', testid: 'sync-days-done', 'data-done': done, 'data-total': total },
      h('strong', {}, String(done)),
      ` of ${total} days`,
    ),
    h('progress', { max: total, value: done, 'aria-labelledby': 'sync-title' }),
  );
}
