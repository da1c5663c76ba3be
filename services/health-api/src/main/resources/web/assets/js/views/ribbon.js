// Thirty days as a row of bars: the way through the days, and the picture of a running backfill.

import { h } from '../dom.js';
import { band, shortDate, tinyDate } from '../format.js';
import { metric, reason, value } from '../metrics.js';

function describe(date, day, pending) {
  const score = value(day, 'recovery_score');
  if (score !== null) {
    return `${shortDate(date)}: recovery ${Math.round(score)} percent, ${band(score).word.toLowerCase()}`;
  }
  if (pending) {
    return `${shortDate(date)}: on its way`;
  }
  return `${shortDate(date)}: no recovery, ${reason(metric(day, 'recovery_score').reason).toLowerCase()}`;
}

/** `coming`: the first reading still runs, so a day without a score may yet get one. */
export function ribbon({ dates, days, coming, selected, onSelect }) {
  const move = (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1, Home: -dates.length, End: dates.length }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      onSelect(dates[Math.min(dates.length - 1, Math.max(0, dates.indexOf(selected) + step))]);
    }
  };
  const bars = dates.map((date) => {
    const day = days.get(date);
    const score = value(day, 'recovery_score');
    const pending = coming && score === null;
    const state = score !== null ? band(score).key : pending ? 'pending' : day === undefined ? 'gap' : 'empty';
    return h(
      'button',
      {
        type: 'button',
        class: 'bar-day',
        tabindex: date === selected ? 0 : -1,
        'aria-label': describe(date, day, pending),
        'aria-current': date === selected ? 'date' : undefined,
        'data-focus': date === selected ? 'ribbon' : undefined,
        'data-state': state,
        'data-date': date,
        testid: 'ribbon-day',
        title: describe(date, day, pending),
        vars: { '--level': score === null ? '0' : String(Math.max(4, score)) },
        on: { click: () => onSelect(date) },
      },
      h('span', { class: 'bar-fill' }),
    );
  });
  return h(
    'div',
    { class: 'ribbon-box' },
    h(
      'div',
      {
        class: 'ribbon',
        role: 'group',
        'aria-label': 'Choose a day: arrow keys move through the last 30 days',
        testid: 'ribbon',
        on: { keydown: move },
      },
      bars,
    ),
    h(
      'div',
      { class: 'ribbon-ends', 'aria-hidden': 'true' },
      h('span', {}, tinyDate(dates[0])),
      h('span', {}, tinyDate(dates[dates.length - 1])),
    ),
  );
}
