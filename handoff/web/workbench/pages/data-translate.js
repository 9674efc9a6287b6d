// What a language lacks, written beside the English words; it joins the edits that become one change.

import { html, nothing } from '../../vendor/lit.js';
import { Overlay } from '../../desk/overlay.js';
import { figures } from '../figures.js';
import { icon } from '../icons.js';
import { data } from './data-calls.js';

const clean = (text) => text.trim();

/** A variation in other words: its buttons do the same. Null where nothing was written. Pure. */
export function written(english, text, titles) {
  if (!clean(text)) return null;
  const buttons = english.buttons?.map((button, i) => ({ ...button, title: clean(titles[i] ?? '') || button.title }));
  return { ...english, text: clean(text), ...(buttons && { buttons }) };
}

/** The operations of what was written; `read(...path)` gives a field. What was left empty is left out. Pure. */
export function operations({ language, responses, texts }, read) {
  const said = responses.map(({ name, variations }, i) => {
    const own = variations.map((one, j) => written(one, read('r', i, j), (one.buttons ?? []).map((_, k) => read('r', i, j, k))));
    return { op: 'set_response', name, language, variations: own.filter(Boolean) };
  });
  const shown = texts.map(({ key, forms }, i) => {
    if (!forms) return { op: 'set_text', key, language, text: clean(read('t', i)) };
    const all = Object.fromEntries(forms.map((form) => [form, clean(read('t', i, form))]));
    return { op: 'set_text', key, language, text: Object.values(all).some((text) => !text) ? '' : all };
  });
  return [...said.filter(({ variations }) => variations.length), ...shown.filter(({ text }) => text)];
}

class Translate extends Overlay {
  static properties = {
    problem: { attribute: false }, // {lacks: language, code, text}
    keep: { attribute: false }, // keep(operations)
    found: { state: true },
    failed: { state: true },
    nothingYet: { state: true },
  };

  connectedCallback() {
    super.connectedCallback();
    this.load();
  }

  async load() {
    const { lacks, code } = this.problem;
    try {
      const all = await data.missing(lacks);
      const kept = code === 'response_missing' ? { texts: [] } : { responses: [] };
      this.found = { ...all, ...kept };
    } catch (error) {
      if (error.status === 401) this.desk.leave();
      this.failed = error;
    }
  }

  submit(event) {
    event.preventDefault();
    const values = new FormData(event.target);
    const made = operations(this.found, (...path) => String(values.get(path.join(':')) ?? ''));
    this.nothingYet = !made.length;
    if (this.nothingYet) return this.querySelector('textarea')?.focus();
    this.keep(made);
    this.close();
    return undefined;
  }

  field(name, english, label, rows = 2) {
    return html`<label class="field">
      <span>${label ? html`${label}: ` : nothing}<q lang="en" dir="ltr">${english}</q></span>
      <textarea name=${name} rows=${rows} maxlength="4000" dir="auto" lang=${this.problem.lacks}></textarea>
    </label>`;
  }

  response({ name, variations }, i) {
    return html`<fieldset>
      <legend><code dir="ltr">${name}</code></legend>
      ${variations.map((one, j) =>
        typeof one.text === 'string'
          ? html`${this.field(`r:${i}:${j}`, one.text)}
            ${(one.buttons ?? []).map(({ title }, k) => this.field(`r:${i}:${j}:${k}`, title, this.t('data.translate.button'), 1))}`
          : nothing,
      )}
    </fieldset>`;
  }

  text({ key, text, forms }, i) {
    return html`<fieldset>
      <legend><code dir="ltr">${key}</code></legend>
      ${forms
        ? forms.map((form) => this.field(`t:${i}:${form}`, text[form] ?? text.other, this.texts.label('data.translate.forms', form)))
        : this.field(`t:${i}`, text)}
    </fieldset>`;
  }

  body() {
    const { found, failed } = this;
    if (failed) return html`<p class="problem" role="alert">${this.desk.say(failed)}</p>`;
    if (!found) return html`<div class="skeleton wb-ghosts" aria-hidden="true"><b></b><b></b></div>`;
    return html`${found.responses.map((one, i) => this.response(one, i))}${found.texts.map((one, i) => this.text(one, i))}
      ${found.more ? html`<p class="hint">${this.t('data.translate.more', { count: found.more })}</p>` : nothing}`;
  }

  render() {
    const { language } = figures(this.texts);
    return this.frame(
      { title: this.t('data.translate.title', { language: language(this.problem.lacks) }), name: 'question wide translate' },
      html`<form @submit=${this.submit}>
        <div class="body">
          <p class="lead">${this.t('data.translate.lead')}</p>
          ${this.body()}
          <p class="problem" role="alert">${this.nothingYet ? this.t('data.translate.nothing') : nothing}</p>
        </div>
        <footer>
          <button type="button" class="button" @click=${this.close}>${this.t('common.cancel')}</button>
          <button class="button primary" ?disabled=${!this.found}>${icon('check')}${this.t('data.editor.keep')}</button>
        </footer>
      </form>`,
    );
  }
}

customElements.define('setu-data-translate', Translate);
