// The member's own data: consent, a copy of everything, and being forgotten.

import { ApiProblem, exported } from '../api.js';
import { h, render } from '../dom.js';
import { ago } from '../format.js';
import { inWords } from '../problems.js';

const FILES = { json: 'vitals-export.json', csv: 'vitals-export.zip' };

function save(blob, name) {
  const url = URL.createObjectURL(blob);
  const link = h('a', { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** The sections that the service could not read; the file says so itself. */
async function missing(blob) {
  try {
    return JSON.parse(await blob.text()).incomplete ?? [];
  } catch {
    throw new ApiProblem(0, 'broken-off', 'The file broke off.');
  }
}

function exporting({ onLeave }) {
  const said = h('p', { class: 'label said', role: 'status', testid: 'export-said' });
  let busy = false;

  async function download(format) {
    if (busy) {
      return;
    }
    busy = true;
    said.textContent = 'Gathering everything about you…';
    try {
      const blob = await exported(format);
      const gaps = format === 'json' ? await missing(blob) : [];
      save(blob, FILES[format]);
      said.textContent =
        gaps.length === 0
          ? `Saved as ${FILES[format]}.`
          : 'Saved, but a part could not be read right now; the file names it. Download it again later.';
    } catch (problem) {
      if (!(problem instanceof ApiProblem)) {
        throw problem;
      }
      if (problem.status === 401) {
        onLeave();
      } else {
        said.textContent = inWords(problem);
      }
    } finally {
      busy = false;
    }
  }

  const button = (format, testid, words) =>
    h('button', { type: 'button', class: 'button quiet small', testid, on: { click: () => download(format) } }, words);
  return [
    h(
      'div',
      { class: 'actions' },
      button('json', 'download', 'Download as JSON'),
      button('csv', 'download-csv', 'Download as CSV'),
    ),
    said,
  ];
}

export function privacyCard({ onWithdraw, onErase, onLeave }) {
  const consent = h('div', { class: 'privacy-part' });
  const element = h(
    'section',
    { class: 'card', 'aria-labelledby': 'privacy-title', testid: 'privacy' },
    h('div', { class: 'card-head' }, h('h2', { id: 'privacy-title' }, 'Your data')),
    consent,
    h(
      'div',
      { class: 'privacy-part' },
      h('h3', {}, 'A copy of everything'),
      h('p', { class: 'privacy-text' }, 'All that Vitals holds about you, and who read it. CSV comes as an archive.'),
      exporting({ onLeave }),
    ),
    h(
      'div',
      { class: 'privacy-part' },
      h('h3', {}, 'Be forgotten'),
      h('p', { class: 'privacy-text' }, 'Erases you and all your days. You are asked twice.'),
      h(
        'div',
        { class: 'actions' },
        h(
          'button',
          { type: 'button', class: 'button quiet small', testid: 'erase', on: { click: onErase } },
          'Erase everything…',
        ),
      ),
    ),
  );

  const consentPart = ({ granted, at, version } = {}) => [
    h('h3', {}, 'Consent'),
    h(
      'p',
      { class: 'privacy-text' },
      granted
        ? `You gave your consent ${ago(at)} (version ${version}).`
        : 'You have not given consent; nothing is read.',
    ),
    granted &&
      h(
        'div',
        { class: 'actions' },
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
  ];

  return {
    element,
    update: (me) => render(consent, me.consents, () => consentPart(me.consents?.health_data)),
  };
}
