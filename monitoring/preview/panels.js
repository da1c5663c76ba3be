/* global Chart */
import { instant, range, STEP } from './prometheus.js';
import { write } from './units.js';

const COLOURS = ['#2563b8', '#c2571a', '#2c8a57', '#8b46b0', '#b03060', '#4f6d7a', '#a08312', '#20808d'];
/** The highest are shown. */
const MOST_SERIES = 8;
const SHORTEST_SPAN = 300;
const bound = ({ metric: { le } }) => (le === '+Inf' ? Infinity : Number(le));
const clock = (at) => new Date(at * 1000).toISOString().slice(11, 16);

/** Asks for what a panel shows and puts it into its section, whose state says how that went: drawn, empty or failed. */
export async function draw(panel, section) {
  const place = section.lastElementChild;
  try {
    const now = Math.floor(Date.now() / 1000);
    const past = panel.type === 'timeseries' || panel.type === 'heatmap';
    const answers = await Promise.all(panel.targets.map((target) => (past ? range(target.expr, now) : instant(target.expr))));
    const series = answers.flatMap((results, i) => results.map((result) => ({ ...result, name: legend(panel.targets[i], result.metric) })));
    if (series.length === 0) {
      note(section, 'empty', 'Nothing here says so.');
      return;
    }
    DRAWERS[panel.type](panel, place, series, now);
    section.dataset.state = 'drawn';
  } catch (e) {
    note(section, 'failed', e.message);
  }
}

function note(section, state, text) {
  const place = section.lastElementChild;
  place.className = 'note';
  place.textContent = text;
  section.dataset.state = state;
}

function legend(target, metric) {
  return target.legendFormat.replace(/{{\s*(\w+)\s*}}/g, (_, label) => metric[label] ?? '') || Object.values(metric).join(' ');
}

/** Where the time shown begins: at the first value, but a young run is not drawn as wide as that. */
function begin(series, now) {
  return Math.min(now - SHORTEST_SPAN, ...series.map(({ values }) => values[0][0]));
}

/** The canvas of a place, with the chart that is on it if it was drawn before. */
function canvas(place) {
  if (!place.querySelector('canvas')) {
    place.className = 'picture';
    place.replaceChildren(document.createElement('canvas'));
  }
  const element = place.querySelector('canvas');
  return { element, chart: Chart.getChart(element) };
}

function lines(panel, place, series, now) {
  const unit = panel.fieldConfig.defaults.unit;
  const min = begin(series, now);
  const peak = (one) => Math.max(...one.values.map(([, y]) => Number(y) || 0));
  const datasets = series.toSorted((a, b) => peak(b) - peak(a)).slice(0, MOST_SERIES).map((one, i) => ({
    label: one.name,
    data: one.values.map(([x, y]) => ({ x, y: Number(y) })),
    borderColor: COLOURS[i % COLOURS.length],
  }));
  for (const step of panel.fieldConfig.defaults.thresholds.steps.filter(({ value }) => value !== null)) {
    datasets.push({
      label: `from ${write(step.value, unit)}`,
      data: [{ x: min, y: step.value }, { x: now, y: step.value }],
      borderColor: step.color,
      borderDash: [4, 4],
    });
  }
  const { element, chart } = canvas(place);
  if (chart) {
    chart.data.datasets = datasets;
    Object.assign(chart.options.scales.x, { min, max: now });
    chart.update('none');
    return;
  }
  new Chart(element, {
    type: 'line',
    data: { datasets },
    options: {
      animation: false,
      maintainAspectRatio: false,
      elements: { point: { radius: 0 }, line: { borderWidth: 1.5 } },
      scales: {
        x: { type: 'linear', min, max: now, ticks: { maxTicksLimit: 6, callback: clock } },
        y: { beginAtZero: true, ticks: { maxTicksLimit: 5, callback: (value) => write(value, unit) } },
      },
      plugins: { legend: { position: 'bottom', labels: { boxWidth: 10, font: { size: 10 } } } },
    },
  });
}

function number(panel, place, series) {
  place.className = 'number';
  place.textContent = write(Number(series[0].value[1]), panel.fieldConfig.defaults.unit);
}

function table(panel, place, series) {
  const element = document.createElement('table');
  for (const one of series.toSorted((a, b) => Number(b.value[1]) - Number(a.value[1]))) {
    const row = element.insertRow();
    row.insertCell().textContent = one.name;
    row.insertCell().textContent = write(Number(one.value[1]), panel.fieldConfig.defaults.unit);
  }
  place.className = 'scroll';
  place.replaceChildren(element);
}

/** Buckets count what is at most so much, so a cell is the difference to the one below. */
function heat(panel, place, series, now) {
  canvas(place).chart?.destroy();
  const { element } = canvas(place);
  element.width = place.clientWidth;
  element.height = place.clientHeight;
  const buckets = series.toSorted((a, b) => (bound(a) < bound(b) ? -1 : 1));
  const counts = buckets.map((one) => new Map(one.values.map(([x, y]) => [x, Number(y)])));
  const cell = (row, at) => Math.max(0, (counts[row].get(at) ?? 0) - (counts[row - 1]?.get(at) ?? 0));
  const first = begin(series, now);
  const times = Array.from({ length: (now - first) / STEP }, (_, i) => first + (i + 1) * STEP);
  const most = Math.max(1e-9, ...times.flatMap((at) => buckets.map((_, row) => cell(row, at))));
  const pen = element.getContext('2d');
  const [left, high] = [50, element.height / buckets.length];
  const wide = (element.width - left) / times.length;
  buckets.forEach((one, row) => {
    const y = element.height - (row + 1) * high;
    pen.fillStyle = '#51606f';
    pen.font = '10px sans-serif';
    if (row % Math.ceil(12 / high) === 0) {
      pen.fillText(write(bound(one), panel.fieldConfig.defaults.unit), 0, y + high);
    }
    times.forEach((at, column) => {
      pen.fillStyle = `rgba(37, 99, 184, ${Math.sqrt(cell(row, at) / most)})`;
      pen.fillRect(left + column * wide, y, wide + 0.5, high);
    });
  });
}

const DRAWERS = { timeseries: lines, stat: number, table, heatmap: heat };
