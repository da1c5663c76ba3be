// "Ask for news": the button on the day, and what each source said.

import { h } from '../dom.js';
import { sourceName } from '../format.js';

// Short enough for a line of a narrow screen, where two of them have their place reserved.
const SAID = {
  refreshed: 'asked, and up to date.',
  not_connected: 'not connected.',
  reauth_required: 'needs you. Connect it again.',
  quota: 'asked too often for now.',
  slow: 'slow. The rest comes by itself.',
  down: 'does not answer.',
};

/** What a refresh came to: `kind` and a line for each source. */
export function told(answer) {
  const lines = answer.sources.map(
    ({ source, outcome }) => `${sourceName(source)}: ${SAID[outcome] ?? 'no clear answer.'}`,
  );
  if (answer.stale) {
    return { kind: 'warn', lines: [...lines, 'You see the day as it was.'] };
  }
  return { kind: answer.partial ? 'warn' : 'good', lines };
}

/** The button with its answer; `refreshed` is that of the shown day, or null. */
export function refreshRow(refreshed, onRefresh) {
  const busy = refreshed?.busy === true;
  return h(
    'div',
    { class: 'refresh' },
    h(
      'button',
      {
        type: 'button',
        class: 'button quiet small',
        'aria-disabled': busy ? 'true' : undefined,
        'data-focus': 'refresh',
        testid: 'refresh',
        on: { click: () => busy || onRefresh() },
      },
      busy ? 'Asking…' : 'Refresh',
    ),
    h(
      'p',
      { class: 'refresh-said', 'data-kind': refreshed?.kind, testid: 'refresh-said' },
      (refreshed?.lines ?? []).map((line) => h('span', {}, line)),
    ),
  );
}
