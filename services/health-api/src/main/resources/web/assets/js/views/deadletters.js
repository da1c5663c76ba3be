// Events that were given up: why, since when, and the way back into the queue.

import * as api from '../api.js';
import { h } from '../dom.js';
import { ago, dated, number } from '../format.js';
import { confirm } from './dialog.js';
import { section } from './section.js';

const SOURCES = { whoop: 'WHOOP', sahha: 'Sahha' };

const events = (count) => (count === 1 ? '1 event' : `${number(count)} events`);

function row(letter, part, onReplay) {
  return h(
    'li',
    { class: 'row', testid: 'dead-letter', 'data-letter': letter.id },
    h(
      'div',
      { class: 'row-words' },
      h(
        'p',
        { class: 'row-title' },
        h('strong', {}, letter.kind),
        h('span', { class: 'state', 'data-kind': 'bad' }, letter.reason.replaceAll('_', ' ')),
      ),
      h(
        'p',
        { class: 'label' },
        `Received ${dated(letter.received_at)}, ${ago(letter.received_at)} · ${letter.attempts} attempts · `,
        h('code', { class: 'hint' }, letter.id),
      ),
      part.problemAt(letter.id),
    ),
    h(
      'div',
      { class: 'actions' },
      h(
        'button',
        {
          type: 'button',
          class: 'button quiet small',
          'aria-label': `Replay ${letter.kind} ${letter.id}`,
          'aria-disabled': part.busy() ? 'true' : undefined,
          'data-focus': `replay-${letter.id}`,
          testid: 'dead-letter-replay',
          on: { click: () => part.busy() || onReplay(letter) },
        },
        'Replay…',
      ),
    ),
  );
}

export function deadLettersPart({ onLeave }) {
  let source = 'whoop';
  const part = section({
    name: 'dead-letters',
    title: 'Dead letters',
    hint: 'Events that were given up after their last attempt. What they say is not shown.',
    open: true,
    // Not drawn anew, so that what was typed stays.
    fixed: range(),
    onLeave,
    load: () => api.deadLetters(source, null),
    view: ({ letters, next_cursor: cursor }) => [
      h(
        'div',
        { class: 'actions', role: 'group', 'aria-label': 'Source' },
        Object.entries(SOURCES).map(([name, words]) =>
          h(
            'button',
            {
              type: 'button',
              class: source === name ? 'button small' : 'button quiet small',
              'aria-pressed': String(source === name),
              'data-focus': `source-${name}`,
              testid: `dead-letters-${name}`,
              on: { click: () => from(name) },
            },
            words,
          ),
        ),
        h(
          'button',
          { type: 'button', class: 'button quiet small', 'data-focus': 'look', testid: 'dead-letters-look', on: { click: () => from(source) } },
          'Look again',
        ),
      ),
      part.problemAt('list'),
      letters.length === 0
        ? h('p', { class: 'label', testid: 'no-dead-letters' }, 'Nothing was given up.')
        : h(
            'ul',
            { class: 'rows', 'aria-label': 'Dead letters, oldest first' },
            letters.map((letter) => row(letter, part, replayOne)),
          ),
      cursor !== null &&
        h(
          'div',
          { class: 'actions' },
          h(
            'button',
            { type: 'button', class: 'button quiet small', 'data-focus': 'more', testid: 'dead-letters-more', on: { click: more } },
            'Show more',
          ),
        ),
      part.problemAt('range'),
    ],
  });

  /** Times are those of the browser; what is sent is the instant. */
  function range() {
    const field = (name, words) =>
      h(
        'p',
        { class: 'field-box' },
        h('label', { for: `replay-${name}` }, words),
        h('input', { class: 'field', id: `replay-${name}`, type: 'datetime-local', required: true, testid: `replay-${name}`, 'data-focus': `replay-${name}` }),
      );
    return h(
      'form',
      {
        class: 'range-form',
        'aria-label': 'Replay a range',
        on: {
          submit: (event) => {
            event.preventDefault();
            const at = (name) => new Date(event.target.querySelector(`#replay-${name}`).value);
            replayRange(at('from'), at('to'));
          },
        },
      },
      field('from', 'Received from'),
      field('to', 'until before'),
      h('button', { type: 'submit', class: 'button quiet small', testid: 'replay-range' }, 'Replay range…'),
    );
  }

  function from(name) {
    source = name;
    return part.run('list', async () => {
      part.set(await api.deadLetters(source, null));
    });
  }

  const more = () =>
    part.run(
      'list',
      async () => {
        const page = await api.deadLetters(source, part.data().next_cursor);
        part.set({ ...page, letters: [...part.data().letters, ...page.letters] });
      },
      'More were added.',
    );

  async function replayOne(letter) {
    const sure = await confirm({
      title: 'Replay this event?',
      text: `It goes back into the queue with all its attempts: ${letter.kind} from ${SOURCES[source]}. The replay is written down with your name.`,
      yes: 'Replay',
      no: 'Leave it',
    });
    if (sure) {
      await part.run(
        letter.id,
        async () => {
          await api.replay({ source, id: letter.id });
          part.set(await api.deadLetters(source, null));
        },
        'The event is back in the queue.',
      );
    }
  }

  async function replayRange(since, until) {
    const wanted = { source, from: since.toISOString(), to: until.toISOString() };
    let count = 0;
    const counted = await part.run('range', async () => {
      count = (await api.replay({ ...wanted, dry_run: true })).events;
    });
    if (!counted) {
      return;
    }
    const sure = await confirm({
      title: `Replay ${events(count)}?`,
      text: `All that ${SOURCES[source]} sent between ${dated(since)} and ${dated(until)} and that was given up. The replay is written down with your name.`,
      yes: 'Replay',
      no: 'Leave them',
    });
    if (sure) {
      await part.run(
        'range',
        async () => {
          await api.replay(wanted);
          part.set(await api.deadLetters(source, null));
        },
        `${events(count)} went back into the queue.`,
      );
    }
  }

  return part;
}
