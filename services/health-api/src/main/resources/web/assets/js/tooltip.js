// Where a value comes from, on hover and on focus. The text is in the document (aria-describedby reads it even when it
// is not shown); the popover puts it above everything, and the pointer may move onto it (WCAG 1.4.13).

import { h, nextId } from './dom.js';
import { sourceName, stamp } from './format.js';
import { flagText, reasonLong, stateText } from './metrics.js';

const GAP = 8;
let shown = null;

document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && shown) {
    hide(shown.tip);
  }
});
addEventListener('scroll', () => shown && place(shown), { passive: true, capture: true });

function hide(tip) {
  if (tip.matches(':popover-open')) {
    tip.hidePopover();
  }
  if (shown?.tip === tip) {
    shown = null;
  }
}

function show(tip, anchor) {
  if (!tip.isConnected || shown?.tip === tip) {
    return;
  }
  if (shown) {
    hide(shown.tip);
  }
  tip.showPopover();
  shown = { tip, anchor };
  place(shown);
}

function place({ tip, anchor }) {
  const box = anchor.getBoundingClientRect();
  const width = tip.offsetWidth;
  const room = document.documentElement.clientWidth - width - GAP;
  const left = Math.min(Math.max(GAP, box.left + box.width / 2 - width / 2), room);
  const above = box.top - tip.offsetHeight - GAP;
  tip.style.setProperty('left', `${left}px`);
  tip.style.setProperty('top', `${above > GAP ? above : box.bottom + GAP}px`);
}

function facts(metric) {
  if (metric.value === null || metric.value === undefined) {
    return [h('p', {}, reasonLong(metric.reason))];
  }
  const row = (term, text) => h('div', {}, h('dt', {}, term), h('dd', {}, text));
  return [
    h(
      'dl',
      {},
      row('Source', sourceName(metric.source)),
      row('Observed', stamp(metric.observed_at)),
      row('Fetched', stamp(metric.fetched_at)),
      row('State', stateText(metric.state)),
    ),
    (metric.flags ?? []).map((flag) => h('p', {}, flagText(flag))),
  ];
}

/** A wrapper around `content`: its tooltip tells the provenance of `metric`, pressing it asks the stage for the reason. */
export function sourced(name, title, metric, className, content) {
  const id = nextId('tip');
  const tip = h(
    'div',
    { id, class: 'tip', role: 'tooltip', popover: 'manual', testid: `tooltip-${name}` },
    h('p', { class: 'tip-title' }, title),
    facts(metric),
    h('p', { class: 'tip-more' }, 'Press for why it is this one.'),
  );
  const button = h(
    'button',
    {
      type: 'button',
      class: `sourced ${className}`,
      'aria-describedby': id,
      'aria-haspopup': 'dialog',
      'data-metric': name,
      'data-focus': `metric-${name}`,
      'data-source': metric.value === null ? 'none' : metric.source,
      testid: `metric-${name}`,
      on: { focus: () => show(tip, button), blur: () => hide(tip), click: () => hide(tip) },
    },
    content,
  );
  let leaving = null;
  const stay = () => clearTimeout(leaving);
  const leave = () => {
    leaving = setTimeout(() => document.activeElement !== button && hide(tip), 120);
  };
  button.addEventListener('mouseenter', () => {
    stay();
    show(tip, button);
  });
  button.addEventListener('mouseleave', leave);
  tip.addEventListener('mouseenter', stay);
  tip.addEventListener('mouseleave', leave);
  return h('div', { class: 'sourced-box' }, button, tip);
}
