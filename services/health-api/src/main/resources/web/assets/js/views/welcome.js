// What a person sees before there is a day to show: signed out, or signed in without a WHOOP link.

import { LOGIN_URL } from '../api.js';
import { h } from '../dom.js';
import { gauge, recoveryDial } from './dial.js';

const SAMPLE = 78;

export function signedOut() {
  return [
    h(
      'section',
      { class: 'welcome night', 'aria-labelledby': 'welcome-title', testid: 'signed-out' },
      h(
        'div',
        {},
        h('h1', { id: 'welcome-title' }, 'Your body’s day, in one honest record.'),
        h(
          'p',
          { class: 'lead' },
          'Vitals joins your WHOOP strap and your Sahha profile. One value for each metric, never a blend, and each says where it came from and when.',
        ),
        h('a', { class: 'button', href: LOGIN_URL, testid: 'sign-in' }, 'Sign in'),
      ),
      h(
        'figure',
        { class: 'dial-recovery', 'aria-hidden': 'true' },
        picture(SAMPLE, 'good', String(SAMPLE), 'Recovery'),
      ),
    ),
    h(
      'div',
      { class: 'promises' },
      promise('Nothing invented', 'A day without data stays empty and says why. Zero means zero.'),
      promise('Live', 'When WHOOP has scored your night, it is here seconds later, without a reload.'),
      promise('Yours', 'Download everything or disconnect at any time. We read; we never write to WHOOP.'),
    ),
  ];
}

const picture = (score, key, big, small) =>
  gauge(recoveryDial(score, key), h('span', { class: 'reading' }, big), h('span', { class: 'reading-label' }, small));

const promise = (title, text) => h('div', {}, h('h2', {}, title), h('p', {}, text));

export function unreachable({ detail, onRetry }) {
  return h(
    'section',
    { class: 'card', 'aria-labelledby': 'down-title', testid: 'unreachable' },
    h('h1', { id: 'down-title' }, 'Vitals cannot be reached right now'),
    h(
      'p',
      { class: 'label' },
      `${detail || 'The server did not answer.'} Your record is safe. This page tries again by itself.`,
    ),
    h(
      'div',
      { class: 'actions' },
      h('button', { type: 'button', class: 'button', testid: 'retry', on: { click: onRetry } }, 'Try again now'),
    ),
  );
}

/** Administrators and auditors have no health record of their own. */
export function noRecord(name) {
  return h(
    'section',
    { class: 'card', 'aria-labelledby': 'no-record-title', testid: 'no-record' },
    h('h1', { id: 'no-record-title' }, 'There is no health record here'),
    h('p', { class: 'label' }, `${name ?? 'This account'} is signed in for running Vitals, not as a member.`),
  );
}

export function connect({ name, consented, again, busy, onConnect }) {
  const box = h('input', {
    type: 'checkbox',
    id: 'consent',
    'aria-describedby': 'consent-error',
    testid: 'consent-checkbox',
  });
  const error = h(
    'p',
    { class: 'check-error', id: 'consent-error', role: 'alert', testid: 'consent-error', hidden: true },
    'Tick the box first: without your consent nothing is read.',
  );
  box.addEventListener('change', () => {
    error.hidden = true;
  });
  const go = () => {
    if (!consented && !box.checked) {
      error.hidden = false;
      box.focus();
    } else if (!busy) {
      onConnect(box.checked);
    }
  };
  return h(
    'section',
    { class: 'card', 'aria-labelledby': 'connect-title', testid: 'connect' },
    h(
      'div',
      { class: 'card-head' },
      h(
        again ? 'h2' : 'h1',
        { id: 'connect-title' },
        again ? 'Connect WHOOP again' : `Welcome${name ? `, ${name}` : ''}. Two steps to your first day.`,
      ),
    ),
    h(
      'div',
      { class: 'pair connect' },
      h(
        'div',
        { class: 'steps' },
        h(
          'div',
          { class: 'step', 'data-done': String(consented), testid: 'consent-step' },
          h('span', { class: 'mark', 'aria-hidden': 'true' }, consented ? '✓' : '1'),
          h(
            'div',
            {},
            h('h2', {}, consented ? 'Consent given' : 'Give your consent'),
            h(
              'p',
              {},
              consented
                ? 'You can withdraw it below at any time.'
                : 'Health data is special: we process it only with your explicit consent, and only for this.',
            ),
            consented
              ? null
              : h(
                  'ul',
                  {},
                  h('li', {}, 'We read cycles, recovery, sleep, workouts, profile and body measurements.'),
                  h('li', {}, 'We show them to you and to applications you allow. Nobody else.'),
                  h('li', {}, 'You can withdraw, download or disconnect here at any time.'),
                ),
            consented
              ? null
              : h(
                  'label',
                  { class: 'check', for: 'consent' },
                  box,
                  h(
                    'span',
                    {},
                    'I agree that Vitals processes my health data from WHOOP and Sahha to show my daily record.',
                  ),
                ),
            consented ? null : error,
          ),
        ),
        h(
          'div',
          { class: 'step' },
          h('span', { class: 'mark', 'aria-hidden': 'true' }, '2'),
          h(
            'div',
            {},
            h('h2', {}, 'Connect your strap'),
            h('p', {}, 'WHOOP asks you what Vitals may read. Then the last 30 days are fetched, newest first.'),
          ),
        ),
        h(
          'div',
          { class: 'actions' },
          h(
            'button',
            {
              type: 'button',
              class: 'button',
              'aria-disabled': busy ? 'true' : undefined,
              'data-focus': 'connect',
              testid: 'connect-whoop',
              on: { click: go },
            },
            busy ? 'Opening WHOOP…' : 'Connect WHOOP',
          ),
        ),
      ),
      h(
        'figure',
        { class: 'night connect-picture dial-recovery', 'aria-hidden': 'true' },
        picture(null, 'none', '30', 'days, newest first'),
      ),
    ),
  );
}
