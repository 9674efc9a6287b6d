// Where the agent is, kept in the address: #/view or #/view/conversation, or #/page/item, which is no
// conversation. Links work, and so does "back".

import { isPage, VIEWS } from './views.js';

export function parseRoute(hash) {
  const [, view, id] = /^#\/(\w+)(?:\/([\w-]+))?$/.exec(hash) ?? [];
  if (isPage(view)) return { view, id: null, item: id ?? null };
  return VIEWS.includes(view) ? { view, id: id ?? null } : { view: 'queue', id: null };
}

export const href = (view, id = null) => (id ? `#/${view}/${id}` : `#/${view}`);
