// Dialogs: the browser's own, so that focus stays inside and comes back by itself.

import { h } from '../dom.js';

/** Opens a dialog with this content; `labelledby` names its heading. Returns the element; it removes itself when closed. */
export function open({ labelledby, describedby, testid, wide }, ...content) {
  const dialog = h(
    'dialog',
    {
      class: wide ? 'dialog wide' : 'dialog',
      'aria-labelledby': labelledby,
      'aria-describedby': describedby,
      testid,
    },
    ...content,
  );
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/** Asks before something that cannot be undone; resolves to true or false. */
export function confirm({ title, text, yes, no = 'Keep it' }) {
  return new Promise((resolve) => {
    const answer = (value, kind, testid, words) =>
      h('button', { type: 'button', class: `button ${kind}`, testid, on: { click: () => dialog.close(value) } }, words);
    const dialog = open(
      { labelledby: 'dialog-title', describedby: 'dialog-text', testid: 'dialog' },
      h('h2', { id: 'dialog-title' }, title),
      h('p', { id: 'dialog-text' }, text),
      h(
        'div',
        { class: 'actions' },
        answer('no', 'quiet', 'dialog-cancel', no),
        answer('yes', 'danger', 'dialog-confirm', yes),
      ),
    );
    dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes'));
  });
}
