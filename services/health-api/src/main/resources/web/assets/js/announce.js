// Says things once: to those who see them, and to those who hear them.

const TOAST_MS = 6_000;
let timer = null;

/** For a screen reader, when the eye has it already. */
export function say(text) {
  document.getElementById('announcer').textContent = text;
}

/** For everybody. */
export function tell(text) {
  const toast = document.getElementById('toast');
  say(text);
  toast.textContent = text;
  toast.hidden = false;
  clearTimeout(timer);
  timer = setTimeout(() => {
    toast.hidden = true;
  }, TOAST_MS);
}
