// One piece of the talk: a group of messages of one sender, a line between, a day. Templates only.

import { html, nothing } from '../vendor/lit.js';
import { actions } from './actions.js';
import { stageOf, tick, ticks } from './delivery.js';
import { channelIcon, icon } from './icons.js';
import { avatar, linked } from './parts.js';
import { extras, quote, reactions } from './rich.js';

/** @param {object} context what `Talk.context` in talk.js makes */
export function row(item, context) {
  if (item.type === 'day') return html`<div class="day"><span>${context.texts.day(item.date)}</span></div>`;
  if (item.type === 'unread') return html`<div class="day unread-mark"><span>${context.texts.t('talk.new')}</span></div>`;
  if (item.type === 'line') return line(item, context);
  return group(item, context);
}

function line({ who, message }, context) {
  const { texts } = context;
  const when = html`<time datetime=${message.created_at} title=${texts.moment(message.created_at)}
    >${texts.time(message.created_at)}</time
  >`;
  if (who === 'earlier') return html`<setu-earlier .desk=${context.desk} .message=${message} .context=${context}></setu-earlier>`;
  if (who === 'dropped') {
    return html`<details class="line dropped">
      <summary>${icon('dropped')}<span>${texts.t('talk.dropped')}</span>${when}</summary>
      <p dir="auto">${linked(message.text)}</p>
    </details>`;
  }
  return html`<div class="line" data-number=${message.number}>
    <span dir="auto">${message.text}</span>${when}${message.delivery && stageOf(message) === 'failed' ? ticks(message, context) : nothing}
  </div>`;
}

function group({ who, contact: contactId, messages }, context) {
  const { texts, contact } = context;
  const message = messages[0];
  const name = context.nameOfSender(message);
  const label = texts.t(`talk.by.${who}`, { name });
  const faces = {
    customer: () => avatar(contact.name, contact.id, 'small'),
    bot: () => html`<span class="avatar small bot" aria-hidden="true">${icon('bot')}</span>`,
    elsewhere: () => html`<span class="avatar small elsewhere" aria-hidden="true">${icon('elsewhere')}</span>`,
  };
  return html`<div class="group ${who}" role="group" aria-label=${label}>
    ${(faces[who] ?? (() => avatar(name || '?', message.author?.id, 'small')))()}
    <div class="stack">
      <span class="from">${who === 'note' ? icon('lock') : nothing}${label}${who === 'note' ? nothing : via(contactId, context)}</span>
      ${messages.map((m) => bubble(m, who, context))}
    </div>
  </div>`;
}

/** By which channel, where a person writes by several. */
function via(contactId, { texts, contacts }) {
  const contact = contacts.size > 1 && contacts.get(contactId);
  if (!contact) return nothing;
  const label = texts.label('channels', contact.channel);
  return html`<span class="via" title=${contact.inbox}>${channelIcon(contact.channel)}<span class="unseen">${texts.t('message.via')} </span>${label}</span>`;
}

function bubble(message, who, context) {
  const { texts } = context;
  const rich = message.rich ?? {};
  return html`<div class="message ${message.state ?? ''} ${message.deleted_at ? 'gone' : ''}" tabindex="-1" data-number=${message.number ?? ''}>
    <div class="bubble" dir="auto">${message.deleted_at ? taken(texts) : body(message, rich, who, context)}</div>
    ${message.deleted_at ? nothing : html`${reactions(rich, context)} ${actions(message, who, context)}`}
    <div class="meta">
      ${who === 'customer' ? understood(message, context) : nothing}
      ${message.edited_at && !message.deleted_at
        ? html`<span title=${texts.moment(message.edited_at)}>${texts.t('message.edited')}</span>`
        : nothing}
      <time datetime=${message.created_at} title=${texts.moment(message.created_at)}>${texts.time(message.created_at)}</time>
      ${mark(message, who, context)}
    </div>
  </div>`;
}

const taken = (texts) => html`<span class="taken">${icon('trash')}${texts.t('message.deleted')}</span>`;

const body = (message, rich, who, context) => html`${quote(rich, context)}
  ${message.payload && who === 'customer' ? html`<span class="tapped" title=${context.texts.t('talk.tapped')}>${icon('tap')}</span>` : nothing}
  ${message.text ? html`<span class="text">${linked(message.text)}</span>` : nothing} ${extras(rich, context)}`;

function understood(message, { texts, titles, showUnderstanding }) {
  const { intent, confidence } = message.understanding ?? {};
  if (!showUnderstanding || !intent) return nothing;
  const title = titles.get(intent) ?? texts.label('intents', intent);
  return html`<span class="understood ${confidence < 0.5 ? 'weak' : ''}" title=${texts.t('talk.understood')}
    >${icon('bot')}${title} ${texts.percent(confidence ?? 0)}</span
  >`;
}

function mark(message, who, context) {
  if (who === 'you' || who === 'colleague') return ticks(message, context);
  if (who === 'bot') return message.delivery ? ticks(message, context) : nothing;
  if (who !== 'note' || !message.state) return nothing;
  return message.state === 'failed' ? ticks(message, context) : tick('clock', context.texts.t('delivery.sending'));
}
