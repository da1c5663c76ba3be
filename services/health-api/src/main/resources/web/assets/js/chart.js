// Wrapper of Chart.js (a global of /assets/vendor/chart.js). Draws one metric over the window; a missing day stays a gap
// and is hatched, so that it cannot be taken for a zero. Colours come from the style sheet.

import { band, tinyDate } from './format.js';
import { value } from './metrics.js';

const HOUR = 60;

/** The metrics one can switch to. `bars`: the fields to stack; `max`: a fixed top of the scale. */
export const SERIES = {
  recovery: {
    title: 'Recovery',
    metric: 'recovery_score',
    bars: [['recovery_score', 'band']],
    max: 100,
    step: 25,
    unit: '%',
  },
  sleep: {
    title: 'Sleep',
    metric: 'sleep_asleep',
    bars: [
      ['sleep_deep', '--deep'],
      ['sleep_rem', '--rem'],
      ['sleep_light', '--light'],
    ],
    scale: 1 / HOUR,
    step: 2,
    unit: ' h',
  },
  strain: { title: 'Strain', metric: 'strain', bars: [['strain', '--strain']], max: 21, step: 7, unit: '' },
  hrv: { title: 'HRV', metric: 'hrv_rmssd', line: '--good', unit: ' ms' },
  heart: { title: 'Resting HR', metric: 'resting_hr', line: '--heart', unit: ' bpm' },
};

const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const calm = () => matchMedia('(prefers-reduced-motion: reduce)').matches;

const bandColour = (score) => (score === null ? 'transparent' : token(`--${band(score).key}`));

function datasets(series, window) {
  const scale = series.scale ?? 1;
  const read = (name) => window.map((day) => (value(day, name) === null ? null : value(day, name) * scale));
  if (series.line) {
    const data = read(series.metric);
    return [
      {
        type: 'line',
        data,
        spanGaps: false,
        borderColor: token(series.line),
        borderWidth: 2,
        cubicInterpolationMode: 'monotone',
        pointRadius: data.map((entry, index) =>
          entry !== null && (data[index - 1] ?? null) === null && (data[index + 1] ?? null) === null ? 3 : 2,
        ),
        pointBackgroundColor: token(series.line),
        pointBorderWidth: 0,
      },
    ];
  }
  // A night whose stages are unknown still has a length.
  const whole = series.bars.length === 1 || window.some((day) => value(day, series.bars[0][0]) !== null);
  const bars = whole ? series.bars : [[series.metric, '--light']];
  return bars.map(([name, colour], index) => {
    const data = read(name);
    return {
      type: 'bar',
      data,
      stack: 'one',
      // Zero is a value and must be seen; in a stack of stages it would add up to minutes nobody slept.
      minBarLength: bars.length === 1 ? 2 : 0,
      maxBarThickness: 16,
      borderRadius: index === bars.length - 1 ? 3 : 0,
      backgroundColor: colour === 'band' ? data.map(bandColour) : token(colour),
    };
  });
}

/** Hatches the days without a value and marks the chosen day. */
const marks = (state) => ({
  id: 'marks',
  beforeDatasetsDraw({ ctx, chartArea, scales }) {
    const { gaps, active, lines } = state;
    const slot = chartArea.width / Math.max(1, gaps.length);
    ctx.save();
    gaps.forEach((gap, index) => {
      if (gap) {
        const x = scales.x.getPixelForValue(index);
        ctx.beginPath();
        ctx.rect(x - slot / 2 + 1, chartArea.top, slot - 2, chartArea.height);
        ctx.save();
        ctx.clip();
        ctx.strokeStyle = lines.hatch;
        ctx.lineWidth = 1;
        for (let y = chartArea.top - slot; y < chartArea.bottom + slot; y += 7) {
          ctx.moveTo(x - slot / 2, y + slot);
          ctx.lineTo(x + slot / 2, y);
        }
        ctx.stroke();
        ctx.restore();
      }
    });
    if (active !== null) {
      const x = scales.x.getPixelForValue(active);
      ctx.fillStyle = lines.active;
      ctx.fillRect(x - slot / 2, chartArea.top, slot, chartArea.height);
    }
    ctx.restore();
  },
});

function configuration(key, dates, window) {
  const series = SERIES[key];
  const ink = token('--ink-3');
  return {
    data: { labels: dates.map(tinyDate), datasets: datasets(series, window) },
    options: {
      responsive: true,
      maintainAspectRatio: false,
      animation: calm() ? false : { duration: 350 },
      events: ['mousemove', 'mouseout', 'click', 'touchstart'],
      interaction: { mode: 'index', intersect: false },
      layout: { padding: { top: 6 } },
      plugins: {
        legend: { display: false },
        tooltip: { enabled: false },
      },
      scales: {
        x: {
          stacked: true,
          grid: { display: false },
          border: { color: token('--line') },
          ticks: { color: ink, maxRotation: 0, autoSkipPadding: 22, font: { size: 11 } },
        },
        y: {
          stacked: !series.line,
          max: series.max,
          beginAtZero: !series.line,
          grace: series.line ? '15%' : 0,
          border: { display: false },
          grid: { color: token('--line') },
          ticks: {
            color: ink,
            maxTicksLimit: 6,
            stepSize: series.step,
            precision: 0,
            font: { size: 11 },
            callback: (entry) => `${entry}${series.unit}`,
          },
        },
      },
    },
  };
}

/** Returns { update(key, dates, window, active), destroy() }; `onPoint(index|null)` follows pointer and touch. */
export function trendChart(canvas, onPoint, onChoose) {
  if (typeof Chart === 'undefined') {
    return null;
  }
  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  let chart = null;
  // Outside the chart's options: Chart.js caches what it resolves from them.
  const state = { gaps: [], active: null, lines: {} };
  return {
    update(key, dates, window, active) {
      const { data, options } = configuration(key, dates, window);
      state.gaps = window.map((day) => value(day, SERIES[key].metric) === null);
      state.active = active;
      state.lines = { hatch: token('--line'), active: token('--marker') };
      const at = (points) => (points.length > 0 ? points[0].index : null);
      options.onHover = (event, points) => onPoint(event.type === 'mouseout' ? null : at(points));
      options.onClick = (_event, points) => points.length > 0 && onChoose(at(points));
      if (chart === null) {
        chart = new Chart(canvas, { type: 'bar', data, options, plugins: [marks(state)] });
      } else {
        chart.data = data;
        chart.options = options;
        chart.update();
      }
    },
    mark(active) {
      state.active = active;
      chart?.draw();
    },
    destroy() {
      chart?.destroy();
      chart = null;
    },
  };
}
