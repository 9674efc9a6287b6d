// The page of models: which one is live, on which servers, which reads along, and the way back.

import { html, nothing } from '../../vendor/lit.js';
import { figures } from '../figures.js';
import { icon } from '../icons.js';
import { Page } from '../page.js';
import { at } from '../route.js';
import { data } from './data-calls.js';
import { models } from './live-calls.js';
import { shadow } from './models-shadow.js';

const LOOK_MS = 5000;
const HOURS = 24;

class Models extends Page {
  static properties = { known: { state: true }, compared: { state: true }, busy: { state: true } };

  constructor() {
    super();
    this.known = null; // {live, models, history, servers, shadow}
    this.compared = null; // what the model that reads along did so far
    this.busy = false;
  }

  connectedCallback() {
    super.connectedCallback();
    this.load();
    this.every(LOOK_MS, () => this.busy || this.load());
  }

  async load() {
    const known = await this.look(models.list());
    if (!known) return;
    this.known = known;
    if (known.shadow && !this.titles) this.titles = await this.named();
    if (known.shadow) this.compared = (await models.compared().catch(() => null)) ?? known.shadow;
    else this.compared = null;
  }

  /** What intents are called, for the comparison. */
  async named() {
    const { intents } = await data.intents().catch(() => ({ intents: [] }));
    return new Map(intents.map(({ name, title }) => [name, title]));
  }

  /** The name of the live model: told as a name, or as the model. */
  get live() {
    const { live } = this.known;
    return live?.name ?? live ?? null;
  }

  /** The model that rolling back leads to, if there is a way back. */
  get way() {
    const { former, history } = this.known;
    return former === undefined ? history[0]?.before : former;
  }

  async act(asked, said) {
    this.busy = true;
    const done = await this.attempt(asked);
    this.busy = false;
    await this.load();
    if (done === undefined) return false;
    this.desk.toast(this.t(said));
    return true;
  }

  rollBack() {
    const before = this.way;
    this.asking = {
      title: this.t('models.roll_back'),
      lead: this.t('models.roll_back_lead', { name: before }),
      go: this.t('models.roll_back_go'),
      danger: true,
      run: () => this.act(models.rollBack(), 'models.rolled_back'),
    };
  }

  promote(model) {
    const passed = model.verdict?.passed;
    this.asking = {
      title: this.t('models.promote', { name: model.name }),
      lead: this.t(passed ? 'models.promote_lead' : 'models.override_lead'),
      go: this.t('models.promote_go'),
      danger: !passed,
      fields: passed
        ? nothing
        : html`<label class="field-label" for="reason">${this.t('runs.reason')}</label>
            <textarea id="reason" name="reason" rows="3" maxlength="1000" required minlength="10" dir="auto" data-first placeholder=${this.t('runs.reason_hint')}></textarea>`,
      run: ({ reason = '' }) => (passed || reason.trim()) && this.act(models.promote(model.name, reason.trim()), 'runs.promoted'),
    };
  }

  readAlong(model) {
    this.asking = {
      title: this.t('runs.shadow'),
      lead: this.t('runs.shadow_lead'),
      go: this.t('runs.shadow_go'),
      run: () => this.act(models.shadow(model.name, HOURS), 'runs.shadowed'),
    };
  }

  endShadow() {
    this.asking = {
      title: this.t('models.shadow.end'),
      lead: this.t('models.shadow.end_lead'),
      go: this.t('models.shadow.end'),
      run: () => this.act(models.endShadow(), 'models.shadow.ended'),
    };
  }

  now() {
    const { known, live } = this;
    const { when, bytes } = figures(this.texts);
    const last = known.history[0];
    const model = known.models.find(({ name }) => name === live);
    if (!live) return html`<section class="wb-card">${this.empty('models', this.t('models.nothing_live'), this.t('models.nothing_live_hint'))}</section>`;
    return html`<section class="wb-card live-model" aria-labelledby="live-head">
      <div class="live-mark">${icon('models')}</div>
      <div class="title"><h2 id="live-head"><span class="which">${this.t('models.live')}</span> <span dir="ltr">${live}</span></h2>
        <p>${last ? this.t('models.since', { when: when(last.at), name: last.agent?.name ?? this.t('models.by_itself') }) : nothing}${model
          ? html` · ${this.t('models.trained', { when: when(model.trained_at) })} · ${bytes(model.size)}`
          : nothing}</p>
        ${model && model.recipe_fits === false ? html`<p class="problem">${icon('alert')}${this.t('models.recipe')}</p>` : nothing}
      </div>
      ${this.way ? html`<button class="button" ?disabled=${this.busy} @click=${this.rollBack}>${icon('return')}${this.t('models.roll_back')}</button>` : nothing}
    </section>`;
  }

