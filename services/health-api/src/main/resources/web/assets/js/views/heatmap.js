// Days as columns, kinds of record as rows. A table for those who listen, a picture for those who look, and one stop of the Tab key in
// which the arrow keys walk from cell to cell.

import { h } from '../dom.js';
import { shortDate, tinyDate } from '../format.js';

export const TYPES = { sleep: 'Sleep', cycle: 'Cycle', recovery: 'Recovery', workout: 'Workout' };

export const STATES = {
  present: 'There',
  pending: 'Waits for its score',
  empty: 'Asked, nothing there',
  missing: 'Not asked yet',
  failed: 'Failed',
};

/**
 * The map of these days. `cell(day, type)` returns { text, kind, level }: what is said, the colour, and how strong it is from 0 to 1.
 */
export function heatMap({ caption, days, cell, testid }) {
  const readout = h('p', { class: 'heat-said label', role: 'status', testid: `${testid}-said` });
  const cells = [];
  let at = [0, days.length - 1];

  const rows = Object.entries(TYPES).map(([type, name], row) => {
    cells.push([]);
    return h(
      'tr',
      {},
      h('th', { scope: 'row' }, name),
      days.map((day, column) => {
        const { text, kind, level } = cell(day, type);
        const element = h(
          'td',
          {
            class: 'heat',
            tabindex: row === at[0] && column === at[1] ? '0' : '-1',
            'data-kind': kind,
            'data-date': day.date,
            'data-type': type,
            title: `${name}, ${shortDate(day.date)}: ${text}`,
            testid: `${testid}-cell`,
            vars: { '--level': String(level) },
            on: { click: () => go(row, column), focus: () => say(row, column) },
          },
          h('span', { class: 'visually-hidden' }, text),
        );
        cells[row].push({ element, text: `${name}, ${shortDate(day.date)}: ${text}` });
        return element;
      }),
    );
  });

  function say(row, column) {
    readout.textContent = cells[row][column].text;
  }

  function go(row, column) {
    cells[at[0]][at[1]].element.tabIndex = -1;
    at = [Math.min(cells.length - 1, Math.max(0, row)), Math.min(days.length - 1, Math.max(0, column))];
    const { element } = cells[at[0]][at[1]];
    element.tabIndex = 0;
    element.focus();
  }

  function walk(event) {
    const [row, column] = at;
    const target = {
      ArrowLeft: [row, column - 1],
      ArrowRight: [row, column + 1],
      ArrowUp: [row - 1, column],
      ArrowDown: [row + 1, column],
      Home: [row, 0],
      End: [row, days.length - 1],
    }[event.key];
    if (target !== undefined) {
      event.preventDefault();
      go(...target);
    }
  }

  return [
    h(
      'div',
      { class: 'wide-table' },
      h(
        'table',
        { class: 'heat-map', testid, on: { keydown: walk } },
        h('caption', { class: 'visually-hidden' }, caption),
        h(
          'thead',
          {},
          h(
            'tr',
            {},
            h('td', {}),
            days.map((day, index) =>
              h(
                'th',
                { scope: 'col' },
                h('span', { class: index % 7 === 0 ? 'heat-date' : 'visually-hidden' }, tinyDate(day.date)),
              ),
            ),
          ),
        ),
        h('tbody', {}, rows),
      ),
    ),
    readout,
  ];
}
