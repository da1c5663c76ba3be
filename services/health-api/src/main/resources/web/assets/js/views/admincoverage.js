// How well the days of all linked members are covered: a heat map of the share in one state.

import * as api from '../api.js';
import { h, nextId } from '../dom.js';
import { number } from '../format.js';
import { heatMap, STATES } from './heatmap.js';
import { section } from './section.js';

const RANGES = [30, 90];

const KIND = { present: 'good', pending: 'strain', empty: 'calm', missing: 'fair', failed: 'low' };

const percent = (share) => `${number(share * 100, share > 0 && share < 0.01 ? 1 : 0)} %`;

/** One choice out of several, walked with the arrow keys as the browser does it. */
function choice({ name, legend, options, chosen, onChoose }) {
  const group = nextId(name);
  return h(
    'fieldset',
    { class: 'choice' },
    h('legend', { class: 'label' }, legend),
    options.map(([value, words]) =>
      h(
        'label',
        { class: 'choice-one' },
        h('input', {
          type: 'radio',
          name: group,
          value,
          checked: value === chosen,
          'data-focus': `${name}-${value}`,
          testid: `${name}-${value}`,
          on: { change: () => onChoose(value) },
        }),
        h('span', {}, words),
      ),
    ),
  );
}

export function adminCoveragePart({ onLeave }) {
  const part = section({
    name: 'admin-coverage',
    title: 'Coverage',
    hint: 'By day and kind of record, over all linked members.',
    open: true,
    onLeave,
    load: async () => ({ days: 30, state: 'present', census: await api.adminCoverage(30) }),
    view: ({ days, state, census }) => [
      h(
        'div',
        { class: 'choices' },
        choice({
          name: 'coverage-state',
          legend: 'Share of members whose record is',
          options: Object.entries(STATES),
          chosen: state,
          onChoose: (chosen) => part.set({ ...part.data(), state: chosen }),
        }),
        choice({
          name: 'coverage-days',
          legend: 'Days',
          options: RANGES.map((range) => [range, String(range)]),
          chosen: days,
          onChoose: show,
        }),
      ),
      part.problemAt('days'),
      census.asked === 0
        ? h('p', { class: 'label', testid: 'admin-coverage-nobody' }, 'Nobody is connected.')
        : heatMap({
            testid: 'admin-heat',
            caption: `Share of members by day and kind of record: ${STATES[state]}`,
            days: census.days,
            cell: (day, type) => {
              const share = day.types[type][state] / census.asked;
              return { text: `${percent(share)} ${STATES[state].toLowerCase()}`, kind: KIND[state], level: share };
            },
          }),
      h(
        'p',
        { class: 'label' },
        census.asked < census.members
          ? `${number(census.asked)} of ${number(census.members)} linked members, drawn at random: right within three points.`
          : `All ${number(census.members)} linked members.`,
      ),
    ],
  });

  const show = (days) =>
    part.run('days', async () => {
      part.set({ ...part.data(), days, census: await api.adminCoverage(days) });
    });

  return part;
}
