// The page of trainings: what would be learnt and the button that begins it; earlier ones; beside them one of them.

import { html, keyed, nothing, repeat } from '../../vendor/lit.js';
import { clock } from '../figures.js';
import { icon } from '../icons.js';
import { Page } from '../page.js';
import { at } from '../route.js';
import { changes } from './data-calls.js';
import { runs } from './live-calls.js';
import './runs-one.js';
import { GOING, outcome } from './runs-words.js';

const LOOK_MS = 10_000;
class Runs extends Page {
  static properties = { known: { state: true }, ready: { state: true }, drafts: { state: true }, busy: { state: true } };

  constructor() {
    super();
    this.known = null; // {runs, live, waiting}
    this.ready = 0; // labels not yet in the data
    this.drafts = [];
    this.busy = false;
  }

  connectedCallback() {
    super.connectedCallback();
    this.load();
    this.every(LOOK_MS, () => this.load());
  }

  async load() {
    const known = await this.look(runs.list());
    if (known) this.known = known;
    const [progress, drafts] = await Promise.all([runs.progress().catch(() => null), runs.drafts().catch(() => [])]);
    this.ready = progress?.ready ?? 0;
    this.drafts = drafts;
  }

  get going() {
    return this.known?.runs.find(({ state }) => GOING.includes(state));
  }

  async start() {
    this.busy = true;
    try {
      const run = await runs.start();
      await this.load();
      this.desk.go('runs', run.id);
    } catch (error) {
      await this.load();
      if (error.status === 409 && this.going) this.desk.go('runs', this.going.id);
      this.desk.trouble(error);
    } finally {
      this.busy = false;
    }
  }

  async takeUp() {
    this.busy = true;
    const change = await this.attempt(changes.fromLabels());
    this.busy = false;
    if (change) this.desk.go('changes', change.id);
  }

  /** What a training now would learn, and what it would not. */
  news() {
    const { waiting = [], live } = this.known;
    const { ready, drafts } = this;
    const count = waiting.length;
    return html`<div class="to-learn">
      ${count
        ? html`<p>${this.t('runs.will_learn', { count })}</p>
            <ul>${waiting.slice(0, 5).map((change) => html`<li>${icon('check')}<a href=${at('changes', change.id)}><bdi>${change.title}</bdi></a></li>`)}
              ${count > 5 ? html`<li class="hint">${this.t('runs.and_more', { count: count - 5 })}</li>` : nothing}</ul>`
        : html`<p class="hint">${this.t(live ? 'runs.nothing_new' : 'runs.first')}</p>`}
      ${ready
        ? html`<p class="left-out">${icon('alert')}<span>${this.t('runs.ready', { count: ready, number: this.texts.number(ready) })}</span>
            <button class="button small" ?disabled=${this.busy} @click=${this.takeUp}>${this.t('runs.take_up')}</button></p>`
        : nothing}
      ${drafts.length
        ? html`<p class="left-out">${icon('alert')}<span>${this.t('runs.drafts', { count: drafts.length })}</span><a class="button small" href=${at('changes', drafts.length === 1 ? drafts[0].id : null)}>${this.t('runs.see_drafts')}</a></p>`
        : nothing}
    </div>`;
  }

  beginning() {
    const { going } = this;
    return html`<div class="train-card">
      ${going
        ? html`<p><strong>${this.t('runs.is_going', { number: this.texts.number(going.number) })}</strong></p>
            <progress max="1" value=${going.share || nothing} aria-label=${this.t('runs.progress')}></progress>
            <a class="button wide" href=${at('runs', going.id)}>${this.t('runs.watch')}</a>`
        : html`${this.news()}
            <button class="button primary train" ?disabled=${this.busy} aria-busy=${this.busy} @click=${this.start}>${icon('runs')}${this.t('runs.train')}</button>
            <p class="hint">${this.t('runs.train_hint')}</p>`}
    </div>`;
  }

  row(run) {
    const { item } = this.place;
    const word = outcome(run);
    const took = run.ended_at ? (new Date(run.ended_at) - new Date(run.created_at)) / 1000 : null;
    return html`<li>
      <a class="wb-row" href=${at('runs', run.id)} aria-current=${item === run.id ? 'true' : nothing}>
        <span class="head"><strong>${this.t('runs.number', { number: this.texts.number(run.number) })}</strong><time datetime=${run.created_at}>${this.texts.short(run.created_at)}</time></span>
        <span class="what">${run.agent?.name ?? ''}${took === null ? nothing : html` · <span dir="ltr">${clock(took)}</span>`}</span>
        <span class="facts"><span class="badge state ${word}">${this.t(`runs.states.${word}`)}</span>
          ${run.challenger && run.challenger === this.known.live ? html`<span class="badge state applied">${this.t('runs.live')}</span>` : nothing}</span>
      </a>
    </li>`;
  }

  list() {
    if (this.failed && !this.known) return this.trouble(() => this.load());
    if (!this.known) return this.waiting();
    const { runs: all } = this.known;
    return html`${this.beginning()}
      ${all.length
        ? html`<h2 class="part">${this.t('runs.past')}</h2><ul>${repeat(all, ({ id }) => id, (run) => this.row(run))}</ul>`
        : nothing}`;
  }

  pane() {
    const item = this.place.item;
    if (!item) {
      const newest = this.known?.runs[0];
      const hint = newest ? html`<a class="button" href=${at('runs', newest.id)}>${this.t('runs.newest')}</a>` : nothing;
      return html`<section class="wb-pane nothing-open">${this.empty('runs', this.t('runs.choose'), this.t('runs.choose_hint'), hint)}</section>`;
    }
    return keyed(item, html`<setu-run .desk=${this.desk} .id=${item} @changed=${() => this.load()}></setu-run>`);
  }

  render() {
    const { item } = this.place;
    const title = this.t('runs.title');
    return html`<div class="wb-split ${item ? 'has-item' : ''}">
      <section class="wb-list">
        <header>${item ? html`<h2>${title}</h2>` : html`<h1>${title}</h1>`}</header>
        <div class="scroll" tabindex="0" role="region" aria-label=${title}>${this.list()}</div>
      </section>
      ${this.pane()}
    </div>`;
  }
}

customElements.define('setu-page-runs', Runs);
