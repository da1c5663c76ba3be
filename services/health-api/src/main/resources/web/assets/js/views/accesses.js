// Who did what with the member's data, out of the audit log, in words.

import * as api from '../api.js';
import { h } from '../dom.js';
import { shortDate, stamp } from '../format.js';
import { section } from './section.js';

const ACTIONS = {
  'days.read': 'looked at your days',
  'day.read': 'looked at a day',
  'explain.read': 'asked why values are as they are',
  'overview.read': 'looked at the summary',
  'sources.read': 'looked at your sources',
  'refresh.read': 'asked the sources for news',
  'export.read': 'downloaded everything',
  'consent.granted': 'gave consent',
  'consent.withdrawn': 'withdrew consent',
  'session.started': 'signed in',
  'session.ended': 'signed out',
  'link.started': 'began to connect WHOOP',
  'link.returned': 'came back from WHOOP',
  'link.ended': 'disconnected WHOOP',
  'admin.member_coverage': 'looked at which of your days have data',
  'audit.read': 'looked into the log about you',
  'audit.members': 'searched the log',
  'member.erasure_requested': 'asked to be forgotten',
};

const ACTORS = {
  system: 'Vitals itself',
  operator: 'An operator of Vitals',
  auditor: 'An auditor of Vitals',
  admin: 'An administrator of Vitals',
};

const OUTCOMES = {
  refused: 'refused',
  error: 'failed',
  absent: 'nothing was there',
  not_modified: 'nothing new',
};

function who(entry, me, keys) {
  if (entry.actor === 'member') {
    return entry.actor_id === null || entry.actor_id === me ? 'You' : 'Another account';
  }
  if (entry.actor === 'key') {
    const key = keys.find((one) => one.id === entry.actor_id);
    return key === undefined ? 'A key that is gone' : `The key “${key.name}”`;
  }
  return ACTORS[entry.actor] ?? entry.actor;
}

function what(entry) {
  const words = ACTIONS[entry.action] ?? entry.action.replaceAll(/[._]/g, ' ');
  const dates = /^(\d{4}-\d\d-\d\d)?(\.\.)?(\d{4}-\d\d-\d\d)?$/.exec(entry.object ?? 'none');
  if (dates === null || entry.object === '') {
    return words;
  }
  const named = [dates[1], dates[3]].filter(Boolean).map(shortDate);
  return named.length === 0 ? words : `${words}, ${named.join(' to ')}`;
}

/** Entries that say the same, one after the other, as one with a count: a page that stays open reads again and again. */
export function gathered(entries, me, keys) {
  const groups = [];
  for (const entry of entries) {
    const text = `${who(entry, me, keys)} ${what(entry)}`;
    // That nothing had changed since the last look makes it no other look.
    const outcome = entry.outcome === 'not_modified' ? 'success' : entry.outcome;
    const last = groups.at(-1);
    if (last !== undefined && last.text === text && last.outcome === outcome) {
      last.count += 1;
      last.first = entry.at;
    } else {
      groups.push({ id: entry.id, text, outcome, count: 1, first: entry.at, at: entry.at });
    }
  }
  return groups;
}

const line = (group) =>
  h(
    'li',
    { class: 'access', testid: 'access' },
    h('time', { datetime: group.at, class: 'label' }, stamp(group.at)),
    h(
      'p',
      {},
      group.text,
      group.count > 1 && h('span', { class: 'label' }, ` ${group.count} times since ${stamp(group.first)}`),
      OUTCOMES[group.outcome] && h('span', { class: 'state', 'data-kind': 'warn' }, OUTCOMES[group.outcome]),
    ),
  );

export function accessesPart({ onLeave, me }) {
  const part = section({
    name: 'accesses',
    title: 'Who read your data',
    hint: 'Every look at your data is written down before it is answered, and nobody can change that list.',
    load: async () => {
      const [page, { keys }] = await Promise.all([api.accesses(null), api.keys()]);
      return { ...page, keys };
    },
    onLeave,
    view: ({ entries, keys, next_cursor: cursor }) => [
      entries.length === 0
        ? h('p', { class: 'label' }, 'Nobody did so far.')
        : h(
            'ol',
            { class: 'accesses', 'aria-label': 'Newest first' },
            gathered(entries, me(), keys).map(line),
          ),
      part.problemAt('more'),
      cursor !== null &&
        h(
          'div',
          { class: 'actions' },
          h(
            'button',
            {
              type: 'button',
              class: 'button quiet small',
              'aria-disabled': part.busy() ? 'true' : undefined,
              'data-focus': 'more',
              testid: 'accesses-more',
              on: { click: more },
            },
            'Show earlier',
          ),
        ),
    ],
  });

  const more = () =>
    part.run(
      'more',
      async () => {
        const { entries, keys, next_cursor: cursor } = part.data();
        const page = await api.accesses(cursor);
        part.set({ entries: [...entries, ...page.entries], keys, next_cursor: page.next_cursor });
      },
      'Earlier entries were added.',
    );

  return part;
}
