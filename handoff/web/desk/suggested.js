// Answers suggested for the customer's last words: a row above the field; one click or key puts one into it.

import { html, nothing } from '../vendor/lit.js';
import { filled } from './canned.js';
import { icon } from './icons.js';
import { keys } from './parts.js';

/** What a suggestion puts into the field. */
export const wording = (one, values) => (one.kind === 'article' ? `${one.text}\n\n${one.url}` : filled(one.text, values));

/** The number of the customer's last words, which suggestions are for; 0 when there are none. */
export const lastAsked = (thread) =>
  thread?.messages.findLast(({ sender, payload, text }) => sender === 'customer' && !payload && text)?.number ?? 0;

export function suggested(list, values, { t, pick }) {
  if (!list?.length) return nothing;
  return html`<section class="suggested" aria-label=${t('suggest.label')}>
    <h2>${icon('parcel')}${t('suggest.label')} ${keys('A')}</h2>
    <ul>
      ${list.map(
        (one) => html`<li>
          <button class="suggest" title="${t('suggest.insert')}: ${wording(one, values)}" @click=${() => pick(one)}>
            <strong><bdi>${one.title}</bdi></strong>
            <small>${t(`suggest.${one.kind}`)}${one.other ? html` · ${t('suggest.in_language', { language: one.other })}` : nothing}</small>
            <span dir=${one.direction ?? 'auto'} lang=${one.language ?? nothing}>${wording(one, values).split('\n')[0]}</span>
          </button>
          ${one.url
            ? html`<a class="icon-button" href=${one.url} target="_blank" rel="noopener" aria-label="${t('suggest.open')}: ${one.title}">${icon('web')}</a>`
            : nothing}
        </li>`,
      )}
    </ul>
  </section>`;
}
