// The day in one plain sentence or two. Only says what the values say; gives no medical advice.

import { band } from '../format.js';
import { mean, metric, parts, reasonLong, value } from '../metrics.js';

const HEADLINES = {
  good: 'Well recovered.',
  fair: 'Holding steady.',
  low: 'Running low.',
};

function against(day, history, name, noun, atLeast) {
  const now = value(day, name);
  const usual = mean(history, name);
  if (now === null || usual === null) {
    return null;
  }
  const difference = now - usual;
  const { text, unit } = parts(name, Math.abs(difference));
  const about = Math.abs(difference) < atLeast;
  return {
    noun,
    where: about ? 'about average for you' : `${text} ${unit} ${difference > 0 ? 'above' : 'below'} your average`,
  };
}

function sentence(findings) {
  if (findings.length === 2 && findings[0].where === findings[1].where) {
    return `Your ${findings[0].noun} and your ${findings[1].noun} are ${findings[0].where}.`;
  }
  const text = findings.map(({ noun, where }) => `your ${noun} is ${where}`).join(', ');
  return text === '' ? '' : `${text[0].toUpperCase()}${text.slice(1)}.`;
}

/** `history`: the other days of the window; `coming`: the first reading still runs. Returns { headline, detail }. */
export function verdict(day, history, coming) {
  const recovery = metric(day, 'recovery_score');
  const key = band(recovery.value).key;
  if (key === 'none' && coming) {
    return { headline: 'On its way.', detail: 'Vitals is reading this day from WHOOP. It fills in by itself.' };
  }
  if (day === undefined) {
    return { headline: 'Nothing recorded.', detail: 'No source sent anything for this day.' };
  }
  const findings = [
    against(day, history, 'hrv_rmssd', 'heart rate variability', 3),
    against(day, history, 'resting_hr', 'resting heart rate', 1.5),
  ].filter(Boolean);
  const detail = sentence(findings);
  if (key === 'none') {
    return {
      headline: recovery.reason === 'pending_score' ? 'Score on its way.' : 'No recovery score.',
      detail: `${reasonLong(recovery.reason)} ${detail}`.trim(),
    };
  }
  return { headline: HEADLINES[key], detail };
}
