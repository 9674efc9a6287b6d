// Where the trainer is, kept in the address: #/page/item?query. Links work, and so does "back". Pure.

import { query as search } from '../desk/api.js';

/** @returns {{page: string, item: string|null, query: Object<string, string>}} */
export function parseRoute(hash, pages) {
  const [path, asked = ''] = hash.replace(/^#\/?/, '').split('?');
  const [page, item] = path.split('/');
  const query = Object.fromEntries(new URLSearchParams(asked));
  if (!pages.includes(page)) return { page: pages[0], item: null, query: {} };
  return { page, item: item ? unescaped(item) : null, query };
}

function unescaped(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The address of a place; empty values are left out. */
export function at(page, item = null, query = {}) {
  return `#/${page}${item ? `/${encodeURIComponent(item)}` : ''}${search(query)}`;
}
