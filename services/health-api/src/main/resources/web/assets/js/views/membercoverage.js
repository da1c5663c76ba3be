// Which days of one member have data: a dialog with their heat map.

import * as api from '../api.js';
import { h } from '../dom.js';
import { inWords } from '../problems.js';
import { open } from './dialog.js';
import { heatMap, STATES } from './heatmap.js';

const KIND = { present: 'good', pending: 'strain', empty: 'calm', missing: 'fair', failed: 'low' };

export async function openMemberCoverage(member, onLeave) {
  const body = h('div', { class: 'why', 'aria-live': 'polite' }, h('p', { class: 'label' }, 'Looking it up…'));
  const close = h('button', { type: 'button', class: 'button quiet', testid: 'member-days-close' }, 'Close');
  const dialog = open(
    { labelledby: 'member-days-title', testid: 'member-days', wide: true },
    h('h2', { id: 'member-days-title' }, 'Days of a member'),
    h('p', { class: 'label' }, h('code', { class: 'hint' }, member), ' · this look is written down, and the member sees it'),
    body,
    h('div', { class: 'actions' }, close),
  );
  close.addEventListener('click', () => dialog.close());
  try {
    const { days } = await api.adminMemberCoverage(member, 90);
    body.replaceChildren(
      ...heatMap({
        testid: 'member-heat',
        caption: 'State of each day by kind of record',
        days,
        cell: (day, type) => ({ text: STATES[day[type]].toLowerCase(), kind: KIND[day[type]], level: 1 }),
      }),
      h(
        'p',
        { class: 'heat-legend label' },
        Object.entries(STATES).map(([state, words]) =>
          h('span', {}, h('i', { class: 'heat-swatch', 'data-kind': KIND[state] }), words),
        ),
      ),
    );
  } catch (problem) {
    if (!(problem instanceof api.ApiProblem)) {
      throw problem;
    }
    if (problem.status === 401) {
      dialog.close();
      onLeave();
    } else {
      body.replaceChildren(h('p', { class: 'part-problem', role: 'alert' }, inWords(problem)));
    }
  }
}
