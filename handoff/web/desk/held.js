// A state that is held in one place and changes there only, by actions {type, …}: of the desk and of the workbench.

/** What setu-toasts shows, in every such state: `online` and `toasts`. */
const passing = {
  online: (state, { online }) => (state.online === online ? state : { ...state, online }),
  toast: (state, { toast }) => ({ ...state, toasts: [...state.toasts.slice(-2), toast] }),
  'toast gone': (state, { id }) => ({ ...state, toasts: state.toasts.filter((toast) => toast.id !== id) }),
};

/** @param own the reducers by the type of their action. @returns the pure (state, action) -> state */
export function reducing(own) {
  const reducers = { ...passing, ...own };
  return (state, action) => {
    const reducer = reducers[action.type];
    if (!reducer) throw new Error(`no such action: ${action.type}`);
    return reducer(state, action);
  };
}

/** Holds a state; listeners are told (state, before) after each change. */
export function createStore(reduce, state) {
  const listeners = new Set();
  return {
    get state() {
      return state;
    },
    dispatch(action) {
      const next = reduce(state, action);
      if (next === state) return;
      const before = state;
      state = next;
      for (const listener of [...listeners]) listener(state, before);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
