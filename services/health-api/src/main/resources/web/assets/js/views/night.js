// Last night's sleep by stage, the day's workouts, and how complete the day is.

import { h } from '../dom.js';
import { clock, duration, number, shortDate, sourceName, sportName, stamp } from '../format.js';
import { label, metric, parts, reason } from '../metrics.js';
import { sourced } from '../tooltip.js';

const why = (part, words) =>
  h(
    'button',
    {
      type: 'button',
      class: 'why-link',
      'aria-label': words,
      'data-why': part,
      'data-focus': `why-${part}`,
      testid: `why-${part}`,
    },
    'Why?',
  );

const STAGES = [
  ['deep', 'Deep', 'sleep_deep'],
  ['rem', 'REM', 'sleep_rem'],
  ['light', 'Light', 'sleep_light'],
  ['awake', 'Awake', 'sleep_awake'],
];
const QUALITIES = ['sleep_efficiency', 'sleep_consistency', 'sleep_regularity', 'sleep_need', 'sleep_debt'];

function stages(day, primary) {
  const minutes = STAGES.map(([key]) => primary[`${key}_minutes`] ?? 0);
  const total = minutes.reduce((sum, entry) => sum + entry, 0) || 1;
  return [
    h(
      'div',
      { class: 'stage-bar', 'aria-hidden': 'true' },
      STAGES.map(
        ([key], index) =>
          minutes[index] > 0 &&
          h('span', { class: `stage stage-${key}`, vars: { 'flex-grow': String(minutes[index]) } }),
      ),
    ),
    h(
      'div',
      { class: 'stage-ends' },
      h('span', {}, clock(primary.start, primary.timezone_offset)),
      h('span', { testid: 'sleep-end' }, clock(primary.end, primary.timezone_offset)),
    ),
    h(
      'ul',
      { class: 'stage-list' },
      STAGES.map(([key, name, field], index) =>
        h(
          'li',
          {},
          sourced(field, `${name} sleep`.replace('Awake sleep', 'Awake'), metric(day, field), 'stage-button', [
            h('span', { class: `swatch stage-${key}` }),
            h('span', { class: 'stage-name' }, name),
            h('span', { class: 'stage-share' }, `${Math.round((minutes[index] * 100) / total)} %`),
            h('span', { class: 'stage-minutes' }, duration(minutes[index])),
          ]),
        ),
      ),
    ),
  ];
}

function need(day, primary) {
  const needed = metric(day, 'sleep_need').value;
  if (needed === null || !needed) {
    return null;
  }
  const share = Math.min(1, (primary.asleep_minutes ?? 0) / needed);
  return h(
    'p',
    { class: 'need' },
    `${duration(primary.asleep_minutes ?? 0)} asleep of ${duration(needed)} needed`,
    h('span', { class: 'need-bar', 'aria-hidden': 'true' }, h('span', { vars: { 'inline-size': `${share * 100}%` } })),
  );
}

const nap = (entry, word) =>
  h(
    'li',
    {},
    h('span', {}, word),
    h('span', {}, `${clock(entry.start, entry.timezone_offset)} – ${clock(entry.end, entry.timezone_offset)}`),
    h('span', {}, entry.asleep_minutes === null ? 'not scored' : duration(entry.asleep_minutes)),
  );

function quality(day, name) {
  const entry = metric(day, name);
  const shown =
    entry.value === null
      ? [h('span', { class: 'none' }, '–'), h('span', { class: 'tile-note' }, reason(entry.reason))]
      : [parts(name, entry.value).text, h('span', { class: 'unit' }, parts(name, entry.value).unit)];
  return h(
    'li',
    {},
    sourced(name, label(name), entry, 'quality-button', [
      h('span', { class: 'tile-label' }, label(name)),
      h('span', { class: 'quality-value' }, shown),
    ]),
  );
}

/** A night that WHOOP has recorded but not scored has a start and an end, and no minutes. */
function night(day, primary) {
  const { asleep_minutes: asleep, in_bed_minutes: inBed } = primary;
  if (asleep === null || asleep === undefined) {
    const span = `${clock(primary.start, primary.timezone_offset)} to ${clock(primary.end, primary.timezone_offset)}`;
    const why = primary.state === 'UNSCORABLE' ? 'It could not be scored.' : 'Its score is on the way.';
    return h('p', { class: 'empty', testid: 'sleep-unscored' }, `Recorded from ${span}. ${why}`);
  }
  return [
    h(
      'p',
      { class: 'sleep-total', testid: 'sleep-total' },
      duration(asleep),
      inBed ? h('span', { class: 'unit' }, `of ${duration(inBed)} in bed`) : null,
    ),
    stages(day, primary),
    need(day, primary),
  ];
}

