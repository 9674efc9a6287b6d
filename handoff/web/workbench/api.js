// The workbench's HTTP calls, by paths under /api/workbench. Every failure is an ApiError (desk/api.js) with a code.

import { ApiError, call as raw } from '../desk/api.js';

const ROOT = '/api/workbench';
const UPLOAD_MS = 120_000;

const given = (query) =>
  Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== ''));

const search = (query) => (Object.keys(given(query)).length ? `?${new URLSearchParams(given(query))}` : '');

export const call = (method, path, body) => raw(method, `${ROOT}${path}`, body);
export const get = (path, query = {}) => call('GET', `${path}${search(query)}`);
export const post = (path, body = {}) => call('POST', path, body);
export const patch = (path, body = {}) => call('PATCH', path, body);

/** Sends a file or a text as it is. @param {Blob|string} body */
async function send(path, body, headers) {
  let response;
  try {
    response = await fetch(`${ROOT}${path}`, {
      method: 'POST',
      credentials: 'same-origin',
      headers: { 'X-Setu': '1', ...headers },
      body,
      signal: AbortSignal.timeout(UPLOAD_MS),
    });
  } catch {
    throw new ApiError(0, 'offline');
  }
  const data = await response.json().catch(() => undefined);
  if (response.ok && data !== undefined) return data;
  throw new ApiError(response.status, data?.error?.code ?? `http_${response.status}`, data?.error?.message);
}

const one = (id, rest = '') => `/utterances/${encodeURIComponent(id)}${rest}`;

export const api = {
  call,
  get,
  post,
  patch,
  start: (language) => get('/start', { language }),
  team: () => get('/team').then(({ team }) => team),
  signIn: (email, password) => raw('POST', '/api/desk/sign-in', { email, password }),
  signOut: () => raw('POST', '/api/desk/sign-out'),
  queue: (query) => get('/queue', query),
  take: (query, count) => post('/queue/take', { ...given(query), count }),
  utterance: (id) => get(one(id)),
  assign: (body) => post('/queue/assign', body),
  importTexts: (body, type, name) =>
    send('/import', body, { 'Content-Type': type, 'X-Name': encodeURIComponent(name) }),
  topics: () => get('/topics').then(({ topics }) => topics),
  intents: (language) => get('/intents', { language }),
  /** `id` is the batch's: sent again after a lost answer, nothing is given twice. */
  label: (labels, similar, id) => post('/labels', { labels, similar, ...(id && { id }) }),
  undo: (batch) => post('/labels/undo', batch ? { batch } : {}),
  agreement: () => get('/agreement'),
  agreementOverTime: () => get('/agreement/over-time'),
  history: (id) => get(one(id, '/history')),
  settle: (id, label) => post(one(id, '/settle'), label),
  propose: (proposal) => post('/proposals', proposal),
  proposals: () => get('/proposals').then(({ proposals }) => proposals),
  decide: (name, what) => post(`/proposals/${encodeURIComponent(name)}/${what}`),
  fromLabels: () => post('/changes/from-labels'),
  progress: () => get('/progress'),
};
