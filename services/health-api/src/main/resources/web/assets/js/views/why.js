// Why a value is this one: who offered what, who was chosen, and the rule in words.

import * as api from '../api.js';
import { h } from '../dom.js';
import { longDate, sourceName, stamp } from '../format.js';
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

/** Opens the dialog for one metric of one day. */
export async function explainMetric(name, date, onLeave) {
  const body = h('div', { class: 'why', 'aria-live': 'polite' });
  const close = h('button', { type: 'button', class: 'button quiet', testid: 'why-close' }, 'Close');
  const dialog = open(
    { labelledby: 'why-title', testid: 'why', wide: true },
    h('h2', { id: 'why-title' }, `Why this value? ${label(name)}`),
    h('p', { class: 'label' }, longDate(date)),
    body,
    h('div', { class: 'actions' }, close),
  );
  close.addEventListener('click', () => dialog.close());

  async function read() {
    body.replaceChildren(h('p', { class: 'label' }, 'Looking it up…'));
    try {
      const choice = (await api.explain(date)).metrics[name];
      body.replaceChildren(...(choice === undefined ? nothing() : answer(name, choice)));
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
