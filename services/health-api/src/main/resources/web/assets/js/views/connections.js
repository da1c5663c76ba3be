// Where the data comes from: the state of each source in plain words, and what the member can do about it.

import { h } from '../dom.js';
import { ago, sourceName } from '../format.js';
import { label } from '../metrics.js';
import { describe, linked } from './link.js';

const fact = (term, text) => h('div', {}, h('dt', {}, term), h('dd', {}, text));

function whoop(link, { onConnect, onCheck, onDisconnect }) {
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
    on && link.state !== 'unknown'
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
      state.way === 'connect' && way('source-connect', on ? 'Connect again' : 'Connect WHOOP', () => onConnect()),
      state.way === 'check' && way('source-check', 'Check again', () => onCheck()),
      // Renewal may be broken for good without WHOOP saying so.
      link?.state === 'refresh_failing' && way('source-connect', 'Connect again', () => onConnect()),
      on && link.state !== 'unknown' && way('disconnect', 'Disconnect…', () => onDisconnect()),
    ),
  );
}

const way = (name, words, run) =>
  h(
    'button',
    {
      type: 'button',
      class: name === 'source-connect' ? 'button small' : 'button quiet small',
      'data-focus': name,
      testid: name,
      on: { click: run },
    },
    words,
  );

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

export function connections({ link, sources, onConnect, onCheck, onDisconnect }) {
  const by = (name) => (sources ?? []).find((source) => source.source === name);
  // What an unconnected source needs is said by the connect card.
  const advice = (sources ?? []).filter((source) => source.connected && source.recommendation);
  return h(
    'section',
    { class: 'card', 'aria-labelledby': 'connections-title', testid: 'connections' },
    h('div', { class: 'card-head' }, h('h2', { id: 'connections-title' }, 'Where your data comes from')),
    h('div', { class: 'sources' }, whoop(link, { onConnect, onCheck, onDisconnect }), sahha(by('sahha'))),
    advice.map((source) => h('p', { class: 'advice' }, `${sourceName(source.source)}: ${source.recommendation}`)),
  );
}
