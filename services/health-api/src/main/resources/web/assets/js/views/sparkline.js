// A line of thirty values without axes; a day without a value interrupts it.

import { svg } from '../dom.js';

const WIDTH = 120;
const HEIGHT = 28;
const PAD = 3;

export function sparkline(values, current) {
  const known = values.filter((entry) => entry !== null);
  if (known.length < 3) {
    return null;
  }
  const low = Math.min(...known);
  const span = Math.max(...known) - low || 1;
  const x = (index) => PAD + (index * (WIDTH - 2 * PAD)) / Math.max(1, values.length - 1);
  const y = (entry) => HEIGHT - PAD - ((entry - low) * (HEIGHT - 2 * PAD)) / span;
  let path = '';
  values.forEach((entry, index) => {
    if (entry !== null) {
      const gap = index === 0 || values[index - 1] === null;
      // A lone day between two gaps still leaves a dot: a zero-length line with round caps.
      path += `${gap ? 'M' : 'L'}${x(index).toFixed(1)} ${y(entry).toFixed(1)}${gap ? 'h0' : ''}`;
    }
  });
  const dot = values[current] ?? null;
  return svg(
    'svg',
    {
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      class: 'spark',
      preserveAspectRatio: 'none',
      'aria-hidden': 'true',
      focusable: 'false',
    },
    svg('path', { d: path, class: 'spark-line', 'vector-effect': 'non-scaling-stroke' }),
    dot === null
      ? null
      : svg('path', {
          d: `M${x(current).toFixed(1)} ${y(dot).toFixed(1)}h0`,
          class: 'spark-dot',
          'vector-effect': 'non-scaling-stroke',
        }),
  );
}
