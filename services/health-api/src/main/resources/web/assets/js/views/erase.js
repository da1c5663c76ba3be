// Being forgotten: the two questions before it, and the certificate after it.

import { certificateUrl } from '../api.js';
import { h } from '../dom.js';
import { dated } from '../format.js';
import { inWords } from '../problems.js';
import { open } from './dialog.js';

const GOES = [
  'Your days, nights, workouts and scores, and everything WHOOP and Sahha sent for them',
  'Your connection to WHOOP: Vitals gives its access back there and destroys its keys',
  'Your keys for apps, your consents, and every browser you are signed in with',
];

const STAYS = [
  'A number without your name, when you were erased and how many rows went, so that an old backup cannot bring you back',
  'That same number in the log of who read what, which nobody may rewrite',
  'What WHOOP and Sahha hold about you themselves: ask them',
];

const list = (items) =>
  h(
    'ul',
    { class: 'plain-list' },
    items.map((item) => h('li', {}, item)),
  );

/** `run()` erases and gives null, or the problem. Resolves when the dialog is closed. */
export function askToErase(run) {
  return new Promise((resolve) => {
    const host = h('div', { class: 'erase' });
    const dialog = open({ labelledby: 'erase-title', testid: 'erase-dialog', wide: true }, host);
    let busy = false;
    // While it runs there is no way back, and Escape must not look like one.
    dialog.addEventListener('cancel', (event) => busy && event.preventDefault());
    dialog.addEventListener('close', resolve);

    const keep = () =>
      h(
        'button',
        { type: 'button', class: 'button quiet', testid: 'erase-keep', on: { click: () => busy || dialog.close() } },
        'Keep my data',
      );

    function show(...content) {
      host.replaceChildren(...content);
      host.querySelector('h2').focus();
    }

    function first() {
      show(
        h('h2', { id: 'erase-title', tabindex: '-1' }, 'Erase everything about you?'),
        h('h3', {}, 'This goes'),
        list(GOES),
        h('h3', {}, 'This stays'),
        list(STAYS),
        h(
          'p',
          {},
          'It cannot be undone, and nobody can bring your days back. If you want a copy of your days, keep your data for now and download it first.',
        ),
        h(
          'div',
          { class: 'actions' },
          keep(),
          h('button', { type: 'button', class: 'button danger', testid: 'erase-next', on: { click: second } }, 'Go on…'),
        ),
      );
    }

    function second() {
      const box = h('input', { type: 'checkbox', id: 'erase-sure', testid: 'erase-sure' });
      const error = h('p', { class: 'part-problem', role: 'alert', testid: 'erase-error' });
      const yes = h(
        'button',
        { type: 'button', class: 'button danger', testid: 'erase-confirm', on: { click: go } },
        'Erase everything now',
      );

      async function go() {
        if (busy) {
          return;
        }
        error.textContent = '';
        if (!box.checked) {
          error.textContent = 'Tick the box first.';
          box.focus();
          return;
        }
        busy = true;
        yes.textContent = 'Erasing…';
        yes.setAttribute('aria-disabled', 'true');
        const problem = await run();
        busy = false;
        if (problem === null || problem.status === 401) {
          dialog.close();
          return;
        }
        yes.textContent = 'Erase everything now';
        yes.removeAttribute('aria-disabled');
        error.textContent =
          problem.status === 0
            ? 'Vitals did not answer, so it is not known whether it has begun. Try again: asking twice does no harm.'
            : `${inWords(problem)} Nothing was erased.`;
      }

      show(
        h('h2', { id: 'erase-title', tabindex: '-1' }, 'Last question'),
        h('p', {}, 'Once you press the red button there is no way back. You are signed out and get a certificate.'),
        h(
          'label',
          { class: 'check', for: 'erase-sure' },
          box,
          h('span', {}, 'I understand that all my data is deleted and cannot be brought back.'),
        ),
        error,
        h('div', { class: 'actions' }, keep(), yes),
      );
    }

    first();
  });
}

const SERVICES = { health_api: 'Days, consents, keys, sessions', whoop_service: 'What came from WHOOP' };

/** Rows by service: "health_api.session" and its like are for the certificate itself. */
function counts(removed) {
  const sums = new Map();
  for (const [table, rows] of Object.entries(removed)) {
    const service = table.split('.')[0];
    sums.set(service, (sums.get(service) ?? 0) + rows);
  }
  return [...sums].map(([service, rows]) => [SERVICES[service] ?? service, `${rows} rows deleted`]);
}

/** What the member sees once they are forgotten. The address of the certificate is all that leads back to it. */
export function erased(certificate) {
  const done = certificate.state === 'completed';
  const fact = (term, ...text) => h('div', {}, h('dt', {}, term), h('dd', {}, ...text));
  return h(
    'section',
    { class: 'card certificate', 'aria-labelledby': 'erased-title', testid: 'erased', 'data-state': certificate.state },
    h(
      'h1',
      { id: 'erased-title', tabindex: '-1', 'data-focus': 'erased' },
      done ? 'You are forgotten here' : 'You are being forgotten',
    ),
    h(
      'p',
      { class: 'privacy-text' },
      done
        ? 'Everything about you is deleted, and you are signed out. Keep the link below: it is your certificate, and nobody else has it.'
        : 'It has begun and cannot be stopped; a part takes a little longer. You are signed out. Keep the link below: it tells when it is done, and then it is your certificate.',
    ),
    h(
      'dl',
      { class: 'facts', testid: 'certificate-facts' },
      fact('Asked for', dated(certificate.requested_at)),
      fact('Completed', done ? dated(certificate.completed_at) : 'Not yet'),
      counts(certificate.removed).map(([term, text]) => fact(term, text)),
      fact('Signed', certificate.signature === null ? 'Not signed' : `With the key ${certificate.key}`),
      fact('Certificate', h('code', { class: 'hint' }, certificate.erasure)),
    ),
    h(
      'div',
      { class: 'actions' },
      h(
        'a',
        { class: 'button', href: certificateUrl(certificate.erasure), testid: 'certificate-link', 'data-focus': 'link' },
        'Open the certificate',
      ),
      h(
        'a',
        {
          class: 'button quiet',
          href: certificateUrl(certificate.erasure),
          download: 'vitals-erasure-certificate.json',
          testid: 'certificate-save',
          'data-focus': 'save',
        },
        'Save it',
      ),
    ),
    h('p', { class: 'label' }, 'Should you sign in again one day, you start with an empty record.'),
  );
}
