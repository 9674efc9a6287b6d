// One piece of the talk: a group of messages of one sender, a line between, a day. Templates only.

import { html, nothing } from '../vendor/lit.js';
import { icon } from './icons.js';
import { avatar, linked } from './parts.js';

/** @param {{texts, me, contact, readByCustomer: number, understood: Map, outbox, id}} context */
export function row(item, context) {
  if (item.type === 'day') return html`<div class="day"><span>${context.texts.day(item.date)}</span></div>`;
  if (item.type === 'unread') return html`<div class="day unread-mark"><span>${context.texts.t('talk.new')}</span></div>`;
  if (item.type === 'line') return line(item, context);
  return group(item, context);
}

function line({ who, message }, { texts }) {
  const when = html`<time datetime=${message.created_at} title=${texts.moment(message.created_at)}
    >${texts.time(message.created_at)}</time
  >`;
  if (who === 'dropped') {
    return html`<details class="line dropped">
      <summary>${icon('dropped')}<span>${texts.t('talk.dropped')}</span>${when}</summary>
      <p dir="auto">${linked(message.text)}</p>
    </details>`;
  }
  return html`<div class="line"><span dir="auto">${message.text}</span>${when}</div>`;
}

function group({ who, messages }, context) {
  const { texts, contact } = context;
  const message = messages[0];
  const name = who === 'customer' ? contact.name : who === 'bot' ? texts.t('talk.bot') : (message.author?.name ?? '');
  const label = texts.t(`talk.by.${who}`, { name });
  const face =
    who === 'customer'
      ? avatar(contact.name, contact.id, 'small')
      : who === 'bot'
        ? html`<span class="avatar small bot" aria-hidden="true">${icon('bot')}</span>`
        : avatar(name || '?', message.author?.id, 'small');
  return html`<div class="group ${who}" role="group" aria-label=${label}>
    ${face}
    <div class="stack">
      <span class="from">${who === 'note' ? icon('lock') : nothing}${label}</span>
      ${messages.map((m) => bubble(m, who, context))}
    </div>
  </div>`;
}

function bubble(message, who, context) {
  const { texts } = context;
  return html`<div class="message ${message.state ?? ''}" data-number=${message.number ?? ''}>
    <div class="bubble" dir="auto">
      ${message.payload && who === 'customer' ? html`<span class="tapped" title=${texts.t('talk.tapped')}>${icon('tap')}</span>` : nothing}
      ${message.text ? html`<span class="text">${linked(message.text)}</span>` : nothing}
      ${extras(message.rich ?? {}, texts)}
    </div>
    <div class="meta">
      ${who === 'customer' ? understood(message, context) : nothing}
      <time datetime=${message.created_at} title=${texts.moment(message.created_at)}>${texts.time(message.created_at)}</time>
      ${who === 'you' || who === 'colleague' || who === 'note' ? mark(message, who, context) : nothing}
    </div>
  </div>`;
}

/** Pictures only from our own server: an address from outside would tell it who reads, and when. */
const picture = (source, alt) =>
  typeof source === 'string' && /^\/[^/\\]/.test(source) ? html`<img src=${source} alt=${alt} loading="lazy" />` : nothing;

function extras({ buttons, cards, image }, texts) {
  return html`${picture(image, texts.t('talk.picture'))}
  ${cards?.length
    ? html`<ul class="products" tabindex="0" aria-label=${texts.t('talk.cards')}>
        ${cards.map(
          (card) => html`<li>
            ${picture(card.image, '')}<strong>${card.title}</strong><span>${card.price ?? card.subtitle}</span>
            ${card.reason ? html`<small>${card.reason}</small>` : nothing}
          </li>`,
        )}
      </ul>`
    : nothing}
  ${buttons?.length
    ? html`<ul class="offered" aria-label=${texts.t('talk.buttons')}>
        ${buttons.map((button) => html`<li>${button.title}</li>`)}
      </ul>`
    : nothing}`;
}

function understood(message, { texts, titles, showUnderstanding }) {
  const { intent, confidence } = message.understanding ?? {};
  if (!showUnderstanding || !intent) return nothing;
  const title = titles.get(intent) ?? texts.label('intents', intent);
  return html`<span class="understood ${confidence < 0.5 ? 'weak' : ''}" title=${texts.t('talk.understood')}
    >${icon('bot')}${title} ${texts.percent(confidence ?? 0)}</span
  >`;
}

function mark(message, who, { texts, readByCustomer, outbox, id }) {
  if (message.state === 'failed') {
    return html`<span class="failed-mark" role="alert">${icon('alert')}${texts.t('talk.failed')}</span>
      <button class="link" @click=${() => outbox.deliver(id, message)}>${texts.t('talk.retry')}</button>
      <button class="link" @click=${() => outbox.discard(id, message)}>${texts.t('talk.discard')}</button>`;
  }
  if (message.state === 'sending') return said('clock', texts.t('talk.sending'));
  if (who === 'note') return nothing;
  if (message.number <= readByCustomer) return said('checks', texts.t('talk.read'), 'read');
  return said('check', texts.t('talk.delivered'));
}

const said = (name, label, extra = '') =>
  html`<span class="tick ${extra}" role="img" aria-label=${label} title=${label}>${icon(name)}</span>`;
