// The view of those who run Vitals: all members together, and nothing of what was measured. Auditors see its audit part only.

import { h } from '../dom.js';
import { adminAuditPart } from './adminaudit.js';
import { adminCoveragePart } from './admincoverage.js';
import { adminLinksPart } from './adminlinks.js';
import { adminQuotaPart } from './adminquota.js';
import { deadLettersPart } from './deadletters.js';

/** Fills `host`; `roles` decides what is in it. The server refuses the rest in any case. */
export function openAdmin(host, { roles, onLeave }) {
  const actions = { onLeave };
  const parts = roles.includes('admin')
    ? [
        adminLinksPart(actions),
        adminCoveragePart(actions),
        deadLettersPart(actions),
        adminQuotaPart(actions),
        adminAuditPart(actions),
      ]
    : [adminAuditPart(actions)];
  host.replaceChildren(
    h(
      'div',
      { class: 'admin-head' },
      h('h1', {}, 'Running Vitals'),
      h('p', { class: 'label' }, 'States, ages and counts. What was measured is not here, and each look is written down.'),
    ),
    ...parts.map((part) => part.element),
  );
}
