// The customer's part of the card: who this is, what they like, what they ordered, what was before. Templates only.

import { html, nothing } from '../vendor/lit.js';
import { channelIcon, icon } from './icons.js';
import { avatar, linked } from './parts.js';

const fact = (name, value) => (value || value === 0 ? html`<div><dt>${name}</dt><dd dir="auto">${value}</dd></div>` : nothing);

/** By which channels this person writes here, and the way to join others. */
export function channels(contacts, current, { texts, open }) {
  if (!contacts?.length) return nothing;
  const { t } = texts;
  return html`<section>
    <h3>${t('card.channels')}</h3>
    <ul class="ways-in">
      ${contacts.map(
        (one) => html`<li>
          <span class="shape">${channelIcon(one.channel)}</span>
          <span class="what"><b dir="auto">${one.name || t('list.visitor')}</b><small>${texts.label('channels', one.channel)} · <bdi>${one.inbox}</bdi></small></span>
          ${one.id === current && contacts.length > 1 ? html`<span class="badge">${t('links.current')}</span>` : nothing}
        </li>`,
      )}
    </ul>
    <button class="link" aria-keyshortcuts="L" @click=${open}>${t('links.title')}…</button>
  </section>`;
}

export function profile(customer, conversation, texts) {
  const { t } = texts;
  if (!customer) {
    return html`<section>
      <h3>${t('card.customer')}</h3>
      <p class="hint">${t('card.anonymous')}</p>
      <dl class="facts">${fact(t('card.locale'), conversation.contact?.locale)}</dl>
    </section>`;
  }
  return html`<section>
    <h3>${t('card.customer')}</h3>
    <div class="person">
      ${avatar(customer.name, conversation.contact?.id)}
      <div><strong dir="auto">${customer.name}</strong><small>${customer.email}</small></div>
      ${customer.tier
        ? html`<span class="tier ${customer.tier}">${texts.label('tiers', customer.tier)}
            ${customer.points === undefined ? nothing : html`<b>${t('card.points', { n: texts.number(customer.points) })}</b>`}
          </span>`
        : nothing}
    </div>
    <dl class="facts">
      ${fact(t('card.since'), customer.since && texts.date(customer.since))} ${fact(t('card.locale'), customer.locale)}
    </dl>
    ${customer.preferences?.length
      ? html`<h4>${t('card.preferences')}</h4>
          <dl class="facts">${customer.preferences.map((p) => fact(p.title ?? p.name, said(p.value, texts)))}</dl>`
      : nothing}
  </section>`;
}

/** Any value of a slot or preference as words: lists are joined, records written as name and value. */
export function said(value, texts) {
  if (Array.isArray(value)) return value.map((part) => said(part, texts)).join(', ');
  if (value && typeof value === 'object') {
    return Object.entries(value)
      .map(([name, part]) => `${name.replaceAll('_', ' ')} ${said(part, texts)}`)
      .join(', ');
  }
  if (typeof value === 'boolean') return texts.t(value ? 'card.yes' : 'card.no');
  return typeof value === 'number' ? texts.decimal(value) : String(value ?? '');
}

const total = (amount, texts) =>
  amount && typeof amount === 'object' ? texts.money(amount.amount, amount.currency) : amount;

const items = (order, texts) => {
  if (!Array.isArray(order.items)) return order.items ? texts.t('card.items', { count: order.items }) : '';
  return order.items.map((item) => (typeof item === 'string' ? item : (item.title ?? item.name))).join(', ');
};

export function orders(list, texts) {
  const { t } = texts;
  if (!list?.length) return nothing;
  return html`<section>
    <h3>${t('card.orders')}</h3>
    <ul class="orders">
      ${list.map(
        (order) => html`<li>
          <span class="order-head">${icon('parcel')}<strong>${order.number}</strong>
            <span class="order-status ${order.status}">${order.status_text ?? order.status}</span></span
          >
          <span class="order-items" dir="auto">${items(order, texts)}</span>
          <span class="order-foot">
            <span>${order.placed_at ? texts.date(order.placed_at) : nothing}</span><b>${total(order.total, texts)}</b>
          </span>
        </li>`,
      )}
    </ul>
  </section>`;
}

export function previous(talks, texts) {
  const { t } = texts;
  if (!talks?.length) return nothing;
  return html`<section>
    <h3>${t('card.previous')}</h3>
    <ul class="previous">
      ${talks.map(
        (talk) => html`<li>
          <strong>${texts.label('reasons', talk.reason)}</strong>
          <span>${[talk.agent?.name ?? talk.agent, talk.outcome && texts.label('outcomes', talk.outcome)].filter(Boolean).join(' · ')}</span>
          <time datetime=${talk.at}>${texts.date(talk.at)}</time>
        </li>`,
      )}
    </ul>
  </section>`;
}

export function summary(lines, texts) {
  if (!lines?.length) return nothing;
  return html`<section>
    <h3>${texts.t('card.summary')}</h3>
    <ol class="summary">
      ${lines.map(
        (line) => html`<li class=${line.sender}>
          <span class="unseen">${texts.label('senders', line.sender)}: </span><span dir="auto">${linked(line.text)}</span>
        </li>`,
      )}
    </ol>
  </section>`;
}
