// What the pages of runs, models and history ask of the gateway.

import { call } from '../../desk/api.js';

const BASE = '/api/workbench';
const PATIENT_MS = 120_000; // a model is loaded by every server
const id = encodeURIComponent;

const get = (path) => call('GET', BASE + path);
const post = (path, body) => call('POST', BASE + path, body, PATIENT_MS);
const unwrapped = (answer) => answer.run ?? answer;

export const runs = {
  list: () => get('/runs'), // {runs, live, waiting: changes that the live model has not learnt}
  one: (run) => get(`/runs/${id(run)}`).then(unwrapped),
  start: () => post('/runs').then(unwrapped),
  cancel: (run) => post(`/runs/${id(run)}/cancel`).then(unwrapped),
  check: () => post('/data/check'),
  progress: () => get('/progress'),
  drafts: () => get('/changes?state=draft').then((answer) => answer.changes ?? answer),
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
  entries: (before, about) => {
    const given = Object.entries({ before, about }).filter(([, value]) => value);
    return get(`/audit${given.length ? `?${new URLSearchParams(given)}` : ''}`);
  },
  team: () => get('/team').then(({ team }) => team),
};
