// What the training data, or a test, say of nearly the same text: in words, where it stands, and the decision.

import { html, nothing } from '../../vendor/lit.js';
import { keys } from '../../desk/parts.js';
import { icon } from '../icons.js';
import { at } from '../route.js';
import { said } from './vocabulary.js';

/** What it means there: an intent, several wishes, or nothing for the shop. */
const meaning = ({ intents }, vocabulary, t) => (intents.length ? intents.map(vocabulary.title).join(' + ') : t('labelling.said.out_of_scope'));

/** The places as a list; the data page shows those that are examples. */
export function places(several, { texts, vocabulary }) {
  const { t } = texts;
  return html`<ul class="wl-places">
    ${several.map(
      (place) => html`<li>
        <strong><bdi>${meaning(place, vocabulary, t)}</bdi></strong>
        ${place.text ? html`<q dir="auto">${place.text}</q>` : html`<span>${t('labelling.against_test')}</span>`}
        <code dir="ltr">${place.file}:${place.line}</code>
        ${place.text && place.intents.length
          ? html`<a class="link" href=${at('data', 'examples', { q: place.text, intent: place.intents[0] })}>${t('data.mend.see')}</a>`
          : nothing}
      </li>`,
    )}
  </ul>`;
}

/** What the data say of the open message, as far as it is known here: told by the label's answer, or by the list. */
export const against = (item) => (item.against === undefined ? item.contradiction?.data : item.against) ?? [];

/** One's own label that one may hold to: people do not quarrel over it. Null where there is none. */
export function held(page, item) {
  const mine = item && against(item).length && !item.contradiction?.labels?.length ? page.work.said(item) : null;
  return mine && mine.kind !== 'skip' ? mine : null;
}

export function againstData(page, item) {
  const found = against(item);
  if (!found.length) return nothing;
  const { t } = page.texts;
  const mine = held(page, item);
  return html`<div class="wl-notice warn wl-against">
    ${icon('data')}
    <div>
      <p>${t('labelling.against')}</p>
      ${places(found, page)}
    </div>
    ${mine
      ? html`<button class="button small" @click=${() => page.work.insist(item)}>${t('labelling.insist', { what: said(mine, page.vocabulary, t) })}${keys('Y')}</button>`
      : nothing}
  </div>`;
}