export function sleepCard({ date, today, days }) {
  const day = days.get(date);
  const primary = day?.sleep?.primary ?? null;
  const asleep = metric(day, 'sleep_asleep');
  return h(
    'section',
    { class: 'card', 'aria-labelledby': 'sleep-title', testid: 'sleep', 'data-record': primary?.id },
    h(
      'div',
      { class: 'card-head' },
      h('h2', { id: 'sleep-title' }, date === today ? 'Last night' : `The night to ${shortDate(date)}`),
      day !== undefined && h('p', {}, primary && `${sourceName(primary.source)} · `, why('sleep', 'Why this night?')),
    ),
    primary === null
      ? h(
          'p',
          { class: 'empty', testid: 'sleep-empty' },
          asleep.value === null
            ? `No sleep to show. ${reason(asleep.reason)}.`
            : `${duration(asleep.value)} asleep; no stages were sent.`,
        )
      : night(day, primary),
    h(
      'ul',
      { class: 'qualities' },
      QUALITIES.map((name) => quality(day, name)),
    ),
    day?.sleep?.naps?.length || day?.sleep?.others?.length
      ? h(
          'ul',
          { class: 'naps', 'aria-label': 'Other sleep' },
          (day.sleep.others ?? []).map((entry) => nap(entry, 'More sleep')),
          (day.sleep.naps ?? []).map((entry) => nap(entry, 'Nap')),
        )
      : null,
  );
}

function workout(entry) {
  const facts = [
    entry.energy_kcal !== null && entry.energy_kcal !== undefined && `${number(entry.energy_kcal)} kcal`,
    entry.average_heart_rate && `${number(entry.average_heart_rate)} bpm average`,
    entry.max_heart_rate && `${number(entry.max_heart_rate)} bpm peak`,
    entry.distance_meter && `${number(entry.distance_meter / 1000, 1)} km`,
  ].filter(Boolean);
  const minutes = entry.start && entry.end ? (Date.parse(entry.end) - Date.parse(entry.start)) / 60_000 : null;
  return h(
    'li',
    { class: 'workout', testid: 'workout' },
    h(
      'div',
      {},
      h('h3', {}, sportName(entry.sport)),
      h(
        'p',
        {},
        `${clock(entry.start, entry.timezone_offset)}${minutes === null ? '' : `, ${duration(minutes)}`} · ${sourceName(entry.source)}`,
      ),
      facts.length > 0 && h('p', {}, facts.join(' · ')),
    ),
    // A session of the phone never has a strain that could be waited for.
    entry.source !== 'sahha' &&
      h(
        'p',
        { class: 'workout-strain' },
        entry.strain === null || entry.strain === undefined ? '–' : number(entry.strain, 1),
        h('span', { class: 'unit' }, entry.strain === null || entry.strain === undefined ? 'not scored' : 'strain'),
      ),
  );
}

export function workoutsCard({ date, days }) {
  const day = days.get(date);
  const workouts = day?.workouts ?? [];
  return h(
    'section',
    { class: 'card', 'aria-labelledby': 'workouts-title', testid: 'workouts' },
    h(
      'div',
      { class: 'card-head' },
      h('h2', { id: 'workouts-title' }, 'Workouts'),
      day !== undefined &&
        h('p', {}, workouts.length > 0 && `${workouts.length} on this day · `, why('workouts', 'Why these workouts?')),
    ),
    workouts.length === 0
      ? h('p', { class: 'empty' }, 'No workout was recorded on this day.')
      : h('ul', { class: 'workouts' }, workouts.map(workout)),
  );
}

export function completenessCard({ date, days }) {
  const day = days.get(date);
  const share = Math.round((day?.completeness ?? 0) * 100);
  const missing = (day?.missing ?? []).map(label);
  const source = (entry) =>
    h(
      'li',
      {},
      h('span', { class: 'dot', 'data-source': entry.source }),
      h('span', {}, sourceName(entry.source)),
      h(
        'span',
        { class: 'label' },
        entry.present
          ? `${entry.stale ? 'late, last' : 'last'} data ${stamp(entry.last_data_at)}`
          : 'sent nothing for this day',
      ),
    );
  return h(
    'section',
    { class: 'card', 'aria-labelledby': 'complete-title', testid: 'completeness' },
    h(
      'div',
      { class: 'card-head' },
      h('h2', { id: 'complete-title' }, 'How complete is this day'),
      h('p', {}, `${share} %`),
    ),
    h('span', { class: 'need-bar whole', 'aria-hidden': 'true' }, h('span', { vars: { 'inline-size': `${share}%` } })),
    h('ul', { class: 'day-sources' }, (day?.sources ?? []).map(source)),
    h(
      'p',
      { class: 'label' },
      day === undefined
        ? 'No source has sent anything for this day.'
        : missing.length === 0
          ? 'Nothing is missing.'
          : `Missing: ${missing.join(', ')}.`,
    ),
  );
}
