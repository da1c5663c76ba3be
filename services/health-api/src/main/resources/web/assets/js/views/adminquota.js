// The budget of the WHOOP app: how much is used, who may go on, and how many members it carries.

import * as api from '../api.js';
import { h } from '../dom.js';
import { dated, number } from '../format.js';
import { section } from './section.js';

const LANES = {
  webhook: 'Webhooks',
  member: 'A member waits',
  poll: 'Regular looking',
  backfill: 'History',
};

function meter(words, { limit, used, elsewhere }, testid) {
  const share = Math.min(1, used / limit);
  return h(
    'div',
    { class: 'meter', testid, 'data-used': used, 'data-limit': limit },
    h('p', {}, h('strong', {}, `${number(used)} of ${number(limit)}`), ` in the last ${words}`),
    h('div', {
      class: 'meter-bar',
      role: 'img',
      'aria-label': `${Math.round(share * 100)} percent of the ${words}'s requests are used`,
      'data-kind': share > 0.9 ? 'bad' : share > 0.7 ? 'warn' : 'good',
      vars: { '--share': String(share) },
    }),
    elsewhere > 0 && h('p', { class: 'label' }, `${number(elsewhere)} of these were not made by Vitals.`),
  );
}

const lane = (entry, { day, minute }) =>
  h(
    'tr',
    { testid: 'quota-lane', 'data-lane': entry.lane },
    h('th', { scope: 'row' }, LANES[entry.lane] ?? entry.lane),
    h(
      'td',
      {},
      h('span', { class: 'state-bar', 'data-kind': 'strain', 'aria-hidden': 'true', vars: { '--share': String(Math.min(1, entry.day_used / day.limit)) } }),
      number(entry.day_used),
    ),
    h('td', {}, number(Math.max(0, entry.day_allowance - day.used))),
    h('td', {}, number(Math.max(0, entry.minute_allowance - minute.used))),
  );

export function adminQuotaPart({ onLeave }) {
  return section({
    name: 'admin-quota',
    title: 'Quota of the WHOOP app',
    hint: 'Shared by all members and all replicas.',
    open: true,
    onLeave,
    load: api.adminQuota,
    view: (quota) => [
      quota.blocked_until !== null &&
        h('p', { class: 'part-problem' }, `WHOOP refused; nothing is asked until ${dated(quota.blocked_until)}.`),
      h(
        'div',
        { class: 'meters' },
        meter('minute', quota.minute, 'quota-minute'),
        meter('day', quota.day, 'quota-day'),
      ),
      h(
        'p',
        { testid: 'quota-capacity' },
        `The day carries ${number(quota.capacity)} members at ${number(quota.requests_per_member, 1)} requests each; ${number(quota.members)} are connected.`,
      ),
      h(
        'div',
        { class: 'wide-table' },
        h(
          'table',
          { class: 'rows-table' },
          h('caption', {}, 'By lane'),
          h(
            'thead',
            {},
            h(
              'tr',
              {},
              ['Lane', 'Used in a day', 'Left today', 'Left this minute'].map((name) => h('th', { scope: 'col' }, name)),
            ),
          ),
          h(
            'tbody',
            {},
            quota.lanes.map((entry) => lane(entry, quota)),
          ),
        ),
      ),
    ],
  });
}
