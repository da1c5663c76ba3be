// The chosen day: the instrument panel with the dials, and the tiles with every other value.

import { h } from '../dom.js';
import { addDays, band, dayName, longDate, stamp } from '../format.js';
import { label, mean, metric, parts, plain, reason, value } from '../metrics.js';
import { sourced } from '../tooltip.js';
import { gauge, recoveryDial, ring } from './dial.js';
import { ribbon } from './ribbon.js';
import { sparkline } from './sparkline.js';
import { verdict } from './verdict.js';

const GROUPS = [
  ['Overnight', ['hrv_rmssd', 'resting_hr', 'respiratory_rate', 'spo2', 'skin_temp', 'hrv_sdnn']],
  ['Through the day', ['energy_total', 'active_energy', 'steps', 'active_duration', 'sedentary_duration', 'floors']],
  [
    'Scores',
    [
      'readiness_score',
      'effective_readiness',
      'activity_score',
      'wellbeing_score',
      'mental_wellbeing_score',
      'sleep_score_sahha',
    ],
  ],
];

function reading(name, entry, caption) {
  if (entry.value === null) {
    return [
      h('span', { class: 'reading none' }, '–'),
      h('span', { class: 'reading-label' }, caption),
      h('span', { class: 'reading-why' }, reason(entry.reason)),
    ];
  }
  const { text, unit } = parts(name, entry.value);
  return [
    h('span', { class: 'reading' }, text, unit && h('span', { class: 'unit' }, unit)),
    h('span', { class: 'reading-label' }, caption),
  ];
}

function smallDial(day, name, max, kind, caption) {
  const entry = metric(day, name);
  const note = (entry.flags ?? []).includes('provisional')
    ? 'so far'
    : (entry.flags ?? []).includes('partial')
      ? 'partial'
      : null;
  const body = gauge(
    ring(entry.value, max, kind),
    ...reading(name, entry, caption),
    note && h('span', { class: 'reading-why' }, note),
  );
  return sourced(name, label(name), entry, `dial-button dial-${kind}`, body);
}

function mainDial(day) {
  const entry = metric(day, 'recovery_score');
  const { key, word } = band(entry.value);
  const calibrating = (entry.flags ?? []).includes('calibrating');
  const body = gauge(
    recoveryDial(entry.value, key),
    ...reading('recovery_score', entry, 'Recovery'),
    entry.value !== null && h('span', { class: `band-word band-${key}` }, calibrating ? `${word}, calibrating` : word),
  );
  return sourced('recovery_score', 'Recovery', entry, 'dial-button dial-recovery', body);
}

function status(day) {
  if (day === undefined) {
    return null;
  }
  const missing = (day.missing ?? []).map(label);
  return h(
    'p',
    { class: 'day-status', testid: 'day-status' },
    h('span', { class: 'chip' }, day.is_final ? 'Final' : 'Still running'),
    h(
      'span',
      { class: 'chip', title: missing.length ? `Missing: ${missing.join(', ')}` : 'Nothing is missing' },
      `${Math.round((day.completeness ?? 0) * 100)} % complete`,
    ),
    day.overall_score &&
      h(
        'button',
        {
          type: 'button',
          class: 'chip chip-button',
          title: 'Why this day score?',
          'data-why': 'overall_score',
          'data-focus': 'why-overall',
          testid: 'overall-score',
        },
        `Day score ${Math.round(day.overall_score.value)}`,
        h('span', { class: 'visually-hidden' }, ', why?'),
      ),
    (day.sources ?? [])
      .filter((source) => source.stale)
      .map((source) => h('span', { class: 'chip warn' }, `${source.source === 'whoop' ? 'WHOOP' : 'Sahha'} is late`)),
    h('span', { class: 'updated' }, `Updated ${stamp(day.updated_at)}`),
  );
}

