// Why a value is this one: who offered what, who was chosen, and the rule in words.

import * as api from '../api.js';
import { h } from '../dom.js';
import { clock, longDate, number, sourceName, stamp } from '../format.js';
import { flagText, label, plain, reason } from '../metrics.js';
import { inWords } from '../problems.js';
import { open } from './dialog.js';

function candidate(name, entry) {
  const here = entry.value !== null && entry.value !== undefined;
  return h(
    'li',
    { class: 'candidate', 'data-chosen': String(entry.chosen), testid: `candidate-${entry.source}` },
    h(
      'p',
      { class: 'row-title' },
      h('strong', {}, sourceName(entry.source)),
      entry.chosen && h('span', { class: 'state', 'data-kind': 'good' }, 'Chosen'),
    ),
    h('p', { class: 'candidate-value' }, here ? plain(name, entry.value) : '–'),
    h(
      'p',
      { class: 'label' },
      here ? `Observed ${stamp(entry.observed_at)} · fetched ${stamp(entry.fetched_at)}` : reason(entry.reason),
    ),
    (entry.flags ?? []).map((flag) => h('p', { class: 'label' }, flagText(flag))),
  );
}

function answer(name, choice) {
  return [
    h(
      'p',
      { class: 'why-value', testid: 'why-value' },
      choice.value === null ? 'No value' : plain(name, choice.value),
      choice.winner !== null && h('span', { class: 'label' }, ` from ${sourceName(choice.winner)}`),
    ),
    h('p', { testid: 'why-decision' }, choice.decision),
    h('h3', {}, 'What the sources have'),
    h(
      'ul',
      { class: 'candidates' },
      choice.candidates.map((entry) => candidate(name, entry)),
    ),
    h('h3', {}, 'The rule'),
    h('p', { testid: 'why-rule' }, choice.rule),
  ];
}

const share = (amount) => `${number(amount * 100)} %`;

/** The day score: each part with what it counted, and what it would have. */
const overall = ({ value, decision, rule, parts }) => [
  h('p', { class: 'why-value', testid: 'why-value' }, value === null ? 'No score' : number(value)),
  h('p', { testid: 'why-decision' }, decision),
  h('h3', {}, 'The parts'),
  h(
    'table',
    { class: 'rows-table' },
    h(
      'thead',
      {},
      h(
        'tr',
        {},
        ['Part', 'Value', 'Counted', 'Full weight'].map((name) => h('th', { scope: 'col' }, name)),
      ),
    ),
    h(
      'tbody',
      {},
      parts.map((part) =>
        h(
          'tr',
          { testid: 'why-part' },
          h('th', { scope: 'row' }, label(part.chosen ?? part.metrics[0])),
          h('td', {}, part.value === null ? '–' : number(part.value)),
          h('td', {}, share(part.weight)),
          h('td', {}, share(part.full_weight)),
        ),
      ),
    ),
  ),
  h('h3', {}, 'The rule'),
  h('p', { testid: 'why-rule' }, rule),
];

const counted = (count, one, many) => (count === 1 ? one : `${number(count)} ${many}`);

/** `day`: the record that is shown, which knows the sleeps by their ids. */
function night({ rule, primary, others, naps }, day) {
  const shown = day?.sleep?.primary;
  const main =
    primary === null || shown?.id !== primary
      ? 'No main sleep gave the values of the night.'
      : `The sleep of ${sourceName(shown.source)} from ${clock(shown.start, shown.timezone_offset)} to ${clock(shown.end, shown.timezone_offset)} gives the values of the night.`;
  return [
    h('p', { class: 'why-value', testid: 'why-value' }, primary === null ? 'No main sleep' : 'One main sleep'),
    h('p', { testid: 'why-decision' }, main),
    others.length > 0 &&
      h('p', {}, `${counted(others.length, 'One more main sleep', 'more main sleeps')} ended on this day; shown, but not counted into the night.`),
    naps.length > 0 && h('p', {}, `${counted(naps.length, 'One nap', 'naps')}, not counted into the night.`),
    h('h3', {}, 'The rule'),
    h('p', { testid: 'why-rule' }, rule),
  ];
}

const sessions = ({ rule, listed, dropped }) => [
  h('p', { class: 'why-value', testid: 'why-value' }, counted(listed.length, 'One workout', 'workouts')),
  h(
    'p',
    { testid: 'why-decision' },
    dropped.length === 0
      ? 'Nothing was left out.'
      : `${counted(dropped.length, 'One session', 'sessions')} left out as a repetition of what is listed.`,
  ),
  dropped.length > 0 && [
    h('h3', {}, 'Left out'),
    h(
      'ul',
      { class: 'candidates' },
      dropped.map((entry) =>
        h(
          'li',
          { class: 'candidate', testid: 'why-dropped' },
          h('p', { class: 'row-title' }, h('strong', {}, `A session of ${sourceName(entry.source)}`)),
          h('p', { class: 'label' }, `${share(entry.covered_share)} of it lies within WHOOP's workouts`),
        ),
      ),
    ),
  ],
  h('h3', {}, 'The rule'),
  h('p', { testid: 'why-rule' }, rule),
];

const PARTS = {
  overall_score: ['Why this day score?', (explained) => overall(explained.overall_score)],
  sleep: ['Why this night?', (explained, day) => night(explained.sleep, day)],
  workouts: ['Why these workouts?', (explained) => sessions(explained.workouts)],
};

/** Opens the dialog for the day score, the night or the workouts of one day. */
export const explainPart = (part, date, day, onLeave) =>
  explain(PARTS[part][0], date, (explained) => PARTS[part][1](explained, day).flat().filter(Boolean), onLeave);

/** Opens the dialog for one metric of one day. */
export const explainMetric = (name, date, onLeave) =>
  explain(
    `Why this value? ${label(name)}`,
    date,
    ({ metrics }) => (metrics[name] === undefined ? null : answer(name, metrics[name])),
    onLeave,
  );

/** `view(explained)` makes the content; null when the explanation says nothing of it. */
async function explain(title, date, view, onLeave) {
  const body = h('div', { class: 'why', 'aria-live': 'polite' });
  const close = h('button', { type: 'button', class: 'button quiet', testid: 'why-close' }, 'Close');
  const dialog = open(
    { labelledby: 'why-title', testid: 'why', wide: true },
    h('h2', { id: 'why-title' }, title),
    h('p', { class: 'label' }, longDate(date)),
    body,
    h('div', { class: 'actions' }, close),
  );
  close.addEventListener('click', () => dialog.close());

  async function read() {
    body.replaceChildren(h('p', { class: 'label' }, 'Looking it up…'));
    try {
      body.replaceChildren(...(view(await api.explain(date)) ?? nothing()));
    } catch (problem) {
      if (!(problem instanceof api.ApiProblem)) {
        throw problem;
      }
      if (problem.status === 401) {
        dialog.close();
        onLeave();
      } else if (problem.status === 404) {
        body.replaceChildren(...nothing());
      } else {
        body.replaceChildren(...refused(problem));
      }
    }
  }

  const nothing = () => [h('p', { testid: 'why-nothing' }, 'Nothing is recorded for this day, so there was nothing to choose from.')];

  const refused = (problem) => [
    h('p', { class: 'part-problem', role: 'alert', testid: 'why-problem' }, inWords(problem)),
    h(
      'div',
      { class: 'actions' },
      h('button', { type: 'button', class: 'button quiet small', testid: 'why-again', on: { click: read } }, 'Try again'),
    ),
  ];

  await read();
}
