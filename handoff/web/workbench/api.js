// The workbench's HTTP calls, by paths under /api/workbench. Every failure is an ApiError (desk/api.js) with a code.

import { api as desk, call as raw, given, query as search, send } from '../desk/api.js';

const ROOT = '/api/workbench';
export const PATIENT_MS = 120_000; // what takes its time: a file, a replay, a model on every server

export const call = (method, path, body, timeout) => raw(method, `${ROOT}${path}`, body, timeout);
export const get = (path, query = {}, timeout) => call('GET', `${path}${search(query)}`, undefined, timeout);
export const post = (path, body = {}, timeout) => call('POST', path, body, timeout);
export const patch = (path, body = {}) => call('PATCH', path, body);

const one = (id, rest = '') => `/utterances/${encodeURIComponent(id)}${rest}`;

export const api = {
  call,
  get,
  post,
  patch,
  start: (language) => get('/start', { language }),
  team: () => get('/team').then(({ team }) => team),
  signIn: desk.signIn,
  signOut: desk.signOut,
  queue: (query) => get('/queue', query),
  take: (query, count) => post('/queue/take', { ...given(query), count }),
  utterance: (id) => get(one(id)),
  assign: (body) => post('/queue/assign', body),
  /** @param {Blob|string} body a file or a text, as it is */
  importTexts(body, type, name) {
    const headers = { 'Content-Type': type, 'X-Name': encodeURIComponent(name), 'X-Setu': '1' };
    return send(`${ROOT}/import`, { method: 'POST', headers, body }, PATIENT_MS);
  },
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
