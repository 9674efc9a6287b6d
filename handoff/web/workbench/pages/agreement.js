// Agreement: whether people say the same, where they do not, and what is to be settled.

import { html, nothing } from '../../vendor/lit.js';
import { avatar } from '../../desk/parts.js';
import { icon } from '../icons.js';
import { hint } from '../labelling/hint.js';
import '../labelling/meaning.js';
import { places } from '../labelling/against.js';
import { said, saidInWord, Vocabulary } from '../labelling/vocabulary.js';
import { Page } from '../page.js';
import { at } from '../route.js';
import { weekly } from './agreement-weeks.js';

/** In words, by what is usual to say of kappa. */
const inWords = (kappa) => (kappa >= 0.8 ? 'almost' : kappa >= 0.6 ? 'good' : kappa >= 0.4 ? 'fair' : 'poor');
const meter = (share) => html`<i class="meter" aria-hidden="true"><i class="w-${Math.round(share * 20)}"></i></i>`;

class AgreementPage extends Page {
  static properties = { found: { state: true }, weeks: { state: true } };

  connectedCallback() {
    super.connectedCallback();
    this.load();
  }

  get vocabulary() {
    return Vocabulary.of(this.desk);
  }

  async load() {
    const course = this.desk.api.agreementOverTime().catch(() => null); // the page is of use without it
    const answers = await this.look(Promise.all([this.desk.api.agreement(), this.vocabulary.need()]));
    if (!answers) return;
    [this.found] = answers;
    this.weeks = (await course)?.weeks ?? [];
    this.desk.count('agreement', this.found.disagreements.length);
  }

  kappa({ kappa, kappa_low: low, kappa_high: high, doubly, agreed, reason, least }) {
    const { number, decimal } = this.texts;
    if (kappa === null || kappa === undefined) {
      return html`<section class="wa-card">
        <h2>${this.t('agreement.kappa')}</h2>
        <p>${this.t(reason === 'one_meaning' ? 'agreement.no_variety' : 'agreement.too_few', { count: doubly, least: number(least ?? 0) })}</p>
      </section>`;
    }
    const words = inWords(kappa);
    return html`<section class="wa-card wa-kappa ${words}">
      <strong class="figure">${decimal(kappa)}</strong>
      <div>
        <h2>${this.t('agreement.kappa')}</h2>
        <p>${this.t(`agreement.kappa_in_words.${words}`, { agreed: number(agreed ?? 0), doubly: number(doubly) })}</p>
        <p class="hint">
          ${this.t('agreement.kappa_scale')}
          ${Number.isFinite(low) && high - low > 0.1 ? this.t('agreement.kappa_range', { low: decimal(low), high: decimal(high) }) : nothing}
        </p>
      </div>
    </section>`;
  }

  table(title, lead, head, rows) {
    if (!rows.length) return nothing;
    const { number, percent } = this.texts;
    return html`<section class="wa-card">
      <h2>${title}</h2>
      <p class="hint">${lead}</p>
      <table>
        <thead><tr><th scope="col">${head}</th><th scope="col">${this.t('agreement.same')}</th></tr></thead>
        <tbody>
          ${rows.map(
            ({ name, n, agreed }) => html`<tr>
              <th scope="row"><bdi>${name}</bdi></th>
              <td><span class="wa-share">${meter(n ? agreed / n : 0)}${percent(n ? agreed / n : 0)} <small>${this.t('agreement.share', { agreed: number(agreed), n: number(n) })}</small></span></td>
            </tr>`,
          )}
        </tbody>
      </table>
    </section>`;
  }

  pairs(pairs) {
    if (!pairs?.length) return nothing;
    const word = (one) => saidInWord(one, this.vocabulary, this.texts.t);
    return html`<section class="wa-card">
      <h2>${this.t('agreement.pairs')}</h2>
      <ul class="wa-pairs">
        ${pairs.slice(0, 8).map(
          ({ intents, count }) => html`<li><span>${this.t('agreement.pair', { first: word(intents[0]), second: word(intents[1]) })}</span><span class="hint">${this.t('agreement.times', { count })}</span></li>`,
        )}
      </ul>
    </section>`;
  }

  async settle(utterance, meaning) {
    await this.desk.api.settle(utterance.id, { ...meaning, similar: true });
    this.desk.toast(this.t('agreement.settled'));
    await this.load();
  }

  ask(utterance) {
    this.asking = {
      title: this.t('labelling.means'),
      lead: html`<q dir="auto">${utterance.text}</q>`,
      go: this.t('agreement.settle'),
      done: (meaning) => this.settle(utterance, meaning),
    };
  }

