// What the page knows about each metric of a daily record: label, how to print it, what an absent value means.

import { duration, number } from './format.js';

const UNITS = {
  percent: '%',
  bpm: 'bpm',
  ms: 'ms',
  celsius: '°C',
  per_minute: '/min',
  kcal: 'kcal',
  meter: 'm',
  kilogram: 'kg',
};

const CATALOGUE = {
  recovery_score: ['Recovery', 'percent', 0],
  readiness_score: ['Readiness', 'percent', 0],
  effective_readiness: ['Effective readiness', 'percent', 0],
  resting_hr: ['Resting heart rate', 'bpm', 0],
  hrv_rmssd: ['HRV (RMSSD)', 'ms', 0],
  hrv_sdnn: ['HRV (SDNN)', 'ms', 0],
  spo2: ['Blood oxygen', 'percent', 1],
  skin_temp: ['Skin temperature', 'celsius', 1],
  respiratory_rate: ['Respiratory rate', 'per_minute', 1],
  sleep_score: ['Sleep performance', 'percent', 0],
  sleep_score_sahha: ['Sleep score', 'percent', 0],
  sleep_asleep: ['Asleep', 'minute', 0],
  sleep_in_bed: ['In bed', 'minute', 0],
  sleep_awake: ['Awake', 'minute', 0],
  sleep_light: ['Light', 'minute', 0],
  sleep_deep: ['Deep', 'minute', 0],
  sleep_rem: ['REM', 'minute', 0],
  sleep_efficiency: ['Efficiency', 'percent', 0],
  sleep_consistency: ['Consistency', 'percent', 0],
  sleep_regularity: ['Regularity', 'percent', 0],
  sleep_need: ['Sleep need', 'minute', 0],
  sleep_debt: ['Sleep debt', 'minute', 0],
  strain: ['Strain', 'strain', 1],
  energy_total: ['Energy burned', 'kcal', 0],
  active_energy: ['Active energy', 'kcal', 0],
  steps: ['Steps', 'count', 0],
  floors: ['Floors', 'count', 0],
  active_duration: ['Active time', 'minute', 0],
  sedentary_duration: ['Sitting time', 'minute', 0],
  activity_score: ['Activity', 'percent', 0],
  wellbeing_score: ['Wellbeing', 'percent', 0],
  mental_wellbeing_score: ['Mental wellbeing', 'percent', 0],
  height: ['Height', 'meter', 2],
  weight: ['Weight', 'kilogram', 1],
  max_hr: ['Maximum heart rate', 'bpm', 0],
};

const REASONS = {
  not_connected: 'Source not connected',
  no_record: 'Nothing recorded',
  pending_score: 'Still being scored',
  unscorable: 'Could not be scored',
  not_measured: 'Not measured',
  deleted: 'Deleted at the source',
};

const REASONS_LONG = {
  not_connected: 'The source that measures this is not connected.',
  no_record: 'No source sent a value for this day.',
  pending_score: 'WHOOP has the data and is still working out the score. It appears here by itself.',
  unscorable: 'WHOOP had too little data to give a score.',
  not_measured: 'The device that was worn does not measure this.',
  deleted: 'The record was deleted at its source.',
};

const FLAGS = {
  calibrating: 'WHOOP is still getting to know this member: the score is less certain.',
  provisional: 'The day is still running: the value will change.',
  partial: 'The record covers only a part of this day.',
};

const STATES = { SCORED: 'Scored', PENDING_SCORE: 'Waiting for its score', UNSCORABLE: 'Could not be scored' };

export const label = (name) => CATALOGUE[name]?.[0] ?? name;
export const reason = (code) => REASONS[code] ?? 'No value';
export const reasonLong = (code) => REASONS_LONG[code] ?? 'There is no value for this day.';
export const flagText = (flag) => FLAGS[flag] ?? flag;
export const stateText = (state) =>
  STATES[state] ?? (state ? String(state).toLowerCase().replaceAll('_', ' ') : 'Not stated');

/** The metric as the record holds it; a day or metric that is absent reads as "nothing recorded". */
export function metric(day, name) {
  return day?.metrics?.[name] ?? { value: null, reason: 'no_record' };
}

export const value = (day, name) => metric(day, name).value ?? null;

/** Number and unit apart, so that they can be set in different sizes. */
export function parts(name, amount) {
  const [, unit, digits] = CATALOGUE[name] ?? [name, '', 0];
  return unit === 'minute'
    ? { text: duration(amount), unit: '' }
    : { text: number(amount, digits), unit: UNITS[unit] ?? '' };
}

export function plain(name, amount) {
  const { text, unit } = parts(name, amount);
  return unit === '' ? text : `${text} ${unit}`;
}

/** Mean of the days that have a value; null when fewer than `atLeast` do. */
export function mean(days, name, atLeast = 5) {
  const values = days.map((day) => value(day, name)).filter((entry) => entry !== null);
  return values.length < atLeast ? null : values.reduce((sum, entry) => sum + entry, 0) / values.length;
}
