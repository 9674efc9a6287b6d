// All examples: searched, narrowed, edited in place, several at once.

import { html, nothing, repeat } from '../../vendor/lit.js';
import { DeskElement } from '../../desk/element.js';
import { icon } from '../icons.js';
import { data } from './data-calls.js';
import { keyOf, kindOf } from './data-draft.js';
import './data-editor.js';
import { figures } from '../figures.js';
import { inUnits, marked } from '../marks.js';
import { at } from '../route.js';

const TYPED_MS = 250;
const FILTERS = ['intent', 'language', 'entity', 'problem'];

class Examples extends DeskElement {
  static properties = {
    known: { attribute: false },
    codes: { attribute: false }, // of the problems there are
    draft: { attribute: false },
    asked: { attribute: false }, // {q, intent, language, entity, problem, new}
    page: { state: true },
    entities: { attribute: false },
    failed: { state: true },
    busy: { state: true },
    edited: { state: true }, // key of the example whose editor is open, or "new"
    chosen: { state: true },
  };

  constructor() {
    super();
    this.page = null; // {examples, next, total}
    this.entities = [];
    this.edited = null;
    this.chosen = new Set();
  }

  willUpdate(changed) {
    if (!changed.has('asked')) return;
    const { new: fresh, ...asked } = this.asked;
    if (fresh) this.edited = 'new';
    const now = JSON.stringify(asked);
    if (now === this.looked) return;
    this.looked = now;
    this.chosen = new Set();
    this.look();
  }

  async look(after = null) {
    const asked = this.looked;
    this.busy = true;
    try {
      const page = await data.examples({ ...JSON.parse(asked), after });
      if (asked !== this.looked) return;
      const examples = page.examples.map((one) => ({ ...one, entities: inUnits(one.text, one.entities) }));
      this.failed = null;
      this.page = { ...page, examples: after ? [...this.page.examples, ...examples] : examples };
    } catch (error) {
      if (error.status === 401) this.desk.leave();
      this.failed = error;
    } finally {
      this.busy = false;
    }
  }

  narrow(change) {
    const { new: _, ...asked } = this.asked;
    location.replace(at('data', 'examples', { ...asked, ...change }));
  }

  typed(event) {
    clearTimeout(this.typing);
    const q = event.target.value;
    this.typing = setTimeout(() => this.narrow({ q }), TYPED_MS);
  }

  intentTitle(name) {
    return this.known.intents.find((intent) => intent.name === name)?.title || name.replaceAll('_', ' ');
  }

  entityTitle(name) {
    return this.entities.find((entity) => entity.name === name)?.title || name.replaceAll('_', ' ');
  }

  leave() {
    const was = this.edited;
    this.edited = null;
    if (this.asked.new) this.narrow({});
    this.updateComplete.then(() => this.querySelector(`[data-key="${CSS.escape(was)}"] .edit-it`)?.focus());
  }

  /** The example as the draft has it. */
  held(example) {
    const edit = this.draft.of(example);
    return edit ? { edit, shown: edit.after ?? example } : { edit: null, shown: example };
  }

  editor(example, shown) {
    const { intents, languages } = this.known;
    const kept = (after) => {
      if (example) this.draft.change(example, after);
      else this.draft.add(after);
      this.leave();
    };
    return html`<setu-data-editor
      .desk=${this.desk}
      .example=${example}
      .start=${shown}
      .intents=${intents}
      .languages=${languages}
      .entities=${this.entities}
      @keep=${(event) => kept(event.detail)}
      @leave=${() => this.leave()}
    ></setu-data-editor>`;
  }

  toggle(key, on) {
    const chosen = new Set(this.chosen);
    if (on) chosen.add(key);
    else chosen.delete(key);
    this.chosen = chosen;
  }

  row(example) {
    const key = keyOf(example);
    const { edit, shown } = this.held(example);
    if (this.edited === key) return html`<li class="example open">${this.editor(example, shown)}</li>`;
    const { language } = figures(this.texts);
    return html`<li class="example ${edit ? kindOf(edit) : ''}" data-key=${key}>
      <input type="checkbox" .checked=${this.chosen.has(key)} @change=${(event) => this.toggle(key, event.target.checked)}
        aria-label=${this.t('data.choose', { text: example.text })} />
      <div class="what">
        ${marked(shown.text, shown.entities, (name) => this.entityTitle(name))}
        <p class="facts">
          <span>${this.intentTitle(shown.intent)}</span><span class="badge" title=${language(example.language)}>${example.language}</span>
          <span class="where" dir="ltr">${example.file}:${example.line}</span>
          ${(example.problems ?? []).map((code) => html`<span class="badge why">${icon('alert')}${this.texts.label('data.codes', code)}</span>`)}
          ${edit ? html`<span class="badge edited">${this.t(`data.draft.${kindOf(edit)}`)}</span>` : nothing}
        </p>
      </div>
      ${edit
        ? html`<button class="icon-button small" title=${this.t('data.undo')} aria-label=${this.t('data.undo_what', { text: example.text })} @click=${() => this.draft.drop(key)}>${icon('return')}</button>`
        : nothing}
      <button class="icon-button small edit-it" title=${this.t('data.edit')} aria-label=${this.t('data.edit_what', { text: example.text })} @click=${() => (this.edited = key)}>${icon('edit')}</button>
    </li>`;
  }

