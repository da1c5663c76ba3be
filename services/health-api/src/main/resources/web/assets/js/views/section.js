// A part of the account that is read when the member opens it. It keeps its own state: what was read, what is under way,
// what went wrong.

import { say } from '../announce.js';
import { ApiProblem } from '../api.js';
import { h, nextId, render } from '../dom.js';
import { inWords } from '../problems.js';

/**
 * Makes a part with a heading that opens and closes it.
 *
 * `load()` reads what it shows; `view(data, part)` draws it; `fixed` stays as it is while that is drawn anew; `open` parts are
 * so from the start. In a view
 * `part.run(id, work, done)` does something: errors are said beside the row `id`, `done` is said when it went well.
 */
export function section({ name, title, hint, load, view, fixed, open = false, onLeave, onClose }) {
  const id = nextId('part');
  const state = { data: null, busy: null, problem: null, at: null };
  let drawn = 0;

  const toggle = h(
    'button',
    {
      type: 'button',
      class: 'part-toggle',
      'aria-expanded': 'false',
      'aria-controls': id,
      testid: `${name}-toggle`,
      on: { click: flip },
    },
    h('span', {}, title),
    h('span', { class: 'part-mark', 'aria-hidden': 'true' }),
  );
  const content = h('div', { class: 'slot' });
  const body = h('div', { id, class: 'part-body', hidden: true }, fixed, content);
  const element = h(
    'section',
    { class: 'card part', 'aria-label': title, testid: name },
    h('h2', { class: 'part-head' }, toggle),
    h('p', { class: 'label' }, hint),
    body,
  );

  const part = {
    element,
    /** What went wrong at this row (null: with the part itself), or null. */
    problemAt: (row) => (state.at === row && state.problem ? problem(state.problem) : null),
    busyAt: (row) => state.busy === row,
    busy: () => state.busy !== null,
    data: () => state.data,
    set(data) {
      state.data = data;
      draw();
    },
    run,
    redraw: draw,
  };

  function draw() {
    drawn += 1;
    const had = content.contains(document.activeElement);
    render(content, drawn, () => [
      state.data === null && state.problem === null && h('p', { class: 'label' }, 'Looking it up…'),
      state.data === null && state.problem !== null && [problem(state.problem), again()],
      state.data !== null && view(state.data, part),
    ]);
    // A row that is gone takes its button along; the way on starts at the heading.
    if (had && document.activeElement === document.body) {
      toggle.focus({ preventScroll: true });
    }
  }

  const problem = (text) => h('p', { class: 'part-problem', role: 'alert', testid: `${name}-problem` }, text);
  const again = () =>
    h(
      'div',
      { class: 'actions' },
      h(
        'button',
        {
          type: 'button',
          class: 'button quiet small',
          'data-focus': 'again',
          testid: `${name}-again`,
          on: { click: read },
        },
        'Try again',
      ),
    );

  async function run(row, work, done) {
    if (state.busy !== null) {
      return false;
    }
    Object.assign(state, { busy: row ?? '', problem: null, at: row });
    draw();
    let went = false;
    try {
      await work();
      went = true;
      if (done) {
        say(done);
      }
    } catch (error) {
      if (!(error instanceof ApiProblem)) {
        throw error;
      }
      if (error.status === 401) {
        onLeave();
        return false;
      }
      state.problem = inWords(error);
    } finally {
      state.busy = null;
      draw();
    }
    return went;
  }

  const read = () =>
    run(null, async () => {
      state.data = await load();
    });

  function flip() {
    const opens = body.hidden;
    body.hidden = !opens;
    toggle.setAttribute('aria-expanded', String(opens));
    if (opens) {
      read();
    } else {
      Object.assign(state, { data: null, problem: null });
      onClose?.();
    }
  }

  if (open) {
    flip();
  }
  return part;
}
