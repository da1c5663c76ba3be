// Keys with which the member's own programs read: make, list, renew, revoke. A value is shown once and kept nowhere else.

import * as api from '../api.js';
import { h } from '../dom.js';
import { ago, dated, stamp } from '../format.js';
import { confirm } from './dialog.js';
import { keyForm, scopeWords } from './keyform.js';
import { section } from './section.js';

/** The value on the screen, for as long as the member wants; then it is gone from the page too. */
function shownOnce({ value, key, renewed }, onDone) {
  const text = h(
    'code',
    { class: 'secret', tabindex: '0', 'aria-label': 'Value of the key', testid: 'key-value' },
    value,
  );
  const said = h('p', { class: 'label', role: 'status', testid: 'key-copied' });
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(value);
      said.textContent = 'Copied.';
    } catch {
      // Without the clipboard's consent it can still be copied by hand.
      getSelection().selectAllChildren(text);
      text.focus();
      said.textContent = 'Selected; copy it with the keyboard or the menu.';
    }
  };
  return h(
    'div',
    { class: 'once', role: 'group', 'aria-labelledby': 'once-title', testid: 'key-once' },
    h('h3', { id: 'once-title', tabindex: '-1' }, `${renewed ? 'New value' : 'Key'} for “${key.name}”`),
    h(
      'p',
      {},
      'Copy it now and keep it where your app keeps its secrets. Vitals stores only a fingerprint of it and cannot show it again.',
      renewed && ` The value until now works until ${stamp(key.previous_until)}.`,
    ),
    text,
    h(
      'div',
      { class: 'actions' },
      h('button', { type: 'button', class: 'button small', testid: 'key-copy', on: { click: copy } }, 'Copy'),
      h(
        'button',
        { type: 'button', class: 'button quiet small', testid: 'key-done', on: { click: onDone } },
        'I have it, hide it',
      ),
      said,
    ),
  );
}

const over = (key) => Date.parse(key.expires_at) <= Date.now();
const rotating = (key) => key.previous_until !== null && Date.parse(key.previous_until) > Date.now();

function row(key, part, { onRotate, onRevoke }) {
  const button = (action, words, run) =>
    h(
      'button',
      {
        type: 'button',
        class: 'button quiet small',
        'aria-label': `${words.replace('…', '')} ${key.name}`,
        'aria-disabled': part.busy() ? 'true' : undefined,
        'data-focus': `${action}-${key.id}`,
        testid: `key-${action}`,
        on: { click: () => part.busy() || run(key) },
      },
      words,
    );
  return h(
    'li',
    { class: 'row', testid: 'key', 'data-key': key.id },
    h(
      'div',
      { class: 'row-words' },
      h(
        'p',
        { class: 'row-title' },
        h('strong', {}, key.name),
        ' ',
        h('code', { class: 'hint' }, `${key.hint}…`),
        over(key) && h('span', { class: 'state' }, 'Over'),
      ),
      h(
        'p',
        { class: 'label' },
        key.scopes.map((scope) => scopeWords(scope)).join(' · '),
        h('br'),
        `Last used ${ago(key.last_used_at)} · ${over(key) ? 'Ended' : 'Ends'} ${dated(key.expires_at)}`,
        rotating(key) && ` · Old value works until ${stamp(key.previous_until)}`,
      ),
      part.problemAt(key.id),
    ),
    h(
      'div',
      { class: 'actions' },
      over(key) ? null : button('rotate', 'New value…', onRotate),
      button('revoke', over(key) ? 'Remove…' : 'Revoke…', onRevoke),
    ),
  );
}

export function keysPart({ onLeave }) {
  const once = h('div', { class: 'slot' });
  const leave = () => {
    hide();
    onLeave();
  };
  const form = keyForm({ onMake: make, onLeave: leave });

  function hide() {
    once.replaceChildren();
  }

  function show(issued) {
    once.replaceChildren(
      shownOnce(issued, () => {
        hide();
        part.element.querySelector('[data-testid=keys-toggle]').focus();
      }),
    );
    once.querySelector('h3').focus();
  }

  const part = section({
    name: 'keys',
    title: 'Keys for your apps',
    hint: 'Let a program of yours read your days. It needs no password, and you can take each key back here.',
    load: async () => (await api.keys()).keys,
    fixed: [once, form],
    onLeave: leave,
    onClose: hide,
    view: (keys) =>
      keys.length === 0
        ? h('p', { class: 'label', testid: 'no-keys' }, 'There is no key yet.')
        : h(
            'ul',
            { class: 'rows', 'aria-label': 'Your keys' },
            keys.map((key) => row(key, part, { onRotate: rotate, onRevoke: revoke })),
          ),
  });

  async function make(wanted) {
    const issued = await api.makeKey(wanted);
    part.set([...(part.data() ?? []), issued.key]);
    show({ ...issued, renewed: false });
  }

  const replaced = (keys, key) => keys.map((other) => (other.id === key.id ? key : other));

  async function rotate(key) {
    const sure = await confirm({
      title: `Make a new value for “${key.name}”?`,
      text: 'You get a new value to put into your app. The one until now works for another 24 hours, so that nothing stops meanwhile.',
      yes: 'Make a new value',
      no: 'Leave it',
    });
    if (sure) {
      let issued = null;
      const went = await part.run(key.id, async () => {
        issued = await api.rotateKey(key.id);
        part.set(replaced(part.data(), issued.key));
      });
      if (went) {
        show({ ...issued, renewed: true });
      }
    }
  }

  async function revoke(key) {
    const sure = over(key)
      ? true
      : await confirm({
          title: `Revoke “${key.name}”?`,
          text: 'Whatever uses this key can read nothing any more, within a second. This cannot be undone; you can make another key.',
          yes: 'Revoke',
        });
    if (sure) {
      await part.run(
        key.id,
        async () => {
          try {
            await api.revokeKey(key.id);
          } catch (problem) {
            // Somebody was faster, in another tab for example; it is gone, and that was the wish.
            if (!(problem instanceof api.ApiProblem) || problem.status !== 404) {
              throw problem;
            }
          }
          part.set(part.data().filter((other) => other.id !== key.id));
        },
        `${key.name} was revoked.`,
      );
    }
  }

  return part;
}
