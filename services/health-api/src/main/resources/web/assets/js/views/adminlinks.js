// Members by the state of their sources: the counts as bars, and the members behind a bar.

import * as api from '../api.js';
import { h } from '../dom.js';
import { ago, dated, number } from '../format.js';
import { openMemberCoverage } from './membercoverage.js';
import { section } from './section.js';

const WHOOP = {
  active: ['Connected', 'good'],
  refreshing: ['Renewing access', 'good'],
  refresh_failing: ['Renewal fails', 'warn'],
  reauth_required: ['Must connect again', 'bad'],
  revoked: ['Disconnected', 'none'],
  none: ['Never connected', 'none'],
};

const SAHHA = {
  active: ['Active', 'good'],
  registering: ['Registering', 'good'],
  failing: ['Failing', 'warn'],
  withdrawn: ['Withdrawn', 'none'],
  none: ['No profile', 'none'],
};

const share = (count, members) => (members === 0 ? 0 : count / members);

function bar([words, kind], count, members) {
  return [
    h('span', { class: 'state-name' }, words),
    h('span', { class: 'state-bar', 'data-kind': kind, vars: { '--share': String(share(count, members)) } }),
    h('span', { class: 'state-count' }, number(count)),
  ];
}

function member(row, { onLeave }) {
  return h(
    'tr',
    { testid: 'admin-member' },
    h('th', { scope: 'row' }, h('code', { class: 'hint' }, row.member)),
    h('td', {}, row.reason === null ? '–' : row.reason.replaceAll('_', ' ')),
    h('td', {}, dated(row.since)),
    h('td', {}, ago(row.last_webhook_at)),
    h('td', {}, ago(row.last_sync_at)),
    h('td', {}, (SAHHA[row.sahha] ?? [row.sahha])[0]),
    h(
      'td',
      {},
      row.whoop !== 'none' &&
        h(
          'button',
          {
            type: 'button',
            class: 'button quiet small',
            'aria-label': `Days of ${row.member}`,
            'data-focus': `days-${row.member}`,
            testid: 'admin-member-days',
            on: { click: () => openMemberCoverage(row.member, onLeave) },
          },
          'Days',
        ),
    ),
  );
}

export function adminLinksPart(actions) {
  const part = section({
    name: 'admin-links',
    title: 'Members by link state',
    hint: 'Choose a state to see who is in it.',
    open: true,
    onLeave: actions.onLeave,
    load: async () => ({ counts: await api.adminLinks(), state: null, members: [], cursor: null }),
    view: (data) => [
      h('h3', {}, `WHOOP, ${number(data.counts.members)} members`),
      h(
        'ul',
        { class: 'states', 'aria-label': 'Members by the state of their WHOOP link' },
        Object.entries(WHOOP).map(([state, words]) =>
          h(
            'li',
            {},
            h(
              'button',
              {
                type: 'button',
                class: 'state-row',
                'aria-pressed': String(data.state === state),
                'data-focus': `state-${state}`,
                'data-state': state,
                'data-count': data.counts.whoop[state] ?? 0,
                testid: 'admin-state',
                on: { click: () => choose(state) },
              },
              bar(words, data.counts.whoop[state] ?? 0, data.counts.members),
            ),
          ),
        ),
      ),
      h('h3', {}, 'Sahha'),
      h(
        'ul',
        { class: 'states', 'aria-label': 'Members by the state of their Sahha profile' },
        Object.entries(SAHHA).map(([state, words]) =>
          h('li', { class: 'state-row' }, bar(words, data.counts.sahha[state] ?? 0, data.counts.members)),
        ),
      ),
      part.problemAt('members'),
      data.state !== null && table(data),
    ],
  });

  const table = (data) =>
    h(
      'div',
      { class: 'wide-table', tabindex: '0', role: 'region', 'aria-label': 'Members in this state' },
      data.members.length === 0
        ? h('p', { class: 'label', testid: 'admin-nobody' }, 'Nobody is in this state.')
        : h(
            'table',
            { class: 'rows-table' },
            h('caption', {}, WHOOP[data.state][0]),
            h(
              'thead',
              {},
              h(
                'tr',
                {},
                ['Member', 'Reason', 'Since', 'Last webhook', 'Last sync', 'Sahha', 'Days'].map((name) =>
                  h('th', { scope: 'col' }, name),
                ),
              ),
            ),
            h(
              'tbody',
              {},
              data.members.map((row) => member(row, actions)),
            ),
          ),
      data.cursor !== null &&
        h(
          'div',
          { class: 'actions' },
          h(
            'button',
            { type: 'button', class: 'button quiet small', 'data-focus': 'more', testid: 'admin-members-more', on: { click: more } },
            'Show more',
          ),
        ),
    );

  const choose = (state) =>
    part.run('members', async () => {
      const page = await api.adminMembers(state, null);
      part.set({ ...part.data(), state, members: page.members, cursor: page.next_cursor });
    });

  const more = () =>
    part.run(
      'members',
      async () => {
        const data = part.data();
        const page = await api.adminMembers(data.state, data.cursor);
        part.set({ ...data, members: [...data.members, ...page.members], cursor: page.next_cursor });
      },
      'More members were added.',
    );

  return part;
}
