// What the whole workbench knows, and the only place where it changes. `reduce` is pure. Pages keep their own state.

import { reducing } from '../desk/held.js';

export const initial = {
  phase: 'starting', // starting | signed-out | refused | ready | failed
  failure: null,
  me: null, // {id, name, email, role}
  can: {}, // {override, assign}
  languages: [], // of the texts
  route: { page: 'queue', item: null, query: {} },
  counts: {}, // section -> number on the rail
  online: true, // whether the gateway answers
  toasts: [],
};

export const reduce = reducing({
  set: (state, { change }) => ({ ...state, ...change }),
  'signed out': (state) => ({ ...initial, phase: 'signed-out', route: state.route }),
  count: (state, { section, count }) =>
    state.counts[section] === count ? state : { ...state, counts: { ...state.counts, [section]: count } },
});
