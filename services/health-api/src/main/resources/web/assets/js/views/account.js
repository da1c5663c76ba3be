// Connections and the member's own data: status, download, disconnect, sign out.

import { EXPORT_URL } from '../api.js';
import { h, svg } from '../dom.js';
import { ago, sourceName } from '../format.js';
import { label } from '../metrics.js';
import { describe, linked } from './link.js';

export function bar({ me, mode, onSignOut }) {
  const modes = {
    live: 'Live',
    polling: 'Checking every few seconds',
    offline: 'Offline, trying again',
    idle: 'Connecting',
  };
  return [
    h(
      'a',
      { class: 'brand', href: '/' },
      svg(
        'svg',
        { viewBox: '0 0 32 32', 'aria-hidden': 'true', focusable: 'false' },
        svg('rect', { width: 32, height: 32, rx: 9, class: 'brand-tile' }),
        svg('path', { d: 'M25.2 19.5A10 10 0 1 1 24 10', class: 'brand-ring' }),
        svg('circle', { cx: 16, cy: 16, r: 2.6, class: 'brand-dot' }),
      ),
      'Vitals',
    ),
    me && h('span', { class: 'live', 'data-mode': mode, testid: 'live-status' }, modes[mode]),
    me && h('span', { class: 'who', testid: 'member-name' }, me.name),
    me &&
      h(
        'button',
        {
          type: 'button',
          class: 'button quiet small',
          'data-focus': 'sign-out',
          testid: 'sign-out',
          on: { click: onSignOut },
        },
        'Sign out',
      ),
  ];
}

const fact = (term, text) => h('div', {}, h('dt', {}, term), h('dd', {}, text));

function whoop(link, { onConnect, onDisconnect }) {
  const state = describe(link);
  const on = linked(link);
  return h(
    'article',
    {
      class: 'source',
      'aria-labelledby': 'source-whoop',
      testid: 'link-status',
      'data-link-state': link?.state ?? 'unknown',
    },
    h(
      'div',
      { class: 'source-head' },
      h('h3', { id: 'source-whoop' }, 'WHOOP'),
      h('span', { class: 'state', 'data-kind': state.kind, testid: 'link-word' }, state.word),
    ),
    h('p', {}, state.text),
    on
      ? h(
          'dl',
          { class: 'facts' },
          fact('Connected', ago(link.since)),
          fact('Last message', ago(link.last_webhook_at)),
          fact('Last reading', ago(link.last_sync_at)),
          link.whoop_user_id_masked ? fact('WHOOP account', link.whoop_user_id_masked) : null,
        )
      : null,
    h(
      'div',
      { class: 'actions' },
      // Without a link the connect card above holds the only door, because consent is asked there.
      on &&
        state.way === 'connect' &&
        h(
          'button',
          {
            type: 'button',
            class: 'button small',
            'data-focus': 'source-connect',
            testid: 'source-connect',
            on: { click: onConnect },
          },
          'Connect WHOOP',
        ),
      on &&
        h(
          'button',
          {
            type: 'button',
            class: 'button quiet small',
            'data-focus': 'disconnect',
            testid: 'disconnect',
            on: { click: onDisconnect },
          },
          'Disconnect…',
        ),
    ),
  );
}

const SAHHA = {
  late: { word: 'Late', kind: 'warn', text: 'Sahha has not answered for a while. Its older values stay.' },
  active: { word: 'Connected', kind: 'good', text: 'Readiness, activity and wellbeing come from here.' },
  registering: { word: 'Starting', kind: 'off', text: 'Your profile is being set up. Nothing to do.' },
  failing: {
    word: 'Having trouble',
    kind: 'warn',
    text: 'Sahha does not accept our requests right now. We keep trying.',
  },
  off: { word: 'Not connected', kind: 'off', text: 'Sahha starts by itself once you have given your consent.' },
};

function sahha(source) {
  const on = source?.connected === true;
  const state = (on && source.stale ? SAHHA.late : SAHHA[source?.state]) ?? (on ? SAHHA.active : SAHHA.off);
  return h(
    'article',
    {
      class: 'source',
      'aria-labelledby': 'source-sahha',
      testid: 'sahha-status',
      'data-connected': String(on),
      'data-state': source?.state ?? 'unknown',
    },
    h(
      'div',
      { class: 'source-head' },
      h('h3', { id: 'source-sahha' }, 'Sahha'),
      h('span', { class: 'state', 'data-kind': state.kind }, state.word),
    ),
    h('p', {}, state.text),
    on
      ? h(
          'dl',
          { class: 'facts' },
          fact('Last data', ago(source.last_data_at)),
          source.missing?.length ? fact('Not sent', source.missing.map(label).join(', ')) : null,
        )
      : null,
  );
}

export function connections({ link, sources, onConnect, onDisconnect }) {
  const by = (name) => (sources ?? []).find((source) => source.source === name);
  // What an unconnected source needs is said by the connect card.
  const advice = (sources ?? []).filter((source) => source.connected && source.recommendation);
  return h(
    'section',
    { class: 'card', 'aria-labelledby': 'connections-title', testid: 'connections' },
    h('div', { class: 'card-head' }, h('h2', { id: 'connections-title' }, 'Where your data comes from')),
    h('div', { class: 'sources' }, whoop(link, { onConnect, onDisconnect }), sahha(by('sahha'))),
    advice.map((source) => h('p', { class: 'advice' }, `${sourceName(source.source)}: ${source.recommendation}`)),
  );
}

export function privacy({ me, onWithdraw }) {
  const consent = me?.consents?.health_data;
  return h(
    'section',
    { class: 'card', 'aria-labelledby': 'privacy-title', testid: 'privacy' },
    h('div', { class: 'card-head' }, h('h2', { id: 'privacy-title' }, 'Your data')),
    h(
      'p',
      { class: 'privacy-text' },
      consent?.granted
        ? `You gave your consent ${ago(consent.at)} (version ${consent.version}).`
        : 'You have not given consent; nothing is read.',
    ),
    h(
      'div',
      { class: 'actions' },
      h(
        'a',
        { class: 'button quiet small', href: EXPORT_URL, download: 'vitals-export.json', testid: 'download' },
        'Download my data',
      ),
      consent?.granted &&
        h(
          'button',
          {
            type: 'button',
            class: 'button quiet small',
            'data-focus': 'withdraw',
            testid: 'withdraw',
            on: { click: onWithdraw },
          },
          'Withdraw consent…',
        ),
    ),
  );
}

/** Asks before something that cannot be undone; resolves to true or false. */
export function confirm({ title, text, yes }) {
  return new Promise((resolve) => {
    const dialog = h(
      'dialog',
      { class: 'dialog', 'aria-labelledby': 'dialog-title', 'aria-describedby': 'dialog-text', testid: 'dialog' },
      h('h2', { id: 'dialog-title' }, title),
      h('p', { id: 'dialog-text' }, text),
      h(
        'div',
        { class: 'actions' },
        h(
          'button',
          { type: 'button', class: 'button quiet', testid: 'dialog-cancel', on: { click: () => dialog.close('no') } },
          'Keep it',
        ),
        h(
          'button',
          {
            type: 'button',
            class: 'button danger',
            testid: 'dialog-confirm',
            on: { click: () => dialog.close('yes') },
          },
          yes,
        ),
      ),
    );
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.returnValue === 'yes');
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
