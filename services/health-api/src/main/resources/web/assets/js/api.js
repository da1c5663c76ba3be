// The page's only door to the server.

const BASE = '/api/v1';
const DEADLINE_MS = 12_000;
/** An erasure goes through two services; an export is written as it is read. */
const LONG_MS = 120_000;

export class ApiProblem extends Error {
  /** @param {number} status 0 when no answer came @param {string} slug last part of the problem type */
  constructor(status, slug, detail, { requestId = null, retryAfter = null } = {}) {
    super(detail || slug);
    this.status = status;
    this.slug = slug;
    this.detail = detail;
    this.requestId = requestId;
    this.retryAfter = retryAfter;
  }
}

async function ask(method, path, { body, deadline = DEADLINE_MS, accept = 'application/json' } = {}) {
  let response;
  try {
    response = await fetch(BASE + path, {
      method,
      credentials: 'same-origin',
      headers: { accept, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(deadline),
    });
  } catch {
    throw new ApiProblem(0, 'unreachable', 'Vitals did not answer.');
  }
  if (response.ok) {
    return response;
  }
  const document = await response.json().catch(() => null);
  const slug =
    String(document?.type ?? '')
      .split(':')
      .pop() || 'unknown';
  const seconds = Number.parseInt(response.headers.get('retry-after') ?? '', 10);
  throw new ApiProblem(response.status, slug, document?.detail ?? document?.title ?? '', {
    requestId: document?.request_id ?? null,
    retryAfter: Number.isNaN(seconds) ? null : seconds,
  });
}

async function request(method, path, body, deadline) {
  const response = await ask(method, path, { body, deadline });
  if (response.status === 204) {
    return null;
  }
  const document = await response.json().catch(() => null);
  if (document === null) {
    throw new ApiProblem(response.status, 'unreadable', 'The answer could not be read.');
  }
  return document;
}

export const EVENTS_URL = `${BASE}/users/me/events`;
export const LOGIN_URL = '/auth/login?to=/';

export const me = () => request('GET', '/me');
export const link = () => request('GET', '/users/me/links/whoop');
export const startLink = () => request('POST', '/users/me/links/whoop');
export const dropLink = () => request('DELETE', '/users/me/links/whoop');
export const sources = () => request('GET', '/users/me/sources');
export const setConsent = (granted) => request('PUT', '/users/me/consents', { health_data: granted });
export const refresh = (date) => request('POST', `/users/me/refresh?${new URLSearchParams({ date })}`);
export const explain = (date) => request('GET', `/users/me/days/${encodeURIComponent(date)}/explain`);
export const sessions = () => request('GET', '/me/sessions');
export const endSession = (id) => request('DELETE', `/me/sessions/${encodeURIComponent(id)}`);
export const keys = () => request('GET', '/api-keys');
export const makeKey = (wanted) => request('POST', '/api-keys', wanted);
export const rotateKey = (id) => request('POST', `/api-keys/${encodeURIComponent(id)}/rotate`);
export const revokeKey = (id) => request('DELETE', `/api-keys/${encodeURIComponent(id)}`);
export const erase = () => request('DELETE', '/users/me', undefined, LONG_MS);
export const erasure = (id) => request('GET', `/erasures/${encodeURIComponent(id)}`);
export const certificateUrl = (id) => `${BASE}/erasures/${encodeURIComponent(id)}`;

const query = (path, parameters) =>
  request('GET', `${path}?${new URLSearchParams(Object.entries(parameters).filter(([, value]) => value !== null))}`);

// For those who run Vitals; anybody else is refused.
export const adminLinks = () => request('GET', '/admin/links');
export const adminMembers = (state, cursor) => query('/admin/members', { state, cursor });
export const adminCoverage = (days) => query('/admin/coverage', { days });
export const adminMemberCoverage = (member, days) =>
  query(`/admin/members/${encodeURIComponent(member)}/coverage`, { days });
export const deadLetters = (source, cursor) => query('/admin/dead-letters', { source, cursor });
export const replay = (wanted) => request('POST', '/admin/dead-letters/replay', wanted);
export const adminQuota = () => request('GET', '/admin/quota');
export const adminAudit = () => request('GET', '/admin/audit');

/** A page of who read what, newest first. */
export const accesses = (cursor) =>
  request('GET', `/users/me/accesses?${new URLSearchParams({ limit: '50', ...(cursor ? { cursor } : {}) })}`);

/** The whole file: one that breaks off must not pass for a whole one. */
export async function exported(format) {
  const response = await ask('GET', `/users/me/export?${new URLSearchParams({ format })}`, {
    deadline: LONG_MS,
    accept: 'application/json, application/zip',
  });
  try {
    return await response.blob();
  } catch {
    throw new ApiProblem(0, 'broken-off', 'The file broke off.');
  }
}

/** Daily records between two dates, both inclusive; follows the cursor of a paged answer. */
export async function days(from, to) {
  const records = [];
  let cursor = null;
  do {
    const query = new URLSearchParams({ from, to, ...(cursor ? { cursor } : {}) });
    const page = await request('GET', `/users/me/days?${query}`);
    records.push(...page.days);
    cursor = page.next_cursor ?? null;
  } while (cursor !== null && records.length < 400);
  return records;
}

/** Signing out is sent by fetch: a form post under a strict referrer policy would carry `Origin: null`. */
export async function signOut() {
  await fetch('/auth/logout', { method: 'POST', credentials: 'same-origin', signal: AbortSignal.timeout(DEADLINE_MS) });
}
