// Messages from elsewhere: a file, or lines pasted. Says what was taken, what was there, and which lines cannot be read.

import { html, nothing } from '../../vendor/lit.js';
import { Overlay } from '../../desk/overlay.js';
import { icon } from '../icons.js';

const TYPES = { csv: 'text/csv', tsv: 'text/tab-separated-values', jsonl: 'application/x-ndjson', ndjson: 'application/x-ndjson' };
const SHOWN = 20;

const typeOf = (name) => TYPES[name.split('.').pop().toLowerCase()] ?? 'text/plain';

class Importing extends Overlay {
  static properties = { file: { state: true }, text: { state: true }, busy: { state: true }, problem: { state: true }, answer: { state: true }, over: { state: true } };

  constructor() {
    super();
    this.text = '';
  }

  chosen(files) {
    this.file = files?.[0] ?? null;
    this.problem = null;
  }

  dropped(event) {
    event.preventDefault();
    this.over = false;
    this.chosen(event.dataTransfer.files);
  }

  async submit(event) {
    event.preventDefault();
    if (!this.file && !this.text.trim()) {
      this.problem = this.t('importing.nothing');
      return;
    }
    this.busy = true;
    this.problem = null;
    try {
      const { api } = this.desk;
      this.answer = this.file
        ? await api.importTexts(this.file, typeOf(this.file.name), this.file.name)
        : await api.importTexts(this.text, 'text/plain', `${this.t('importing.pasted')}.txt`);
      this.dispatchEvent(new Event('imported'));
    } catch (error) {
      this.problem = this.desk.say(error);
    }
    this.busy = false;
  }

  result() {
    const { taken, known, refused = [] } = this.answer;
    return html`<div class="body">
        <div class="wl-result" role="status">
          ${icon(taken ? 'resolved' : 'alert')}
          <p>
            <strong>${this.t('importing.taken', { count: taken, n: this.texts.number(taken) })}</strong>
            ${known ? html`<span>${this.t('importing.known', { count: known, n: this.texts.number(known) })}</span>` : nothing}
            ${refused.length ? html`<span>${this.t('importing.refused', { count: refused.length, n: this.texts.number(refused.length) })}</span>` : nothing}
          </p>
        </div>
        ${refused.length
          ? html`<ul class="wl-refused">
              ${refused
                .slice(0, SHOWN)
                .map(({ line, code }) => html`<li><span>${this.t('importing.line', { n: this.texts.number(line) })}</span>${this.texts.label('importing.codes', code)}</li>`)}
            </ul>`
          : nothing}
      </div>
      <footer><button class="button primary" @click=${this.close}>${this.t('importing.done')}</button></footer>`;
  }

  form() {
    const over = (on) => (event) => {
      event.preventDefault();
      this.over = on;
    };
    return html`<form @submit=${this.submit}>
      <div class="body">
        <p class="lead">${this.t('importing.lead')}</p>
        <label
          class="wl-drop ${this.over ? 'over' : ''}"
          @dragover=${over(true)}
          @dragleave=${over(false)}
          @drop=${this.dropped}
        >
          ${icon('upload')}
          <span>${this.file ? html`<strong><bdi>${this.file.name}</bdi></strong> ${this.texts.size(this.file.size)}` : this.t('importing.file')}</span>
          <input
            type="file"
            data-first
            accept=".txt,.csv,.tsv,.jsonl,.ndjson"
            aria-label=${this.t('importing.file')}
            @change=${(event) => this.chosen(event.target.files)}
          />
        </label>
        <p class="hint">${this.t('importing.formats')}</p>
        ${this.file
          ? nothing
          : html`<label class="field-label" for="pasted">${this.t('importing.paste')}</label>
              <textarea
                id="pasted"
                rows="6"
                dir="auto"
                placeholder=${this.t('importing.paste_hint')}
                @input=${(event) => (this.text = event.target.value)}
              ></textarea>`}
        <p class="hint">${this.t('importing.private')}</p>
        <p class="problem" role="alert">${this.problem ?? nothing}</p>
      </div>
      <footer>
        ${this.file ? html`<button type="button" class="button" @click=${() => this.chosen(null)}>${this.t('importing.other')}</button>` : nothing}
        <button type="button" class="button" @click=${this.close}>${this.t('overlay.cancel')}</button>
        <button class="button primary" ?disabled=${this.busy} aria-busy=${Boolean(this.busy)}>
          ${icon('upload')}${this.t(this.busy ? 'importing.busy' : 'importing.go')}
        </button>
      </footer>
    </form>`;
  }

  render() {
    return this.frame({ title: this.t('importing.title'), name: 'importing' }, this.answer ? this.result() : this.form());
  }
}

customElements.define('setu-importing', Importing);
