// What the pages of runs, models and history ask of the gateway.

import { get, PATIENT_MS, post as send } from '../api.js';

const id = encodeURIComponent;
const post = (path, body) => send(path, body, PATIENT_MS); // a model is loaded by every server
const unwrapped = (answer) => answer.run ?? answer;

export const runs = {
  list: () => get('/runs'), // {runs, live, waiting: changes that the live model has not learnt}
  one: (run) => get(`/runs/${id(run)}`).then(unwrapped),
  start: () => post('/runs').then(unwrapped),
  cancel: (run) => post(`/runs/${id(run)}/cancel`).then(unwrapped),
  check: () => post('/data/check'),
  progress: () => get('/progress'),
  drafts: () => get('/changes', { state: 'draft' }).then((answer) => answer.changes ?? answer),
};

export const models = {
  list: () => get('/models'),
  promote: (name, override) => post(`/models/${id(name)}/promote`, override ? { override } : {}),
  rollBack: () => post('/models/roll-back'),
  shadow: (name, hours) => post(`/models/${id(name)}/shadow`, { hours }),
  endShadow: () => post('/models/shadow/end'),
  compared: () => get('/models/shadow'),
};

export const history = {
  entries: (before, about) => get('/audit', { before, about }),
  team: () => get('/team').then(({ team }) => team),
};