  select(name, options) {
    const value = this.asked[name] ?? '';
    return html`<label class="pick ${value ? 'on' : ''}"><span class="unseen">${this.t(`data.by.${name}`)}</span>
      <select @change=${(event) => this.narrow({ [name]: event.target.value })}>
        <option value="" ?selected=${!value}>${this.t(`data.by.${name}`)}</option>
        ${options.map(([key, label]) => html`<option value=${key} ?selected=${key === value}>${label}</option>`)}
      </select></label>`;
  }

  tools() {
    const { intents, languages } = this.known;
    const { language } = figures(this.texts);
    const any = FILTERS.some((name) => this.asked[name]) || this.asked.q;
    return html`<div class="wb-tools">
      <label class="search-box"><span class="unseen">${this.t('data.search')}</span>${icon('search')}
        <input type="search" placeholder=${this.t('data.search')} dir="auto" .value=${this.asked.q ?? ''} @input=${this.typed} /></label>
      ${this.select('intent', intents.map(({ name, title }) => [name, title || name]))}
      ${this.select('language', languages.map((one) => [one, language(one)]))}
      ${this.select('entity', this.entities.map(({ name, title }) => [name, title || name]))}
      ${this.select('problem', (this.codes ?? []).map((code) => [code, this.texts.label('data.codes', code)]))}
      ${any ? html`<a class="button small quiet" href=${at('data', 'examples')}>${this.t('data.clear')}</a>` : nothing}
    </div>`;
  }

  /** What can be done with the chosen ones. */
  several() {
    const all = (this.page?.examples ?? []).filter((example) => this.chosen.has(keyOf(example)));
    if (!all.length) return nothing;
    const each = (change) => {
      for (const example of all) this.draft.change(example, change(this.held(example).shown));
      this.chosen = new Set();
    };
    const move = (event) => event.target.value && each((shown) => ({ ...shown, intent: event.target.value }));
    return html`<div class="several" role="group" aria-label=${this.t('data.several', { count: all.length })}>
      <strong>${this.t('data.several', { count: all.length })}</strong>
      <label class="pick"><span class="unseen">${this.t('data.move_to')}</span><select @change=${move}>
        <option value="">${this.t('data.move_to')}</option>
        ${this.known.intents.map(({ name, title }) => html`<option value=${name}>${title || name}</option>`)}
      </select></label>
      <button class="button small" @click=${() => each(() => null)}>${icon('trash')}${this.t('data.remove')}</button>
      <button class="button small quiet" @click=${() => (this.chosen = new Set())}>${this.t('data.none_chosen')}</button>
    </div>`;
  }

  list() {
    const { page } = this;
    if (this.failed && !page) {
      return html`<div class="empty" role="alert">${icon('alert')}<strong>${this.desk.say(this.failed)}</strong>
        <button class="button" @click=${() => this.look()}>${this.t('common.again')}</button></div>`;
    }
    if (!page) return html`<div class="skeleton wb-ghosts" aria-hidden="true"><b></b><b></b><b></b></div>`;
    if (!page.examples.length && this.edited !== 'new') {
      return html`<div class="empty">${icon('search')}<strong>${this.t('data.nothing')}</strong><span>${this.t('data.nothing_hint')}</span></div>`;
    }
    return html`<p class="wb-said" role="status">${this.t('data.found', { count: page.total, number: this.texts.number(page.total) })}</p>
      <ul class="examples">${repeat(page.examples, keyOf, (example) => this.row(example))}</ul>
      ${page.next
        ? html`<button class="button wide" ?disabled=${this.busy} @click=${() => this.look(page.next)}>${this.t('common.more')}</button>`
        : nothing}`;
  }

  render() {
    const { intent = '', language = this.known.languages[0] } = this.asked;
    return html`${this.tools()} ${this.several()}
      ${this.edited === 'new' ? html`<div class="example open" data-key="new">${this.editor(null, { intent, language, text: '', entities: [] })}</div>` : nothing}
      ${this.list()}`;
  }
}

customElements.define('setu-data-examples', Examples);
