// What the member does on the page, apart from looking: connect, disconnect, consent, refresh, sign out, be forgotten.

import { say } from './announce.js';
import * as api from './api.js';
import { inWords } from './problems.js';
import { confirm } from './views/dialog.js';
import { askToErase } from './views/erase.js';
import { linked } from './views/link.js';
import { told } from './views/refresh.js';

const CERTIFICATE_MS = 2_000;

const failed = (problem) => ({
  id: 'action-failed',
  kind: 'bad',
  title: 'That did not work',
  text: inWords(problem),
});

/** `reading`: see reading.js. */
export function createDoing(store, reading) {
  let underWay = Promise.resolve();

  async function act(work) {
    if (store.get().busy) {
      return;
    }
    underWay = carryOut(work);
    await underWay;
  }

  async function carryOut(work) {
    store.set({ busy: true, outcome: null });
    const problem = await reading.attempt(work);
    store.set({
      busy: false,
      ...(problem === null || problem.status === 401 ? {} : { outcome: failed(problem) }),
    });
  }

  /** `agreed`: the member has ticked the consent box. Consent is never taken from a click that did not say so. */
  async function connect(agreed) {
    if (!store.get().me.consents?.health_data?.granted && agreed !== true) {
      document.getElementById('consent')?.focus();
      return;
    }
    await act(async () => {
      if (!store.get().me.consents?.health_data?.granted) {
        await api.setConsent(true);
        store.set({ me: await api.me() });
      }
      const { authorization_url: target } = await api.startLink();
      location.assign(target);
    });
  }

  async function disconnect() {
    const sure = await confirm({
      title: 'Disconnect WHOOP?',
      text: 'Vitals gives up its access at WHOOP and destroys its keys. No new data arrives. The days you already have stay.',
      yes: 'Disconnect',
    });
    if (sure) {
      await act(async () => {
        await api.dropLink();
        await reading.refreshAll();
      });
    }
  }

  async function withdraw() {
    const sure = await confirm({
      title: 'Withdraw your consent?',
      text: 'Vitals stops reading from WHOOP and Sahha at once. You can give your consent again at any time.',
      yes: 'Withdraw',
    });
    if (sure) {
      await act(async () => {
        if (linked(store.get().link)) {
          await api.dropLink();
        }
        await api.setConsent(false);
        await reading.refreshAll();
      });
    }
  }

  /** Asks the sources for a day now, and says how each of them did. */
  async function refresh(date) {
    if (store.get().refreshed?.busy) {
      return;
    }
    store.set({ refreshed: { date, busy: true } });
    const problem = await reading.attempt(async () => {
      const answer = await api.refresh(date);
      const days = new Map(store.get().days);
      // An answer on the way may be older than what an event brought meanwhile.
      if (answer.day !== null && answer.day.version >= (days.get(date)?.version ?? 0)) {
        days.set(date, answer.day);
      }
      store.set({ days, refreshed: { date, ...told(answer) } });
    });
    if (problem !== null && problem.status !== 401) {
      store.set({ refreshed: { date, kind: 'bad', lines: [inWords(problem)] } });
    }
    say(store.get().refreshed?.lines?.join(' ') ?? '');
  }

  /** A click on it is never lost: it waits for what is under way. */
  async function signOut() {
    await underWay;
    await act(async () => {
      await api.signOut();
      reading.leave();
    });
  }

  async function erase() {
    await askToErase(() =>
      reading.attempt(async () => {
        const certificate = await api.erase();
        reading.leave('erased', { certificate, outcome: null });
        watchErasure();
      }),
    );
    document.getElementById('erased-title')?.focus();
  }

  /** What takes longer goes on by itself; the page only looks. */
  function watchErasure() {
    const { phase, certificate } = store.get();
    if (phase !== 'erased' || certificate.state === 'completed') {
      return;
    }
    setTimeout(async () => {
      const problem = await reading.attempt(async () => {
        store.set({ certificate: await api.erasure(certificate.erasure) });
      });
      if (problem?.status !== 401) {
        watchErasure();
      }
    }, CERTIFICATE_MS);
  }

  return { connect, disconnect, withdraw, refresh, signOut, erase };
}
