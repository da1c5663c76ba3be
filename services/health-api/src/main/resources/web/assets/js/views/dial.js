// Ring gauges. The recovery dial is a scale of a hundred ticks that light up; the smaller dials are plain arcs.

import { h, svg } from '../dom.js';

const SWEEP = 288;
const START = -SWEEP / 2;

const point = (radius, degrees) => {
  const angle = ((degrees - 90) * Math.PI) / 180;
  return [100 + radius * Math.cos(angle), 100 + radius * Math.sin(angle)].map((value) => value.toFixed(2));
};

function arc(radius, from, to) {
  const [x1, y1] = point(radius, from);
  const [x2, y2] = point(radius, to);
  return `M ${x1} ${y1} A ${radius} ${radius} 0 ${to - from > 180 ? 1 : 0} 1 ${x2} ${y2}`;
}

const at = (score) => START + (SWEEP * score) / 100;

/** The recovery dial; `score` may be null. Purely visual: the number stands beside it as text. */
export function recoveryDial(score, bandKey) {
  const ticks = [];
  for (let step = 0; step <= 100; step += 1) {
    const edge = step === 0 || step === 34 || step === 67 || step === 100;
    const [x1, y1] = point(edge ? 74 : 78, at(step));
    const [x2, y2] = point(92, at(step));
    const lit = score !== null && step <= score;
    ticks.push(svg('line', { x1, y1, x2, y2, class: `tick${lit ? ' lit' : ''}${edge ? ' edge' : ''}` }));
  }
  const bands = [
    ['low', 0, 33.2],
    ['fair', 34.2, 66.2],
    ['good', 67.2, 100],
  ].map(([key, from, to]) => svg('path', { d: arc(97.5, at(from), at(to)), class: `band-arc band-${key}` }));
  const needle =
    score === null
      ? null
      : svg('circle', { cx: point(85, at(score))[0], cy: point(85, at(score))[1], r: 4.6, class: 'needle' });
  return svg(
    'svg',
    { viewBox: '0 0 200 184', class: 'dial', 'data-band': bandKey, 'aria-hidden': 'true', focusable: 'false' },
    bands,
    ticks,
    needle,
  );
}

/** A plain ring from 0 to `max`. */
export function ring(amount, max, kind) {
  const share = amount === null ? 0 : Math.min(1, Math.max(0, amount / max));
  return svg(
    'svg',
    { viewBox: '6 6 188 174', class: `ring ring-${kind}`, 'aria-hidden': 'true', focusable: 'false' },
    svg('path', { d: arc(86, START, -START), class: 'ring-track' }),
    amount === null || share === 0
      ? null
      : svg('path', { d: arc(86, START, START + SWEEP * share), class: 'ring-value' }),
  );
}

/** A dial with its reading in the middle. */
export const gauge = (picture, ...reading) =>
  h('span', { class: 'gauge' }, picture, h('span', { class: 'gauge-text' }, ...reading));
