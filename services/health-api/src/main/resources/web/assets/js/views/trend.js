// Thirty days of one metric, as a chart one can walk through with the arrow keys, or as a table of all of them.

import { SERIES, trendChart } from '../chart.js';
import { h } from '../dom.js';
import { shortDate } from '../format.js';
import { mean, metric, parts, plain, reason, value } from '../metrics.js';

/** Builds the card once; `update(state)` brings it up to date. The chart keeps its canvas through live updates. */
export function trendCard({ onMetric, onSelect }) {
  let current = { key: 'recovery', dates: [], window: [] };
  let cursor = null;
  let tableShown = false;
  let drawn = '';

  const canvas = h('canvas', { 'aria-hidden': 'true' });
  const slider = h(
    'div',
    {
      class: 'plot',
      tabindex: 0,
      role: 'slider',
      'aria-label': 'Day on the chart',
      'aria-valuemin': 1,
      testid: 'trend-chart',
      on: {
        keydown: (event) => walk(event),
        blur: () => point(null),
      },
    },
    canvas,
  );
  const summary = h('p', { class: 'trend-summary', testid: 'trend-summary' });
  const table = h('div', {
    class: 'table-box',
    tabindex: 0,
    role: 'region',
    'aria-label': 'Thirty days as a table',
    hidden: true,
    testid: 'trend-table',
  });
  const toggle = h(
    'button',
    {
      type: 'button',
      class: 'button quiet small',
      'aria-pressed': 'false',
      testid: 'trend-table-toggle',
      on: { click: () => flip() },
    },
    'Show as table',
  );
  const switcher = h(
    'fieldset',
    { class: 'switch' },
    h('legend', { class: 'visually-hidden' }, 'Metric on the chart'),
    Object.entries(SERIES).map(([key, series]) =>
      h(
        'label',
        {},
        h('input', {
          type: 'radio',
          name: 'trend-metric',
          value: key,
          checked: key === 'recovery',
          testid: `trend-metric-${key}`,
          on: { change: () => onMetric(key) },
        }),
        h('span', {}, series.title),
      ),
    ),
  );
  const legend = h('p', { class: 'trend-legend' });
  const card = h(
    'section',
    { class: 'card trend', 'aria-labelledby': 'trend-title', testid: 'trend' },
    h('div', { class: 'card-head' }, h('h2', { id: 'trend-title' }, 'The last 30 days'), toggle),
    switcher,
    summary,
    slider,
    legend,
    table,
  );
  const chart = trendChart(
    canvas,
    (index) => point(index),
    (index) => onSelect(current.dates[index]),
  );

  function flip() {
    tableShown = !tableShown;
    toggle.setAttribute('aria-pressed', String(tableShown));
    toggle.textContent = tableShown ? 'Show as chart' : 'Show as table';
    table.hidden = !tableShown;
    for (const element of [slider, switcher, summary, legend]) {
      element.hidden = tableShown;
    }
    drawTable();
  }

  function point(index) {
    cursor = index;
    chart?.mark(cursor ?? current.selected);
    describe();
  }

  function walk(event) {
    const last = current.dates.length - 1;
    const from = cursor ?? current.selected ?? last;
    const target = {
      ArrowLeft: from - 1,
      ArrowDown: from - 1,
      ArrowRight: from + 1,
      ArrowUp: from + 1,
      Home: 0,
      End: last,
      PageUp: from + 7,
      PageDown: from - 7,
    }[event.key];
    if (target !== undefined) {
      event.preventDefault();
      point(Math.min(last, Math.max(0, target)));
    } else if (event.key === 'Enter' && cursor !== null) {
      onSelect(current.dates[cursor]);
    }
  }

  const said = (index) => {
    const entry = metric(current.window[index], SERIES[current.key].metric);
    return entry.value === null ? reason(entry.reason) : plain(SERIES[current.key].metric, entry.value);
  };

  function describe() {
    const series = SERIES[current.key];
    const index = cursor ?? current.selected ?? current.dates.length - 1;
    slider.setAttribute('aria-valuemax', String(current.dates.length));
    slider.setAttribute('aria-valuenow', String(index + 1));
    slider.setAttribute('aria-valuetext', `${shortDate(current.dates[index])}: ${series.title} ${said(index)}`);
    if (cursor !== null) {
      summary.replaceChildren(
        h('span', { class: 'trend-value' }, said(cursor)),
        h('span', { class: 'label' }, shortDate(current.dates[cursor])),
      );
      return;
    }
    const values = current.window.map((day) => value(day, series.metric)).filter((entry) => entry !== null);
    const average = mean(current.window, series.metric, 1);
    summary.replaceChildren(
      h('span', { class: 'trend-value' }, average === null ? '–' : plain(series.metric, average)),
      h(
        'span',
        { class: 'label' },
        average === null
          ? 'no values yet'
          : `average of ${values.length} days · lowest ${plain(series.metric, Math.min(...values))} · highest ${plain(series.metric, Math.max(...values))}`,
      ),
    );
  }

  function drawLegend() {
    const items =
      {
        recovery: [
          ['good', 'Green 67–100'],
          ['fair', 'Yellow 34–66'],
          ['low', 'Red 0–33'],
        ],
        sleep: [
          ['deep', 'Deep'],
          ['rem', 'REM'],
          ['light', 'Light'],
        ],
      }[current.key] ?? [];
    legend.replaceChildren(
      ...items.map(([key, text]) => h('span', {}, h('i', { class: `swatch swatch-${key}` }), text)),
      h('span', {}, h('i', { class: 'swatch swatch-gap' }), 'No value'),
    );
  }

  function drawTable() {
    if (!tableShown) {
      return;
    }
    const columns = Object.values(SERIES);
    const cell = (day, name) => {
      const entry = metric(day, name);
      return entry.value === null
        ? h('td', { class: 'absent' }, reason(entry.reason))
        : h('td', {}, parts(name, entry.value).text);
    };
    const head = (series) => `${series.title}${{ '%': ' (%)', ' ms': ' (ms)', ' bpm': ' (bpm)' }[series.unit] ?? ''}`;
    table.replaceChildren(
      h(
        'table',
        {},
        h(
          'caption',
          { class: 'visually-hidden' },
          'Recovery, sleep, strain, heart rate variability and resting heart rate by day',
        ),
        h(
          'thead',
          {},
          h(
            'tr',
            {},
            h('th', { scope: 'col' }, 'Day'),
            columns.map((series) => h('th', { scope: 'col' }, head(series))),
          ),
        ),
        h(
          'tbody',
          {},
          [...current.dates.keys()].reverse().map((index) =>
            h(
              'tr',
              {},
              h('th', { scope: 'row' }, shortDate(current.dates[index])),
              columns.map((series) => cell(current.window[index], series.metric)),
            ),
          ),
        ),
      ),
    );
  }

  function update({ metricKey, dates, days, selected }, theme = '') {
    current = { key: metricKey, dates, window: dates.map((date) => days.get(date)), selected: dates.indexOf(selected) };
    current.selected = current.selected < 0 ? null : current.selected;
    const picture = JSON.stringify([
      metricKey,
      dates,
      selected,
      theme,
      current.window.map((day) => day?.version ?? null),
    ]);
    if (picture === drawn) {
      return;
    }
    drawn = picture;
    chart?.update(metricKey, dates, current.window, cursor ?? current.selected);
    describe();
    drawLegend();
    drawTable();
  }

  return { element: card, update, destroy: () => chart?.destroy() };
}
