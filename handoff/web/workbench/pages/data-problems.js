// What is wrong with the data: in plain words, with the places, and mended where a remedy is known.

import { html, nothing } from '../../vendor/lit.js';
import { DeskElement } from '../../desk/element.js';
import { icon } from '../icons.js';
import { at } from '../route.js';
import './data-translate.js';

const SHOWN = 5; // of each, before one asks for all
const PLACES = 3;

class Problems extends DeskElement {
  static properties = { found: { attribute: false }, intent: {}, draft: { attribute: false }, known: { attribute: false }, open: { state: true }, writing: { state: true } };

  constructor() {
    super();
    this.open = new Set();
    this.writing = null; // the problem whose missing words are being written
  }

  get problems() {
    return this.found?.problems;
  }

  intentTitle(name) {
    return this.known?.intents.find((intent) => intent.name === name)?.title || name.replaceAll('_', ' ');
  }

  mendAll(several) {
    for (const problem of several) if (!this.draft.mends(problem)) this.draft.mend(problem);
  }

  mending(problem) {
    if (!problem.fix?.length && !problem.lacks) return nothing;
    if (this.draft.mends(problem)) return html`<span class="badge edited">${icon('check')}${this.t('data.mend.held')}</span>`;
    if (problem.lacks) {
      return html`<button class="button small" @click=${() => (this.writing = problem)}>${icon('edit')}${this.t('data.translate.go')}</button>`;
    }
    return html`<button class="button small" @click=${() => this.draft.mend(problem)}>${icon('check')}${this.t('data.mend.go')}</button>`;
  }

  one(problem) {
    const files = problem.files ?? [];
    const example = (problem.examples ?? [])[0];
    const text = typeof example === 'string' ? example : example?.text;
    return html`<li class="wb-problem ${problem.severity}">
      ${icon('alert')}
      <div>
        <p><bdi dir="auto">${problem.text}</bdi></p>
        <p class="places" dir="ltr">
          ${files.slice(0, PLACES).map(({ file, line }) => html`<code>${file}${line ? `:${line}` : ''}</code>`)}
          ${files.length > PLACES ? html`<span class="hint">+${this.texts.number(files.length - PLACES)}</span>` : nothing}
        </p>
      </div>
      <div class="moves">
        ${text ? html`<a class="button small quiet" href=${at('data', 'examples', { q: text })}>${this.t('data.mend.see')}</a>` : nothing}
        ${this.mending(problem)}
      </div>
    </li>`;
  }

  group([code, problems]) {
    const count = this.intent ? problems.length : Math.max(problems.length, this.found.counts?.[code] ?? 0);
    const whole = this.open.has(code);
    const shown = whole ? problems : problems.slice(0, SHOWN);
    const curable = problems.filter((problem) => problem.fix?.length && !this.draft.mends(problem));
    const help = `data.why.${code}`;
    const more = () => {
      this.open = new Set([...this.open, code]);
    };
    return html`<section class="wb-card" aria-labelledby="code-${code}">
      <header>
        <h2 id="code-${code}">${this.texts.label('data.codes', code)} <span class="badge">${this.texts.number(count)}</span></h2>
        ${curable.length > 1
          ? html`<button class="button small" @click=${() => this.mendAll(curable)}>${this.t('data.mend.all', { count: curable.length })}</button>`
          : nothing}
      </header>
      ${this.texts.has(help) ? html`<p class="hint">${this.t(help)}</p>` : nothing}
      <ul>${shown.map((problem) => this.one(problem))}</ul>
      ${problems.length > shown.length
        ? html`<button class="button small quiet" @click=${more}>${this.t('data.mend.more', { count: problems.length - shown.length })}</button>`
        : nothing}
    </section>`;
  }

  dialog() {
    const { writing } = this;
    if (!writing) return nothing;
    const keep = (fix) => this.draft.mend({ ...writing, fix });
    return html`<setu-data-translate .desk=${this.desk} .problem=${writing} .keep=${keep} @close=${() => (this.writing = null)}></setu-data-translate>`;
  }

  render() {
    if (!this.problems) return html`<div class="skeleton wb-ghosts" aria-hidden="true"><b></b><b></b><b></b></div>`;
    if (!this.problems.length) {
      return html`${this.intent ? html`<div class="wb-tools"><a class="button small" href=${at('data', 'problems')}>${icon('close')}${this.intentTitle(this.intent)}</a></div>` : nothing}<div class="empty">${icon('check')}<strong>${this.t('data.mend.none')}</strong><span>${this.t('data.mend.none_hint')}</span></div>`;
    }
    const groups = new Map();
    for (const problem of this.problems) groups.set(problem.code, [...(groups.get(problem.code) ?? []), problem]);
    const { found, intent } = this;
    return html`${intent
        ? html`<div class="wb-tools"><a class="button small" href=${at('data', 'problems')}>${icon('close')}${this.intentTitle(intent)}</a></div>`
        : nothing}
      ${found.total > found.problems.length
        ? html`<p class="wb-said">${this.t('data.first_of', { count: this.texts.number(found.problems.length), number: this.texts.number(found.total) })}</p>`
        : nothing}
      ${[...groups].map((group) => this.group(group))}${this.dialog()}`;
  }
}

customElements.define('setu-data-problems', Problems);
