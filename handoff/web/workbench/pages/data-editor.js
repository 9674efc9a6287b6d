// One example in its editor: the text, its intent, and its entities, marked by selecting words.

import { html, live, nothing } from '../../vendor/lit.js';
import { DeskElement } from '../../desk/element.js';
import { icon } from '../icons.js';
import { figures } from '../figures.js';
import { marked, rebased, trimmed } from '../marks.js';
import { data } from './data-calls.js';

const TYPED_MS = 300;
const ALMOST = 0.75; // so much alike, and it is worth a look

class Editor extends DeskElement {
  static properties = {
    example: { attribute: false }, // null: a new one
    start: { attribute: false },
    intents: { attribute: false },
    languages: { attribute: false },
    entities: { attribute: false },
    now: { state: true },
    selected: { state: true },
    problem: { state: true },
    near: { state: true },
  };

  constructor() {
    super();
    this.now = null; // {intent, language, text, entities}
    this.selected = null; // {start, end} within the text
    this.problem = null;
    this.near = []; // examples that are almost the same
  }

  willUpdate(changed) {
    if (changed.has('start') && !this.now) {
      const { intent, language, text, entities = [] } = this.start;
      this.now = { intent, language, text, entities };
    }
  }

  firstUpdated() {
    this.querySelector('textarea').focus();
  }

  get field() {
    return this.querySelector('textarea');
  }

  typed(event) {
    const text = event.target.value.replaceAll('\n', ' ');
    this.now = { ...this.now, text, entities: rebased(this.now.entities, this.now.text, text) };
    this.selected = null;
    this.problem = null;
    clearTimeout(this.looking);
    this.looking = setTimeout(() => this.lookNear(), TYPED_MS);
  }

  /** What is there already and almost the same, so that nothing is said twice, or under two intents. */
  async lookNear() {
    const text = this.now.text.trim();
    const found = text.length > 3 ? await data.near(text).catch(() => []) : [];
    if (text !== this.now.text.trim()) return;
    const other = ({ text: theirs, intent }) => theirs !== this.example?.text || intent !== this.example?.intent;
    this.near = found.filter((one) => one.share >= ALMOST && other(one)).slice(0, 3);
  }

  chose() {
    const { selectionStart, selectionEnd } = this.field;
    this.selected = trimmed(this.now.text, selectionStart, selectionEnd);
  }

  /** The selected words become an entity; what overlaps them gives way. */
  mark(entity) {
    if (!this.selected) return;
    const { start, end } = this.selected;
    const apart = this.now.entities.filter((one) => one.end <= start || one.start >= end);
    this.now = { ...this.now, entities: [...apart, { start, end, entity }].sort((a, b) => a.start - b.start) };
    this.selected = null;
    this.field.focus();
  }

  unmark(entity) {
    this.now = { ...this.now, entities: this.now.entities.filter((one) => one !== entity) };
  }

  keep() {
    const { text, intent } = this.now;
    const cut = text.length - text.trimStart().length;
    const clean = { ...this.start, ...this.now, text: text.trim(), entities: this.now.entities.map((one) => ({ ...one, start: one.start - cut, end: one.end - cut })) };
    if (!clean.text) this.problem = this.t('data.editor.empty');
    else if (!this.intents.some(({ name }) => name === intent)) this.problem = this.t('data.editor.no_intent');
    else this.tell('keep', clean);
  }

  remove() {
    this.tell('keep', null);
  }

  tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  key(event) {
    if (event.key === 'Escape') this.tell('leave');
    else if (event.key === 'Enter' && event.target === this.field && !event.isComposing) {
      event.preventDefault();
      this.keep();
    } else return;
    event.stopPropagation();
  }

  title(name) {
    return this.entities.find((one) => one.name === name)?.title || name.replaceAll('_', ' ');
  }

  marks() {
    const { now, selected } = this;
    return html`<fieldset class="entity-choice">
      <legend>${selected
        ? this.t('data.editor.mark_as', { text: now.text.slice(selected.start, selected.end) })
        : this.t('data.editor.select')}</legend>
      <div class="chips">${this.entities.map(
        (entity) => html`<button type="button" class="chip" ?disabled=${!selected} @mousedown=${(event) => event.preventDefault()} @click=${() => this.mark(entity.name)}>${this.title(entity.name)}</button>`,
      )}</div>
    </fieldset>`;
  }

  render() {
    const { now, problem } = this;
    const { language } = figures(this.texts);
    const set = (name) => (event) => {
      this.now = { ...this.now, [name]: event.target.value };
      this.problem = null;
    };
    return html`<form class="editor" @submit=${(event) => (event.preventDefault(), this.keep())} @keydown=${this.key} aria-label=${this.t(this.example ? 'data.edit' : 'data.add')}>
      <div class="pair">
        <label class="field"><span>${this.t('data.intent')}</span>
          <select @change=${set('intent')}>
            ${now.intent ? nothing : html`<option value="" selected>${this.t('data.editor.choose')}</option>`}
            ${this.intents.map(({ name, title }) => html`<option value=${name} ?selected=${name === now.intent}>${title || name}</option>`)}
          </select></label>
        <label class="field"><span>${this.t('data.language')}</span>
          <select ?disabled=${Boolean(this.example)} @change=${set('language')}>
            ${this.languages.map((one) => html`<option value=${one} ?selected=${one === now.language}>${language(one)}</option>`)}
          </select></label>
      </div>
      <label class="field"><span>${this.t('data.editor.text')}</span>
        <textarea rows="2" dir="auto" lang=${now.language} maxlength="500" .value=${live(now.text)} @input=${this.typed} @select=${this.chose} @keyup=${this.chose} @mouseup=${this.chose}
          aria-invalid=${problem ? 'true' : nothing} aria-describedby=${problem ? 'editor-problem' : nothing}></textarea></label>
      ${this.marks()}
      ${now.entities.length
        ? html`<div class="marked">${marked(now.text, now.entities, (name) => this.title(name))}</div>
            <ul class="chips">${now.entities.map(
              (one) => html`<li class="chip on">${this.title(one.entity)}: <bdi>${now.text.slice(one.start, one.end)}</bdi>
                <button type="button" class="icon-button small" aria-label=${this.t('data.editor.unmark', { text: now.text.slice(one.start, one.end) })} @click=${() => this.unmark(one)}>${icon('close')}</button></li>`,
            )}</ul>`
        : nothing}
      ${this.near.length
        ? html`<div class="near" role="status">${icon('alert')}<div><strong>${this.t('data.near')}</strong>
            <ul>${this.near.map((one) => html`<li><bdi dir="auto">${one.text}</bdi> <span class="badge">${one.title ?? one.intent}</span></li>`)}</ul></div></div>`
        : nothing}
      <p class="problem" id="editor-problem" role="alert">${problem ?? nothing}</p>
      <footer>
        ${this.example ? html`<button type="button" class="button quiet danger" @click=${this.remove}>${icon('trash')}${this.t('data.remove')}</button>` : nothing}
        <span class="grow"></span>
        <button type="button" class="button" @click=${() => this.tell('leave')}>${this.t('common.cancel')}</button>
        <button class="button primary">${this.t('data.editor.keep')}</button>
      </footer>
    </form>`;
  }
}

customElements.define('setu-data-editor', Editor);
