// Topics: what customers write that no meaning fits; made into a new meaning, or given one that is there.

import { html, nothing } from '../../vendor/lit.js';
import { icon } from '../icons.js';
import { hint } from '../labelling/hint.js';
import '../labelling/meaning.js';
import '../labelling/propose.js';
import { languageName, said, Vocabulary } from '../labelling/vocabulary.js';
import { Page } from '../page.js';
import { at } from '../route.js';

const AT_ONCE = 200; // labels in one call
const MOST_PAGES = 100;

class TopicsPage extends Page {
  static properties = { topics: { state: true }, proposals: { state: true }, proposing: { state: true }, done: { state: true } };

  connectedCallback() {
    super.connectedCallback();
    this.done = null; // {count, what, batches} of what was labelled last
    this.load();
  }

  get vocabulary() {
    return Vocabulary.of(this.desk);
  }

  async load() {
    const { api } = this.desk;
    const answers = await this.look(Promise.all([api.topics(), api.proposals(), this.vocabulary.need()]));
    if (!answers) return;
    const [topics, proposals] = answers;
    this.topics = topics;
    this.proposals = proposals.filter(({ state }) => state === 'open');
    this.desk.count('topics', topics.length);
  }

  /** All messages of a topic that nobody has labelled, whatever their number. */
  async idsOf(topic) {
    const ids = [];
    let after = null;
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const { utterances, next } = await this.desk.api.queue({ view: 'topic', topic: topic.id, after });
      ids.push(...utterances.map(({ id }) => id));
      if (!next) break;
      after = next;
    }
    return [...new Set(ids)];
  }

  async labelAll(topic, meaning) {
    const ids = await this.idsOf(topic);
    const batches = [];
    let count = 0;
    for (let i = 0; i < ids.length; i += AT_ONCE) {
      const labels = ids.slice(i, i + AT_ONCE).map((utterance) => ({ utterance, ...meaning }));
      const { batch, labelled } = await this.desk.api.label(labels, true);
      batches.push(batch);
      count += labelled.length;
    }
    this.done = { count, what: said(meaning, this.vocabulary, this.texts.t), batches };
    await this.load();
  }

  ask(topic) {
    this.asking = {
      title: this.t('topics.label_title'),
      lead: this.t('topics.label_lead', { count: topic.size }),
      go: this.t('topics.label_go', { count: topic.size }),
      done: (meaning) => this.labelAll(topic, meaning),
    };
  }

  async proposed(topic, proposal) {
    this.vocabulary.add(proposal);
    await this.attempt(this.labelAll(topic, { kind: 'proposed', intent: proposal.name }));
  }

  async takeBack() {
    const { batches } = this.done;
    this.done = null;
    try {
      for (const batch of batches.reverse()) await this.desk.api.undo(batch);
      this.desk.toast(this.t('labelling.undone'));
    } catch (error) {
      this.desk.trouble(error);
    }
    await this.load();
  }

  async decide(proposal, what) {
    try {
      const { change } = await this.desk.api.decide(proposal.name, what);
      this.desk.toast(this.t(what === 'accept' ? 'topics.accepted' : 'topics.declined'), 'plain', change && { view: 'changes', id: change.id });
      if (change) this.desk.go('changes', change.id);
      else await this.load();
    } catch (error) {
      this.desk.trouble(error);
    }
  }

  topic(topic) {
    const { number } = this.texts;
    const codes = Array.isArray(topic.languages) ? topic.languages : Object.keys(topic.languages ?? {});
    const title = topic.words.length ? topic.words.slice(0, 5).join(', ') : this.t('topics.untitled');
    return html`<li class="wa-card wt-topic" data-id=${topic.id}>
      <header>
        <h2><bdi>${title}</bdi></h2>
        <p class="hint">${this.t('topics.size', { count: topic.size, n: number(topic.size) })}${codes.length ? ` · ${codes.map((code) => languageName(code, this.texts)).join(', ')}` : nothing}</p>
      </header>
      <ul class="wl-examples">${topic.utterances.map((one) => html`<li dir="auto">${one.text}${one.count > 1 ? html` <span class="hint">${this.t('queue.times_short', { n: number(one.count) })}</span>` : nothing}</li>`)}</ul>
      <footer>
        <button class="button small primary" @click=${() => (this.proposing = topic)}>${icon('plus')}${this.t('topics.propose')}</button>
        <button class="button small" @click=${() => this.ask(topic)}>${icon('tag')}${this.t('topics.label')}</button>
        <a class="button small quiet" href=${at('queue', null, { view: 'topic', topic: topic.id })}>${this.t('topics.open')}</a>
      </footer>
    </li>`;
  }

  proposal(one) {
    return html`<li class="wt-proposal">
      <div>
        <strong><bdi>${this.vocabulary.title(one.name)}</bdi></strong>
        <p dir="auto">${one.definition || this.t('labelling.no_definition')}</p>
        <p class="hint">${one.agent?.name ? this.t('topics.proposal_by', { name: one.agent.name }) : nothing}${one.count === undefined ? nothing : ` · ${this.t('topics.proposal_count', { count: one.count })}`}</p>
      </div>
      ${this.state.can.override
        ? html`<span class="wt-decide">
            <button class="button small primary" @click=${() => this.decide(one, 'accept')}>${icon('check')}${this.t('topics.accept')}</button>
            <button class="button small" @click=${() => this.decide(one, 'decline')}>${icon('close')}${this.t('topics.decline')}</button>
          </span>`
        : nothing}
    </li>`;
  }

  body() {
    if (!this.topics) return html`<div class="skeleton wa-ghosts" aria-hidden="true"><b></b><b></b><b></b></div>`;
    return html`
      ${this.done
        ? html`<div class="wl-notice good" role="status">
            ${icon('check')}
            <p><strong><bdi>${this.done.what}</bdi>:</strong> ${this.t('topics.labelled', { count: this.done.count })}</p>
            <button class="button small" @click=${this.takeBack}>${icon('undo')}${this.t('common.undo')}</button>
          </div>`
        : nothing}
      ${this.proposals?.length
        ? html`<section class="wa-card">
            <h2>${this.t('topics.proposals')}</h2>
            <p class="hint">${this.t('topics.proposals_hint')}</p>
            <ul>${this.proposals.map((one) => this.proposal(one))}</ul>
          </section>`
        : nothing}
      ${this.topics.length
        ? html`<ul class="wt-topics">${this.topics.map((topic) => this.topic(topic))}</ul>`
        : html`<div class="empty">${icon('topics')}<strong>${this.t('topics.none')}</strong><span>${this.t('topics.none_hint')}</span></div>`}
    `;
  }

  render() {
    const { proposing } = this;
    return html`<div class="wa scroll" tabindex="-1">
        <div class="wa-body wide">
          <header><h1>${this.t('sections.topics')}</h1><p>${this.t('topics.lead')}</p></header>
          ${hint(this, 'topics')}
          ${this.failed ? this.trouble(() => this.load()) : this.body()}
        </div>
      </div>
      ${this.asking ? html`<setu-meaning .desk=${this.desk} .ask=${this.asking} @close=${() => (this.asking = null)}></setu-meaning>` : nothing}
      ${proposing
        ? html`<setu-propose .desk=${this.desk} .words=${proposing.words} .topic=${proposing.id} .made=${(made) => this.proposed(proposing, made)} @close=${() => (this.proposing = null)}></setu-propose>`
        : nothing}`;
  }
}

customElements.define('setu-page-topics', TopicsPage);
