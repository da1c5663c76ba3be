// The bar on top: name of the page, how live it is, who is signed in, sign out.

import { h, svg } from '../dom.js';

/** `view`: which of two is shown, for who has both; null for everybody else. */
export function bar({ me, mode, view, onView, onSignOut }) {
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
    me && mode !== null && h('span', { class: 'live', 'data-mode': mode, testid: 'live-status' }, modes[mode]),
    me && h('span', { class: 'who', testid: 'member-name' }, me.name),
    me &&
      view !== null &&
      h(
        'button',
        {
          type: 'button',
          class: 'button quiet small',
          'data-focus': 'view',
          testid: 'switch-view',
          on: { click: () => onView(view === 'admin' ? 'days' : 'admin') },
        },
        view === 'admin' ? 'Your days' : 'Running Vitals',
      ),
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
