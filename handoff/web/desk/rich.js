// What a message holds besides its words: a quote, files, a place, products and buttons as they went out, a template,
// the customer's reactions. Templates only.

import { html, nothing } from '../vendor/lit.js';
import { attached } from './attached.js';
import { brief } from './brief.js';
import { icon } from './icons.js';

/** Pictures only from our own server: an address from outside would tell it who reads, and when. */
const picture = (source, alt) =>
  typeof source === 'string' && /^\/[^/\\]/.test(source) ? html`<img src=${source} alt=${alt} loading="lazy" />` : nothing;

/** The message that this one answers; a click goes there. */
export function quote({ reply_to: number }, { texts, byNumber, nameOfSender, goTo }) {
  if (!number) return nothing;
  const answered = byNumber.get(number);
  const said = answered ? brief(answered, texts.t) : texts.t('message.earlier');
  return html`<button class="quote" dir=${texts.direction} @click=${() => goTo(number)}>
    <span class="unseen">${texts.t('message.answers')} </span>${answered ? html`<b dir="auto">${nameOfSender(answered)}</b>` : nothing}<span dir="auto">${said}</span>
  </button>`;
}

function place({ latitude, longitude, name }, texts) {
  const at = `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`;
  const map = `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=16/${latitude}/${longitude}`;
  return html`<a class="place" href=${map} target="_blank" rel="noopener noreferrer">
    ${icon('pin')}<span><b dir="auto">${name || texts.t('message.location')}</b><small dir="ltr">${at}</small></span>
    <span class="unseen"> ${texts.t('message.map')}</span>
  </a>`;
}

const offered = (buttons, label) =>
  buttons?.length
    ? html`<ul class="offered" aria-label=${label}>
        ${buttons.map((button) => html`<li>${button.title}</li>`)}
      </ul>`
    : nothing;

const products = (cards, { t }) =>
  cards?.length
    ? html`<ul class="products" tabindex="0" aria-label=${t('talk.cards')}>
        ${cards.map(
          (card) => html`<li>
            ${picture(card.image, '')}<strong>${card.title}</strong><span>${card.price ?? card.subtitle}</span>
            ${card.reason ? html`<small>${card.reason}</small>` : nothing} ${offered(card.buttons, t('talk.buttons'))}
          </li>`,
        )}
      </ul>`
    : nothing;

export function extras({ files, location, buttons, cards, image, template }, context) {
  const { texts } = context;
  return html`${template ? html`<p class="template-name">${icon('template')}${texts.t('message.template', { name: template.name })}</p>` : nothing}
  ${attached(files, context)} ${picture(image, texts.t('talk.picture'))} ${location ? place(location, texts) : nothing}
  ${products(cards, texts)} ${offered(buttons, texts.t('talk.buttons'))}`;
}

export function reactions({ reactions: given }, { texts, contact }) {
  if (!given?.length) return nothing;
  return html`<ul class="reactions">
    ${given.map(({ emoji, by }) => {
      const name = by === 'customer' || !by ? contact.name : by;
      const label = texts.t('message.reacted', { name, emoji });
      return html`<li><span role="img" aria-label=${label} title=${label}>${emoji}</span></li>`;
    })}
  </ul>`;
}
