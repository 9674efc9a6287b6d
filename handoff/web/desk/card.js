// The hand-off card at the right: why a person is needed, with the numbers, and all one has to know to begin.

import { html, nothing } from '../vendor/lit.js';
import { chart } from './chart.js';
import { channels, orders, previous, profile, said, summary } from './customer.js';
import { DeskElement } from './element.js';
import { icon } from './icons.js';
import { moodOf } from './views.js';

/** A reason that is a wish has no number to show. */
const measured = ({ value, threshold }) => value != null && (threshold != null || typeof value === 'number');

class Card extends DeskElement {
  why({ reason, evidence, note }) {
    if (!reason) return nothing;
    return html`<section class="why">
      <h3>${this.t('card.why')}</h3>
      <p class="reason">${icon('alert')}<strong>${reason.text || this.texts.label('reasons', reason.code)}</strong></p>
      ${evidence?.length
        ? html`<ul class="evidence">
            ${evidence.map(
              (one) => html`<li>
                <span>${one.text || this.texts.label('reasons', one.reason)}</span>
                ${measured(one) ? html`<span class="numbers">${this.numbers(one)}</span>` : nothing}
              </li>`,
            )}
          </ul>`
        : nothing}
      ${note ? html`<p class="from-bot" dir="auto">${note}</p>` : nothing}
    </section>`;
  }

  numbers({ value, threshold }) {
    const number = (n) => (typeof n === 'number' ? this.texts.decimal(n) : n);
    const limit = threshold == null ? nothing : html`<span>${this.t('card.limit', { n: number(threshold) })}</span>`;
    return html`<b>${number(value)}</b>${limit}`;
  }

  charts({ mood, confidence }) {
    const { texts } = this;
    if (!mood?.length && !confidence?.length) return nothing;
    const words = (score) => texts.t(`mood.${moodOf(score)}`);
    const last = confidence?.at(-1);
    const columns = (key) => [this.t('card.turn'), this.t(key)];
    return html`<section>
      <h3>${this.t('card.turns')}</h3>
      ${mood?.length
        ? chart({
            title: this.t('card.mood'),
            said: words(mood.at(-1).score),
            low: -1,
            high: 1,
            middle: 0,
            shape: moodOf(mood.at(-1).score),
            columns: columns('card.mood'),
            more: this.t('card.as_table', { what: this.t('card.mood') }),
            rows: mood.map(({ number, score }) => ({ number, value: score, label: `${words(score)} (${texts.decimal(score)})` })),
          })
        : nothing}
      ${last
        ? chart({
            title: this.t('card.confidence'),
            said: texts.percent(last.confidence),
            low: 0,
            high: 1,
            middle: 0.5,
            shape: 'sure',
            columns: columns('card.understood_as'),
            more: this.t('card.as_table', { what: this.t('card.confidence') }),
            rows: confidence.map((c) => ({
              number: c.number,
              value: c.confidence,
              label: `${c.title ?? c.intent} ${texts.percent(c.confidence)}`,
            })),
          })
        : nothing}
    </section>`;
  }

  understood({ understood, slots }) {
    const { texts } = this;
    const known = Object.entries(slots ?? {}).filter(([, value]) => value !== null && value !== '');
    const entities = understood?.entities ?? [];
    if (!understood?.intent && !known.length) return nothing;
    const entity = (e) => html`<span class="chip">${texts.label('slots', e.entity ?? e.name)} <b dir="auto">${said(e.value, texts)}</b></span>`;
    return html`<section>
      <h3>${this.t('card.understood')}</h3>
      ${understood?.intent ? html`<p class="intent">${icon('bot')}${understood.title ?? understood.intent}</p>` : nothing}
      ${entities.length ? html`<p class="chips">${entities.map(entity)}</p>` : nothing}
      ${known.length
        ? html`<dl class="facts">
            ${known.map(
              ([name, value]) => html`<div><dt>${texts.label('slots', name)}</dt><dd dir="auto">${said(value, texts)}</dd></div>`,
            )}
          </dl>`
        : nothing}
    </section>`;
  }

  updated() {
    const over = this.desk.narrow.matches && this.desk.cardShown;
    if (over && !this.wasOver) this.querySelector('.close-card').focus();
    this.wasOver = over;
  }

  hide() {
    this.desk.toggleCard();
    document.querySelector('.toggle-card').focus();
  }

  leave(event) {
    if (event.key === 'Escape' && this.desk.narrow.matches) this.hide();
  }

  render() {
    const { route, cards, conversations } = this.state;
    const card = cards[route.id];
    const conversation = conversations[route.id];
    if (!route.id || !this.desk.cardShown) return nothing;
    return html`<aside class="card" aria-label=${this.t('card.label')} aria-busy=${!card} @keydown=${this.leave}>
      <header>
        <h2>${this.t('card.label')}</h2>
        <button class="icon-button close-card" aria-label=${this.t('card.close')} @click=${this.hide}>${icon('close')}</button>
      </header>
      <div class="scroll" tabindex="0" role="region" aria-label=${this.t('card.label')}>
        ${card && conversation
          ? html`${this.why(card)} ${summary(card.summary, this.texts)} ${this.charts(card)} ${this.understood(card)}
            ${profile(card.customer, conversation, this.texts)}
            ${channels(card.contacts, conversation.contact?.id, { texts: this.texts, open: () => this.desk.show('links', route.id) })}
            ${orders(card.orders, this.texts)}
            ${previous(card.previous, this.texts)}`
          : html`<div class="skeleton" aria-hidden="true"><b></b><b></b><i></i><b></b><b></b></div>`}
      </div>
    </aside>`;
  }
}

customElements.define('setu-card', Card);
