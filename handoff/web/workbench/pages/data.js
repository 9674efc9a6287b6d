// The page of training data: counts, all examples, what is wrong with them; edits gathered into one change.

import { html, nothing } from '../../vendor/lit.js';
import { icon } from '../icons.js';
import { changes, data } from './data-calls.js';
import { Draft, kindOf } from './data-draft.js';
import './data-examples.js';
import './data-overview.js';
import './data-problems.js';
import { marked } from '../marks.js';
import { Page } from '../page.js';
import { at } from '../route.js';

const TABS = ['overview', 'examples', 'problems'];

class Data extends Page {
  static properties = { known: { state: true }, problems: { state: true }, entities: { state: true } };

  constructor() {
    super();
    this.entities = []; // [{name, title}]
    this.known = null; // {intents, languages, totals}
    this.problems = null; // {problems, total, counts}
  }

  connectedCallback() {
    this.draft = new Draft(this.state.me.id, () => this.redraw());
    super.connectedCallback();
    this.load();
  }

  /** The parts draw what the draft holds, too. */
  redraw() {
    for (const element of [this, ...this.querySelectorAll('setu-data-examples, setu-data-problems')]) element.requestUpdate();
  }

  async load() {
    const known = await this.look(data.intents());
    if (!known) return;
    this.known = known;
    data.labels().then(({ entities }) => (this.entities = entities), () => {});
    await this.judge();
    // How many problems each intent has is told once they are worked out.
    if (known.intents.some(({ problems }) => problems === null)) this.known = (await this.look(data.intents())) ?? known;
  }

  updated() {
    if (this.tab === 'problems' && this.known && (this.place.query.intent ?? '') !== this.judged) this.judge();
  }

  /** What is wrong: with all of it, or with one intent. */
  async judge() {
    const intent = this.tab === 'problems' ? (this.place.query.intent ?? '') : '';
    this.judged = intent;
    const found = await this.attempt(data.problems({ intent }));
    if (found && this.judged === intent) this.problems = found;
  }

  get tab() {
    return TABS.includes(this.place.item) ? this.place.item : 'overview';
  }

  /** The draft as a change to be looked at; what was gathered is gone from here once it is made. */
  async review({ title, into }) {
    const made = await this.attempt(into ? this.addTo(into) : changes.make(title.trim() || this.title(), this.draft.operations));
    if (!made) return false;
    this.draft.clear();
    this.desk.go('changes', made.id);
    return true;
  }

  /** The edits behind those of a draft that is there already, as it is now. */
  async addTo(id) {
    const { version, operations } = await changes.get(id);
    return changes.edit(id, version, { operations: [...operations, ...this.draft.operations] });
  }

  title() {
    const intents = [...new Set(this.draft.edits.flatMap((edit) => [edit.before?.intent, edit.after?.intent]).filter(Boolean))];
    const count = this.draft.size;
    return intents.length && intents.length < 3
      ? this.t('data.draft.title_of', { count, intents: intents.map((name) => this.intentTitle(name)).join(', ') })
      : this.t('data.draft.title', { count });
  }

  intentTitle(name) {
    return this.known?.intents.find((intent) => intent.name === name)?.title || name?.replaceAll('_', ' ');
  }

  entityTitle(name) {
    return this.entities.find((entity) => entity.name === name)?.title || name.replaceAll('_', ' ');
  }

  edit(edit) {
    const drop = () => {
      this.draft.drop(edit.key);
      if (this.draft.size) this.open();
      else this.asking = null;
    };
    const about = edit.fix ? 'mended' : kindOf(edit);
    const shown = edit.after ?? edit.before;
    return html`<li>
      <span class="badge">${this.t(`data.draft.${about}`)}</span>
      <div>
        ${edit.fix
          ? edit.said
          : html`${marked(shown.text, shown.entities, (name) => this.entityTitle(name))}
              <small>${about === 'moved'
                ? this.t('data.draft.from_to', { from: this.intentTitle(edit.before.intent), to: this.intentTitle(edit.after.intent) })
                : this.intentTitle(shown.intent)}</small>`}
      </div>
      <button type="button" class="icon-button small" aria-label=${this.t('data.draft.drop')} @click=${drop}>${icon('close')}</button>
    </li>`;
  }

