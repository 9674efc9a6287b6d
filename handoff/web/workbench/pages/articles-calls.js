// What the page of articles asks of the gateway.

import { get, post } from '../api.js';

const id = encodeURIComponent;

export const articles = {
  list: () => get('/articles'),
  one: (slug, language) => get(`/articles/${id(slug)}/${id(language)}`),
  unanswered: (language) => get('/articles/unanswered', { language }).then(({ questions }) => questions),
  answers: () => get('/articles/answers').then(({ answers }) => answers),
  draft: (conversation, number) => post('/articles/draft', { conversation_id: conversation, number }),
  preview: (written) => post('/articles/preview', written),
  save: (written) => post('/articles', written),
  topics: () => get('/intents').then(({ intents }) => intents),
};

/** A name for a new article's file: small letters, digits and hyphens. Pure. */
export function slugOf(title) {
  const plain = title.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  return (plain.match(/[a-z0-9]+/g) ?? []).join('-').slice(0, 50).replace(/-+$/, '') || 'article';
}