  servers() {
    const { servers } = this.known;
    if (!servers?.length) return nothing;
    const shape = { ok: 'check', behind: 'clock', away: 'dropped', failed: 'alert' };
    const tone = { ok: 'good', behind: 'warn', away: 'bad', failed: 'bad' };
    return html`<section class="wb-card" aria-labelledby="servers-head"><h2 id="servers-head">${this.t('models.servers')}</h2>
      <p class="hint">${this.t('models.servers_hint')}</p>
      <ul class="servers">${servers.map(
        (server) => html`<li><span class="health ${tone[server.state]}">${icon(shape[server.state])}<span>${this.t(`models.states.${server.state}`)}</span></span>
          <code dir="ltr">${server.url}</code><span class="aside" dir="ltr">${server.model ?? ''}</span>
          ${server.error ? html`<blockquote><bdi dir="auto">${server.error}</bdi></blockquote>` : nothing}</li>`,
      )}</ul></section>`;
  }

  verdict(model) {
    if (!model.verdict) return html`<span class="faint">–</span>`;
    const word = model.verdict.passed ? 'passed' : 'refused';
    const badge = html`<span class="badge state ${word}">${this.t(`runs.states.${word}`)}</span>`;
    const run = model.run?.id ?? model.run;
    return run ? html`<a href=${at('runs', run)}>${badge}</a>` : badge;
  }

  /** What can be made of a model that is not live. */
  offers(model) {
    if (model.name === this.live || model.live) return html`<span class="badge state applied">${icon('check')}${this.t('models.is_live')}</span>`;
    const along = this.known.shadow?.model === model.name;
    const may = model.verdict?.passed || this.state.can?.override;
    return html`<span class="moves">
      ${along
        ? html`<span class="badge">${this.t('models.reads_along')}</span>`
        : html`<button class="button small" ?disabled=${this.busy} @click=${() => this.readAlong(model)}>${this.t('models.shadow_go')}<span class="unseen"> ${model.name}</span></button>`}
      ${may
        ? html`<button class="button small" ?disabled=${this.busy} @click=${() => this.promote(model)}>${this.t('models.promote_short')}<span class="unseen"> ${model.name}</span></button>`
        : nothing}
    </span>`;
  }

  all() {
    const { known } = this;
    const { when, bytes } = figures(this.texts);
    if (!known.models.length) return nothing;
    const heads = ['model', 'when', 'size', 'gate'];
    return html`<section class="wb-card" aria-labelledby="all-head"><h2 id="all-head">${this.t('models.all')}</h2>
      <p class="hint">${this.t('models.all_hint')}</p>
      <div class="table-frame" tabindex="0" role="group" aria-label=${this.t('models.all')}><table class="wb-table stacked">
        <thead><tr>${heads.map((head) => html`<th scope="col">${this.t(`models.heads.${head}`)}</th>`)}<th scope="col"><span class="unseen">${this.t('models.heads.moves')}</span></th></tr></thead>
        <tbody>${known.models.map(
          (model) => html`<tr>
            <th scope="row"><span dir="ltr">${model.name}</span>${model.recipe_fits === false ? html` <span class="badge why" title=${this.t('models.recipe')}>${this.t('models.recipe_short')}</span>` : nothing}</th>
            <td data-label=${this.t('models.heads.when')}>${when(model.trained_at)}</td>
            <td data-label=${this.t('models.heads.size')}>${bytes(model.size)}</td>
            <td data-label=${this.t('models.heads.gate')}>${this.verdict(model)}</td>
            <td>${this.offers(model)}</td>
          </tr>`,
        )}</tbody>
      </table></div></section>`;
  }

  past() {
    const { history } = this.known;
    if (!history?.length) return nothing;
    const { when } = figures(this.texts);
    const shape = { promote: 'models', roll_back: 'return', first: 'check' };
    return html`<section class="wb-card" aria-labelledby="past-head"><h2 id="past-head">${this.t('models.history')}</h2>
      <ol class="timeline">${history.map(
        (one) => html`<li>${icon(shape[one.kind] ?? 'check')}<div>
          <p>${this.t(`models.did.${one.kind}`, { name: one.agent?.name ?? this.t('models.by_itself'), model: one.model, before: one.before ?? '' })}
            ${one.override ? html`<span class="badge why">${this.t('models.overridden')}</span>` : nothing}</p>
          ${one.override ? html`<blockquote><bdi dir="auto">${one.override}</bdi></blockquote>` : nothing}
          <time class="hint" datetime=${one.at}>${when(one.at)}</time></div></li>`,
      )}</ol></section>`;
  }

  body() {
    if (this.failed && !this.known) return this.trouble(() => this.load());
    if (!this.known) return this.waiting();
    const { texts, compared } = this;
    return html`${this.now()} ${compared ? shadow({ compared, texts, titles: this.titles ?? new Map(), busy: this.busy, end: () => this.endShadow() }) : nothing}
      ${this.servers()} ${this.all()} ${this.past()}`;
  }

  render() {
    return html`<div class="wb-page">
        <header><div class="title"><h1 id="page-title">${this.t('models.title')}</h1><p class="hint">${this.t('models.lead')}</p></div>
          <a class="button" href=${at('runs')}>${icon('runs')}<span>${this.t('models.to_runs')}</span></a></header>
        <div class="scroll wb-body narrow" tabindex="0" role="region" aria-label=${this.t('models.title')}>${this.body()}</div>
      </div>
      ${this.question()}`;
  }
}

customElements.define('setu-page-models', Models);
