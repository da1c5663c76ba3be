// How the audit logs stand: whether anybody has changed them, and when that was looked at last.

import * as api from '../api.js';
import { h } from '../dom.js';
import { ago, dated, number } from '../format.js';
import { section } from './section.js';

const STATE = {
  sound: ['Nothing was changed', 'good'],
  broken: ['Changed', 'bad'],
  unknown: ['Not verified yet', 'warn'],
};

const fact = (name, value) => h('div', {}, h('dt', {}, name), h('dd', {}, value));

function age(seconds) {
  return seconds < 120 ? `${number(seconds)} s ago` : `${number(seconds / 60)} min ago`;
}

function log({ service, log: chains }) {
  if (chains === null) {
    return h(
      'div',
      { class: 'source', testid: 'audit-service', 'data-service': service, 'data-state': 'away' },
      h('div', { class: 'source-head' }, h('h3', {}, service), h('span', { class: 'state', 'data-kind': 'bad' }, 'Does not answer')),
    );
  }
  const [words, kind] = STATE[chains.state] ?? STATE.unknown;
  return h(
    'div',
    { class: 'source', testid: 'audit-service', 'data-service': service, 'data-state': chains.state },
    h('div', { class: 'source-head' }, h('h3', {}, service), h('span', { class: 'state', 'data-kind': kind }, words)),
    h(
      'dl',
      { class: 'facts' },
      fact('Chains', `${chains.shards_used} of ${chains.shards} in use`),
      fact('Entries', `${number(chains.written)} written`),
      fact(
        'Verified',
        chains.verified_at === null
          ? 'not since this replica started'
          : `${ago(chains.verified_at)}, ${number(chains.verified)} entries, ${number(chains.findings)} findings`,
      ),
      fact(
        'Checkpoint',
        !chains.checkpoints
          ? 'none are written'
          : chains.checkpointed_at === null
            ? 'none by this replica yet'
            : `${age(chains.checkpoint_age_seconds)}, ${dated(chains.checkpointed_at)}`,
      ),
    ),
  );
}

export function adminAuditPart({ onLeave }) {
  return section({
    name: 'admin-audit',
    title: 'Audit log',
    hint: 'Entries are chained and signed; a change shows.',
    open: true,
    onLeave,
    load: api.adminAudit,
    view: ({ services }) => h('div', { class: 'sources' }, services.map(log)),
  });
}
