// Where the member is signed in. A browser that is forgotten at a friend's can be signed out from here.

import * as api from '../api.js';
import { h } from '../dom.js';
import { ago, stamp } from '../format.js';
import { section } from './section.js';

export function sessionsPart({ onLeave, onSignOut }) {
  const part = section({
    name: 'sessions',
    title: 'Where you are signed in',
    hint: 'Every browser that can see this page as you.',
    load: async () => (await api.sessions()).sessions,
    onLeave,
    view: (sessions) =>
      h(
        'ul',
        { class: 'rows', 'aria-label': 'Browsers' },
        sessions.map((session) => row(session)),
      ),
  });

  function row(session) {
    const since = stamp(session.created_at);
    return h(
      'li',
      { class: 'row', testid: 'session', 'data-session': session.id, 'data-current': String(session.current) },
      h(
        'div',
        { class: 'row-words' },
        h(
          'p',
          { class: 'row-title' },
          h('strong', {}, session.browser ?? 'A browser that does not say which'),
          session.current && h('span', { class: 'state', 'data-kind': 'good' }, 'You are here'),
        ),
        h(
          'p',
          { class: 'label' },
          `Signed in ${since} · Last used ${ago(session.last_seen_at)}`,
          h('br'),
          `Ends by itself ${stamp(session.expires_at)} at the latest`,
        ),
        part.problemAt(session.id),
      ),
      h(
        'div',
        { class: 'actions' },
        h(
          'button',
          {
            type: 'button',
            class: 'button quiet small',
            'aria-label': session.current
              ? 'Sign out here'
              : `Sign out ${session.browser ?? 'the browser'} of ${since}`,
            'aria-disabled': part.busy() ? 'true' : undefined,
            'data-focus': `end-${session.id}`,
            testid: 'session-end',
            on: { click: () => (session.current ? onSignOut() : end(session)) },
          },
          'Sign out',
        ),
      ),
    );
  }

  const end = (session) =>
    part.run(
      session.id,
      async () => {
        try {
          await api.endSession(session.id);
        } catch (problem) {
          // It may have ended by itself meanwhile.
          if (!(problem instanceof api.ApiProblem) || problem.status !== 404) {
            throw problem;
          }
        }
        part.set(part.data().filter((other) => other.id !== session.id));
      },
      'That browser is signed out.',
    );

  return part;
}
