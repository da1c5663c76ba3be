// The page's only door to the server.

const BASE = '/api/v1';
const DEADLINE_MS = 12_000;

export class ApiProblem extends Error {
  /** @param {number} status 0 when no answer came @param {string} slug last part of the problem type */
  constructor(status, slug, detail, requestId) {
    super(detail || slug);
    this.status = status;
    this.slug = slug;
    this.detail = detail;
    this.requestId = requestId;
  }
}

async function request(method, path, body) {
  let response;
  try {
    response = await fetch(BASE + path, {
      method,
      credentials: 'same-origin',
      headers: { accept: 'application/json', ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(DEADLINE_MS),
    });
  } catch {
    throw new ApiProblem(0, 'unreachable', 'Vitals did not answer.', null);
  }
  if (response.status === 204) {
    return null;
  }
  const document = await response.json().catch(() => null);
  if (!response.ok) {
    const slug =
      String(document?.type ?? '')
        .split(':')
        .pop() || 'unknown';
    throw new ApiProblem(
      response.status,
      slug,
      document?.detail ?? document?.title ?? '',
      document?.request_id ?? null,
    );
  }
  if (document === null) {
    throw new ApiProblem(response.status, 'unreadable', 'The answer could not be read.', null);
  }
  return document;
}

export const EVENTS_URL = `${BASE}/users/me/events`;
export const EXPORT_URL = `${BASE}/users/me/export`;
export const LOGIN_URL = '/auth/login?to=/';

export const me = () => request('GET', '/me');
export const link = () => request('GET', '/users/me/links/whoop');
export const startLink = () => request('POST', '/users/me/links/whoop');
export const dropLink = () => request('DELETE', '/users/me/links/whoop');
export const sources = () => request('GET', '/users/me/sources');
export const setConsent = (granted) => request('PUT', '/users/me/consents', { health_data: granted });

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
