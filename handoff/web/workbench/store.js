// What the whole workbench knows, and the only place where it changes. `reduce` is pure. Pages keep their own state.

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

const reducers = {
  set: (state, { change }) => ({ ...state, ...change }),
  'signed out': (state) => ({ ...initial, phase: 'signed-out', route: state.route }),
  count: (state, { section, count }) =>
    state.counts[section] === count ? state : { ...state, counts: { ...state.counts, [section]: count } },
  online: (state, { online }) => (state.online === online ? state : { ...state, online }),
  toast: (state, { toast }) => ({ ...state, toasts: [...state.toasts.slice(-2), toast] }),
  'toast gone': (state, { id }) => ({ ...state, toasts: state.toasts.filter((toast) => toast.id !== id) }),
};

export function reduce(state, action) {
  const reducer = reducers[action.type];
  if (!reducer) throw new Error(`no such action: ${action.type}`);
  return reducer(state, action);
}

/** Holds a state; listeners are told after each change. */
export function createStore(state = initial) {
  const listeners = new Set();
  return {
    get state() {
      return state;
    },
    dispatch(action) {
      const next = reduce(state, action);
      if (next === state) return;
      state = next;
      for (const listener of [...listeners]) listener(state);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
