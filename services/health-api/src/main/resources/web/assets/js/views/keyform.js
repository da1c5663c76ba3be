// The form for a new key: what it is called, what it opens, how long it lives.

import { ApiProblem } from '../api.js';
import { h } from '../dom.js';
import { inWords } from '../problems.js';

const SCOPES = [
  ['days:read', 'Read days', 'Read your days, their sources and why each value is as it is'],
  ['refresh', 'Refresh', 'Ask WHOOP and Sahha for what is new'],
  ['export', 'Export', 'Download everything stored about you'],
];

const LIVES = [
  [7, '7 days'],
  [30, '30 days'],
  [90, '90 days'],
  [365, 'a year'],
];

const USUAL_DAYS = 90;

export const scopeWords = (scope) => SCOPES.find(([name]) => name === scope)?.[1] ?? scope;

/** `onMake(wanted)` makes the key; its problems are said here, and what was filled in stays. */
export function keyForm({ onMake, onLeave }) {
  const name = h('input', {
    type: 'text',
    id: 'key-name',
    class: 'field',
    maxlength: 80,
    autocomplete: 'off',
    'aria-describedby': 'key-error',
    testid: 'key-name',
  });
  const boxes = SCOPES.map(([scope]) =>
    h('input', { type: 'checkbox', id: `scope-${scope}`, testid: `key-scope-${scope}`, checked: scope === 'days:read' }),
  );
  const life = h(
    'select',
    { id: 'key-life', class: 'field', testid: 'key-life' },
    LIVES.map(([days, words]) => h('option', { value: days, selected: days === USUAL_DAYS }, words)),
  );
  const error = h('p', { class: 'part-problem', id: 'key-error', role: 'alert', testid: 'key-error' });
  const go = h('button', { type: 'submit', class: 'button small', testid: 'key-make' }, 'Make a key');
  let busy = false;

  function refuse(words, field) {
    error.textContent = words;
    field?.focus();
  }

  async function submit(event) {
    event.preventDefault();
    const scopes = SCOPES.map(([scope]) => scope).filter((_, index) => boxes[index].checked);
    error.textContent = '';
    if (busy) {
      return;
    }
    if (name.value.trim() === '') {
      refuse('Give the key a name, so that you know it again.', name);
      return;
    }
    if (scopes.length === 0) {
      refuse('Tick at least one thing that the key may do.', boxes[0]);
      return;
    }
    busy = true;
    go.setAttribute('aria-disabled', 'true');
    try {
      await onMake({ name: name.value.trim(), scopes, expires_in_days: Number(life.value) });
      name.value = '';
    } catch (problem) {
      if (!(problem instanceof ApiProblem)) {
        throw problem;
      }
      if (problem.status === 401) {
        onLeave();
      } else {
        refuse(inWords(problem));
      }
    } finally {
      busy = false;
      go.removeAttribute('aria-disabled');
    }
  }

  return h(
    'form',
    { class: 'key-form', autocomplete: 'off', novalidate: true, testid: 'key-form', on: { submit } },
    h('div', { class: 'field-box' }, h('label', { for: 'key-name' }, 'What is it for?'), name),
    h('div', { class: 'field-box' }, h('label', { for: 'key-life' }, 'It ends after'), life),
    h(
      'fieldset',
      {},
      h('legend', {}, 'It may'),
      SCOPES.map(([scope, , words], index) =>
        h('label', { class: 'check', for: `scope-${scope}` }, boxes[index], h('span', {}, words)),
      ),
    ),
    error,
    h('div', { class: 'actions' }, go),
  );
}