/** `refresh`: the element that holds the refresh button; it is drawn on its own. */
export function panel({ date, today, dates, days, coming, refresh, onSelect }) {
  const day = days.get(date);
  const history = dates
    .filter((other) => other !== date)
    .map((other) => days.get(other))
    .filter(Boolean);
  const { headline, detail } = verdict(day, history, coming);
  const step = (by, name, glyph) => {
    const target = addDays(date, by);
    const off = !dates.includes(target);
    return h(
      'button',
      {
        type: 'button',
        class: 'step-day',
        'aria-label': name,
        'aria-disabled': off ? 'true' : undefined,
        'data-focus': `step${by}`,
        testid: by < 0 ? 'previous-day' : 'next-day',
        on: { click: () => off || onSelect(target) },
      },
      h('span', { 'aria-hidden': 'true' }, glyph),
    );
  };
  return h(
    'section',
    {
      class: 'panel night',
      'aria-labelledby': 'day-title',
      testid: 'day',
      'data-date': date,
      'data-version': day?.version,
    },
    h(
      'div',
      { class: 'panel-head' },
      h(
        'div',
        {},
        h('h1', { id: 'day-title', testid: 'day-title' }, dayName(date, today)),
        dayName(date, today) === longDate(date) ? null : h('p', { class: 'label' }, longDate(date)),
      ),
      h('div', { class: 'steps-day' }, step(-1, 'Day before', '‹'), step(1, 'Day after', '›')),
    ),
    h(
      'div',
      { class: 'panel-body' },
      mainDial(day),
      h(
        'div',
        { class: 'panel-words' },
        h('p', { class: 'headline', testid: 'headline' }, headline),
        detail && h('p', { class: 'detail' }, detail),
        status(day),
      ),
      h(
        'div',
        { class: 'panel-dials' },
        smallDial(day, 'sleep_score', 100, 'sleep', 'Sleep'),
        smallDial(day, 'strain', 21, 'strain', 'Strain'),
      ),
    ),
    refresh,
    ribbon({ dates, days, coming, selected: date, onSelect }),
  );
}

function tile(name, day, window, connected) {
  const entry = metric(day, name);
  const usual = mean(window, name);
  const content =
    entry.value === null
      ? [
          h('span', { class: 'tile-label' }, label(name)),
          h('span', { class: 'tile-value none' }, '–'),
          h('span', { class: 'tile-note' }, reason(entry.reason)),
        ]
      : [
          h('span', { class: 'tile-label' }, label(name)),
          h(
            'span',
            { class: 'tile-value' },
            parts(name, entry.value).text,
            h('span', { class: 'unit' }, parts(name, entry.value).unit),
          ),
          h('span', { class: 'tile-note' }, usual === null ? 'Average needs 5 days' : `Average ${plain(name, usual)}`),
          sparkline(
            connected.map((other) => value(other, name)),
            connected.indexOf(day),
          ),
        ];
  return h('li', { class: 'tile' }, sourced(name, label(name), entry, 'tile-button', content));
}

export function tiles({ date, dates, days }) {
  const day = days.get(date);
  const all = dates.map((other) => days.get(other));
  const present = all.filter(Boolean);
  return h(
    'section',
    { class: 'card', 'aria-labelledby': 'values-title', testid: 'values' },
    h(
      'div',
      { class: 'card-head' },
      h('h2', { id: 'values-title' }, 'Every value, with its source'),
      h(
        'p',
        { class: 'legend' },
        h('span', { class: 'dot', 'data-source': 'whoop' }),
        'WHOOP',
        h('span', { class: 'dot', 'data-source': 'sahha' }),
        'Sahha',
        h('span', { class: 'legend-why' }, 'Choose a value to see why it is this one'),
      ),
    ),
    GROUPS.map(([title, names]) =>
      h(
        'div',
        { class: 'group' },
        h('h3', {}, title),
        h(
          'ul',
          { class: 'tiles' },
          names.map((name) => tile(name, day, present, all)),
        ),
      ),
    ),
  );
}