  disagreement({ utterance, labels, mine }) {
    const may = !mine || this.state.can.override;
    const kinds = new Map();
    for (const label of labels) {
      const what = said(label, this.vocabulary, this.texts.t);
      kinds.set(what, { label, people: [...(kinds.get(what)?.people ?? []), label.agent] });
    }
    const meaning = ({ kind, intent, wishes, entities }) => ({
      kind,
      ...(intent && { intent }),
      ...(wishes?.length && { wishes }),
      ...(entities?.length && { entities }),
    });
    const settle = (label) => this.attempt(this.settle(utterance, meaning(label)));
    return html`<li class="wa-quarrel">
      <p class="text" dir="auto">${utterance.text}${utterance.count > 1 ? html` <span class="hint">${this.t('queue.times_short', { n: this.texts.number(utterance.count) })}</span>` : nothing}</p>
      <ul>
        ${[...kinds].map(
          ([what, { label, people }]) => html`<li>
            <span class="people">${people.map(({ id, name }) => html`<span title=${name}>${avatar(name, id, 'small')}</span>`)}</span>
            <span class="who"><strong><bdi>${what}</bdi></strong><small>${people.map(({ name }) => name).join(', ')}</small></span>
            ${may ? html`<button class="button small" aria-label="${this.t('agreement.settle')}: ${what}" @click=${() => settle(label)}>${icon('check')}${this.t('agreement.settle')}</button>` : nothing}
          </li>`,
        )}
      </ul>
      ${utterance.contradiction?.data?.length ? html`<p class="hint">${this.t('labelling.against')}</p>${places(utterance.contradiction.data, this)}` : nothing}
      ${may
        ? html`<button class="button small quiet" @click=${() => this.ask(utterance)}>${this.t('agreement.settle_other')}</button>`
        : html`<p class="hint">${this.t('agreement.own')} <a class="link" href=${at('queue', utterance.id, { view: 'labelled' })}>${this.t('agreement.change_mine')}</a></p>`}
    </li>`;
  }

  body() {
    const { found } = this;
    if (!found) return html`<div class="skeleton wa-ghosts" aria-hidden="true"><b></b><b></b><b></b></div>`;
    const { by_intent: intents, coders, pairs, disagreements } = found;
    if (!found.doubly && !disagreements.length) {
      return html`<div class="empty">
        ${icon('agreement')}<strong>${this.t('agreement.empty')}</strong><span>${this.t('agreement.empty_hint')}</span>
        <a class="button primary" href=${at('queue', null, { view: 'second' })}>${this.t('agreement.go')}</a>
      </div>`;
    }
    const course = weekly(this.weeks ?? [], this.texts);
    const least = [...intents].sort((a, b) => a.agreed / a.n - b.agreed / b.n || b.n - a.n);
    return html`${this.kappa(found)}
      ${course === nothing ? nothing : html`<section class="wa-card">${course}</section>`}
      <section class="wa-card">
        <h2>${this.t('agreement.disagreements')}</h2>
        ${disagreements.length
          ? html`<p class="hint">${this.t('agreement.disagreements_hint')}</p>
              <ul class="wa-quarrels">${disagreements.map((one) => this.disagreement(one))}</ul>`
          : html`<p>${this.t('agreement.none')}. <span class="hint">${this.t('agreement.none_hint')}</span></p>`}
      </section>
      <div class="wa-two">
        ${this.table(this.t('agreement.by_intent'), this.t('agreement.by_intent_hint'), this.t('agreement.intent'), least.map((one) => ({ ...one, name: saidInWord(one.intent, this.vocabulary, this.texts.t) })))}
        <div>
          ${this.table(this.t('agreement.coders'), this.t('agreement.coders_hint'), this.t('agreement.person'), coders.map((one) => ({ ...one, name: one.agent.name })))}
          ${this.pairs(pairs)}
        </div>
      </div>`;
  }

  render() {
    return html`<div class="wa scroll" tabindex="-1">
        <div class="wa-body">
          <header><h1>${this.t('sections.agreement')}</h1><p>${this.t('agreement.lead')}</p></header>
          ${hint(this, 'agreement')}
          ${this.failed ? this.trouble(() => this.load()) : this.body()}
        </div>
      </div>
      ${this.asking ? html`<setu-meaning .desk=${this.desk} .ask=${this.asking} @close=${() => (this.asking = null)}></setu-meaning>` : nothing}`;
  }
}

customElements.define('setu-page-agreement', AgreementPage);