  async open() {
    const drafts = this.drafts ?? (await changes.list('draft').catch(() => []));
    const mine = drafts.filter(({ reverts }) => !reverts);
    this.drafts = null; // asked anew the next time
    this.asking = {
      title: this.t('data.draft.review'),
      lead: this.t('data.draft.review_lead'),
      go: this.t('data.draft.make'),
      wide: true,
      fields: html`<label class="field-label" for="change-title">${this.t('data.draft.name')}</label>
        <input id="change-title" name="title" type="text" maxlength="200" dir="auto" data-first .value=${this.title()} />
        ${mine.length
          ? html`<label class="field-label" for="into">${this.t('data.draft.into')}</label>
              <select id="into" name="into"><option value="">${this.t('data.draft.new_one')}</option>
                ${mine.map((one) => html`<option value=${one.id}>${this.t('data.draft.into_draft', { title: one.title })}</option>`)}</select>`
          : nothing}
        <ul class="edits">${this.draft.edits.map((edit) => this.edit(edit))}</ul>`,
      run: (values) => this.review(values),
    };
  }

  discard() {
    this.asking = {
      title: this.t('data.draft.discard'),
      lead: this.t('data.draft.discard_lead', { count: this.draft.size }),
      go: this.t('data.draft.discard'),
      danger: true,
      run: () => this.draft.clear(),
    };
  }

  tray() {
    const count = this.draft.size;
    if (!count) return nothing;
    return html`<aside class="wb-tray" aria-label=${this.t('data.draft.label')}>
      <p>${icon('edit')}<span><strong>${this.t('data.draft.held', { count })}</strong> <span class="aside">${this.t('data.draft.held_hint')}</span></span></p>
      <button class="button" @click=${() => this.discard()}>${this.t('data.draft.discard')}</button>
      <button class="button primary" @click=${() => this.open()}>${this.t('data.draft.review_go')}</button>
    </aside>`;
  }

  tabs() {
    const counts = { problems: this.problems && Object.values(this.problems.counts ?? {}).reduce((all, count) => all + count, 0) };
    return html`<nav class="wb-tabs" aria-label=${this.t('data.title')}>
      ${TABS.map(
        (tab) => html`<a href=${at('data', tab === 'overview' ? null : tab)} aria-current=${this.tab === tab ? 'page' : nothing}>
          ${this.t(`data.tabs.${tab}`)}${counts[tab] ? html`<span class="badge why">${this.texts.number(counts[tab])}</span>` : nothing}
        </a>`,
      )}
    </nav>`;
  }

  body() {
    const { desk, known, problems, draft, tab } = this;
    if (this.failed && !known) return this.trouble(() => this.load());
    if (!known) return this.waiting();
    if (tab === 'examples') {
      return html`<setu-data-examples .desk=${desk} .known=${known} .entities=${this.entities} .codes=${Object.keys(problems?.counts ?? {})} .draft=${draft} .asked=${this.place.query}></setu-data-examples>`;
    }
    if (tab === 'problems') {
      return html`<setu-data-problems .desk=${desk} .found=${problems} .intent=${this.place.query.intent ?? ''} .draft=${draft} .known=${known}></setu-data-problems>`;
    }
    return html`<setu-data-overview .desk=${desk} .known=${known}></setu-data-overview>`;
  }

  render() {
    return html`<div class="wb-page">
        <header>
          <div class="title">
            <h1 id="page-title">${this.t('data.title')}</h1>
            <p class="hint">${this.t('data.lead')}</p>
          </div>
          <a class="button" href=${at('data', 'examples', { new: 1 })}>${icon('plus')}<span>${this.t('data.add')}</span></a>
        </header>
        ${this.tabs()}
        <div class="scroll wb-body" tabindex="0" role="region" aria-label=${this.t(`data.tabs.${this.tab}`)}>${this.body()}</div>
        ${this.tray()}
      </div>
      ${this.question()}`;
  }
}

customElements.define('setu-page-data', Data);
