// What is wrong with the data: in plain words, with the places, and mended where a remedy is known.

import { html, nothing } from '../../vendor/lit.js';
import { DeskElement } from '../../desk/element.js';
import { icon } from '../icons.js';
import { at } from '../route.js';

const SHOWN = 5; // of each, before one asks for all
const PLACES = 3;

class Problems extends DeskElement {
  static properties = { problems: { attribute: false }, draft: { attribute: false }, known: { attribute: false }, open: { state: true } };

  constructor() {
    super();
    this.open = new Set();
  }

  mendAll(several) {
    for (const problem of several) if (!this.draft.mends(problem)) this.draft.mend(problem);
  }

  mending(problem) {
    if (!problem.fix?.length) return nothing;
    if (this.draft.mends(problem)) return html`<span class="badge edited">${icon('check')}${this.t('data.mend.held')}</span>`;
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
    const whole = this.open.has(code);
    const shown = whole ? problems : problems.slice(0, SHOWN);
    const curable = problems.filter((problem) => problem.fix?.length && !this.draft.mends(problem));
    const help = `data.why.${code}`;
    const more = () => {
      this.open = new Set([...this.open, code]);
    };
    return html`<section class="wb-card" aria-labelledby="code-${code}">
      <header>
        <h2 id="code-${code}">${this.texts.label('data.codes', code)} <span class="badge">${this.texts.number(problems.length)}</span></h2>
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

  render() {
    if (!this.problems) return html`<div class="skeleton wb-ghosts" aria-hidden="true"><b></b><b></b><b></b></div>`;
    if (!this.problems.length) {
      return html`<div class="empty">${icon('check')}<strong>${this.t('data.mend.none')}</strong><span>${this.t('data.mend.none_hint')}</span></div>`;
    }
    const groups = new Map();
    const graver = [...this.problems].sort((a, b) => (a.severity === 'error' ? 0 : 1) - (b.severity === 'error' ? 0 : 1));
    for (const problem of graver) groups.set(problem.code, [...(groups.get(problem.code) ?? []), problem]);
    return [...groups].map((group) => this.group(group));
  }
}

customElements.define('setu-data-problems', Problems);
