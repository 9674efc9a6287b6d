// What the pages of data, changes and talks ask of the gateway.

import { get, patch, PATIENT_MS, post as send } from '../api.js';

const id = encodeURIComponent;
const post = (path, body) => send(path, body, PATIENT_MS); // a talk is replayed by a bot, a file of git is written

export const data = {
  intents: () => get('/data/intents'),
  examples: (asked) => get('/data/examples', asked),
  problems: (asked) => get('/data/problems', asked, PATIENT_MS), // {problems: at most 300, total, counts}
  missing: (language) => get('/data/missing', { language }),
  near: (text) => get('/data/near', { text }).then(({ near }) => near),
  labels: () => get('/intents'),
  talks: () => get('/data/talks').then(({ talks }) => talks),
  talk: (one) => get(`/data/talks/${id(one)}`),
  replay: (one) => post(`/data/talks/${id(one)}/replay`),
  testFromTalk: (asked) => post('/data/tests/from-talk', asked),
};

export const changes = {
  list: (state) => get('/changes', { state }).then((answer) => answer.changes ?? answer),
  get: (one) => get(`/changes/${id(one)}`),
  make: (title, operations) => post('/changes', { title, operations }),
  fromLabels: () => post('/changes/from-labels'),
  edit: (one, version, change) => patch(`/changes/${id(one)}`, { version, ...change }),
  apply: (one, version, { commit, message }) => post(`/changes/${id(one)}/apply`, { version, commit, ...(message && { message }) }),
  withdraw: (one, version) => post(`/changes/${id(one)}/withdraw`, { version }),
  revert: (one, version) => post(`/changes/${id(one)}/revert`, { version }),
};
