// What the pages of data, changes and talks ask of the gateway.

import { call } from '../../desk/api.js';

const BASE = '/api/workbench';
const PATIENT_MS = 120_000; // a talk is replayed by a bot, a file of git is written
const id = encodeURIComponent;

const query = (values) => {
  const given = Object.entries(values).filter(([, value]) => value !== undefined && value !== null && value !== '');
  return given.length ? `?${new URLSearchParams(given)}` : '';
};

const get = (path) => call('GET', BASE + path);
const post = (path, body) => call('POST', BASE + path, body, PATIENT_MS);

export const data = {
  intents: () => get('/data/intents'),
  examples: (asked) => get(`/data/examples${query(asked)}`),
  problems: (asked = {}) => call('GET', `${BASE}/data/problems${query(asked)}`, undefined, PATIENT_MS), // {problems: at most 300, total, counts}
  missing: (language) => get(`/data/missing${query({ language })}`),
  near: (text) => get(`/data/near${query({ text })}`).then(({ near }) => near),
  labels: () => get('/intents'),
  talks: () => get('/data/talks').then(({ talks }) => talks),
  talk: (one) => get(`/data/talks/${id(one)}`),
  replay: (one) => post(`/data/talks/${id(one)}/replay`),
  testFromTalk: (asked) => post('/data/tests/from-talk', asked),
};

export const changes = {
  list: (state) => get(`/changes${query({ state })}`).then((answer) => answer.changes ?? answer),
  get: (one) => get(`/changes/${id(one)}`),
  make: (title, operations) => post('/changes', { title, operations }),
  fromLabels: () => post('/changes/from-labels'),
  edit: (one, version, change) => call('PATCH', `${BASE}/changes/${id(one)}`, { version, ...change }),
  apply: (one, version, { commit, message }) => post(`/changes/${id(one)}/apply`, { version, commit, ...(message && { message }) }),
  withdraw: (one, version) => post(`/changes/${id(one)}/withdraw`, { version }),
  revert: (one, version) => post(`/changes/${id(one)}/revert`, { version }),
};
