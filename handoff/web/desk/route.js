// Where the agent is, kept in the address: #/view or #/view/conversation. Links work, and so does "back".

import { VIEWS } from './views.js';

export function parseRoute(hash) {
  const [, view, id] = /^#\/(\w+)(?:\/([\w-]+))?$/.exec(hash) ?? [];
  return VIEWS.includes(view) ? { view, id: id ?? null } : { view: 'queue', id: null };
}

export const href = (view, id = null) => (id ? `#/${view}/${id}` : `#/${view}`);
