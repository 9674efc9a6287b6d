// One training: how far it is, what was wrong with the data, or what came of it and what to do now.

import { html, nothing } from '../../vendor/lit.js';
import { clock, figures } from '../figures.js';
import { icon } from '../icons.js';
import { Page } from '../page.js';
import { at } from '../route.js';
import { models, runs } from './live-calls.js';
import { report } from './report.js';
import { GOING, outcome } from './runs-words.js';

const LOOK_MS = 1000;
const STEPS = ['checking', 'training', 'comparing'];
const HOURS = 24;
const EXAMPLE = /^\s*-\s+(.+?)\s*$/m;
const MARKUP = /\[([^\]]+)\](?:\([^)]*\)|\{[^}]*\})/g;

/** Where a problem of a file can be mended: the examples like the line, or the articles. Pure. */
export function remedy({ file = '', excerpt = '' }) {
  if (file.startsWith('data/knowledge/')) return ['articles', null, {}];
  const line = EXAMPLE.exec(excerpt ?? '')?.[1]?.replace(MARKUP, '$1');
  if (file.startsWith('data/nlu/')) return ['data', 'examples', line ? { q: line } : {}];
  return null;
}

class Run extends Page {
  static properties = { id: {}, run: { state: true }, live: { state: true }, shadow: { state: true }, busy: { state: true }, tick: { state: true } };

  constructor() {
    super();
    this.run = null;
    this.live = null; // the live model's name
    this.shadow = null;
    this.busy = false;
  }

  connectedCallback() {
    super.connectedCallback();
    this.load();
    this.every(LOOK_MS, () => (!this.run || GOING.includes(this.run.state)) && this.load());
  }

  async load() {
    const before = this.run;
    const run = await this.look(runs.one(this.id));
    if (!run) return;
    this.run = run;
    this.tick = Date.now();
    if (before && before.state !== run.state) this.dispatchEvent(new Event('changed'));
    if (run.state === 'done' && before?.state !== 'done') this.known();
  }

  /** Which model is live and which reads along, so that only what is possible is offered. */
  async known() {
    const known = await models.list().catch(() => null);
    this.live = known?.live?.name ?? known?.live ?? null;
    this.shadow = known?.shadow ?? null;
  }

  async act(asked, said) {
    this.busy = true;
    const done = await this.attempt(asked);
    this.busy = false;
    if (done === undefined) return false;
    this.desk.toast(this.t(said));
    await this.known();
    this.dispatchEvent(new Event('changed'));
    return true;
  }

  cancel() {
    this.asking = {
      title: this.t('runs.cancel'),
      lead: this.t('runs.cancel_lead'),
      go: this.t('runs.cancel'),
      danger: true,
      run: async () => {
        await this.attempt(runs.cancel(this.id));
        await this.load();
      },
    };
  }

  promote() {
    const { challenger } = this.run;
    this.asking = {
      title: this.t('runs.promote'),
      lead: this.t('runs.promote_lead'),
      go: this.t('runs.promote_go'),
      run: () => this.act(models.promote(challenger), 'runs.promoted'),
    };
  }

  override() {
    const { challenger, verdict } = this.run;
    const failed = (verdict?.lines ?? []).filter(({ passed }) => !passed).map(({ code }) => this.t(`runs.verdict.${code}.name`));
    this.asking = {
      title: this.t('runs.override'),
      lead: failed.length ? this.t('runs.override_lead', { failed: failed.join(', ') }) : this.t('runs.override_old'),
      go: this.t('runs.override_go'),
      danger: true,
      fields: html`<label class="field-label" for="reason">${this.t('runs.reason')}</label>
        <textarea id="reason" name="reason" rows="3" maxlength="1000" required minlength="10" dir="auto" data-first placeholder=${this.t('runs.reason_hint')}></textarea>`,
      run: ({ reason }) => reason.trim() && this.act(models.promote(challenger, reason.trim()), 'runs.promoted'),
    };
  }

  readAlong() {
    const { challenger } = this.run;
    this.asking = {
      title: this.t('runs.shadow'),
      lead: this.t('runs.shadow_lead'),
      go: this.t('runs.shadow_go'),
      run: () => this.act(models.shadow(challenger, HOURS), 'runs.shadowed'),
    };
  }

  /** What can be done with the model now. */
  next() {
    const { run, live, shadow } = this;
    if (run.state !== 'done' || !run.challenger) return nothing;
    if (live === run.challenger) {
      return html`<div class="next good"><p>${icon('check')}<strong>${this.t('runs.is_live')}</strong></p><a class="button" href=${at('models')}>${this.t('runs.to_models')}</a></div>`;
    }
    const old = Boolean(run.champion && live && run.champion !== live); // compared with what is live no more
    const passed = run.verdict?.passed && !old;
    const along = shadow?.model === run.challenger;
    const may = this.state.can?.override;
    return html`<div class="next ${passed ? 'good' : 'bad'}">
      <p>${this.t(old ? 'runs.next_old' : passed ? 'runs.next_passed' : may ? 'runs.next_override' : 'runs.next_refused')}</p>
      ${along
        ? html`<a class="button" href=${at('models')}>${this.t('runs.see_shadow')}</a>`
        : html`<button class="button" ?disabled=${this.busy} @click=${this.readAlong}>${icon('clock')}${this.t('runs.shadow')}</button>`}
      ${passed
        ? html`<button class="button primary" ?disabled=${this.busy} @click=${this.promote}>${icon('models')}${this.t('runs.promote')}</button>`
        : may
          ? html`<button class="button danger" ?disabled=${this.busy} @click=${this.override}>${this.t('runs.override')}</button>`
          : nothing}
    </div>`;
  }

  progress() {
    const { run } = this;
    const now = STEPS.indexOf(run.state);
    const { seconds } = figures(this.texts);
    const took = (Date.now() - new Date(run.created_at)) / 1000;
    const kind = (i) => (i < now ? 'done' : i === now ? 'now' : 'later');
    return html`<section class="wb-card run-progress" aria-busy="true">
      <p class="big"><strong>${this.t(`runs.doing.${run.state}`)}</strong><span class="clock" dir="ltr">${clock(took)}</span></p>
      <progress max="1" value=${run.share || nothing} aria-label=${this.t('runs.progress')}></progress>
      <ol class="steps">${STEPS.map(
        (step, i) => html`<li class=${kind(i)} aria-current=${i === now ? 'step' : nothing}>
          <i>${i < now ? icon('check') : this.texts.number(i + 1)}</i>
          <div><strong>${this.t(`runs.states.${step}`)}</strong>
            <span class="hint">${i === now && this.texts.has(`runs.steps.${run.step}`) ? this.t(`runs.steps.${run.step}`) : this.t(`runs.about.${step}`)}</span></div>
          ${run.seconds?.[step] !== undefined ? html`<span class="aside">${seconds(run.seconds[step])}</span>` : nothing}
        </li>`,
      )}</ol>
      <button class="button" @click=${this.cancel}>${icon('close')}${this.t('runs.cancel')}</button>
    </section>`;
  }

  problem(problem) {
    const way = remedy(problem);
    return html`<li class="wb-problem ${problem.severity}">
      ${icon('alert')}
      <div>
        <p><bdi dir="auto">${problem.text}</bdi></p>
        ${problem.file ? html`<p class="places" dir="ltr"><code>${problem.file}${problem.line ? `:${problem.line}` : ''}</code></p>` : nothing}
        ${problem.excerpt ? html`<pre class="excerpt" dir="ltr"><bdi dir="auto">${problem.excerpt}</bdi></pre>` : nothing}
      </div>
      ${way ? html`<div class="moves"><a class="button small" href=${at(...way)}>${this.t('runs.mend')}</a></div>` : nothing}
    </li>`;
  }

  problems() {
    const { problems = [] } = this.run;
    if (!problems?.length) return nothing;
    const graver = [...problems].sort((a, b) => (a.severity === 'error' ? 0 : 1) - (b.severity === 'error' ? 0 : 1));
    const errors = problems.filter(({ severity }) => severity === 'error').length;
    const list = html`<ul>${graver.map((problem) => this.problem(problem))}</ul>`;
    if (!errors) {
      return html`<details class="wb-card"><summary>${this.t('runs.warnings', { count: problems.length })}</summary><p class="hint">${this.t('runs.warnings_hint')}</p>${list}</details>`;
    }
    return html`<section class="wb-card"><h2>${this.t('runs.errors', { count: errors })}</h2><p class="hint">${this.t('runs.errors_hint')}</p>${list}</section>`;
  }

  ended() {
    const { run } = this;
    const word = { invalid: 'warn', failed: 'bad', cancelled: 'warn' }[run.state];
    if (!word) return nothing;
    const why = run.failure && (this.texts.has(`runs.failures.${run.failure.code}`) ? this.t(`runs.failures.${run.failure.code}`) : run.failure.message);
    return html`<div class="notice ${word}" role="status">${icon('alert')}<div><strong>${this.t(`runs.ended.${run.state}`)}</strong><p>${this.t(`runs.ended_hint.${run.state}`)}</p>
      ${why ? html`<blockquote><bdi dir="auto">${why}</bdi></blockquote>` : nothing}</div></div>`;
  }

  learnt() {
    const { data } = this.run;
    if (!data?.examples) return nothing;
    const n = (value) => this.texts.number(value);
    const languages = Object.keys(data.languages ?? {}).length;
    return this.t('runs.learnt', { examples: n(data.examples), intents: n(data.intents?.length ?? data.intents ?? 0), languages: n(languages) });
  }

  render() {
    const { run } = this;
    const back = html`<a class="icon-button back" href=${at('runs')} aria-label=${this.t('runs.back')}>${icon('back')}</a>`;
    if (!run) {
      return html`<section class="wb-pane"><header>${back}<h1>${this.t('runs.one')}</h1></header>
        <div class="wb-body">${this.failed ? this.trouble(() => this.load()) : this.waiting()}</div></section>`;
    }
    const going = GOING.includes(run.state);
    const word = outcome(run);
    const { when } = figures(this.texts);
    return html`<section class="wb-pane">
        <header>
          ${back}
          <div class="title"><h1 id="run-title">${this.t('runs.number', { number: this.texts.number(run.number) })}</h1>
            <p>${this.t('runs.by', { name: run.agent?.name ?? '', when: when(run.created_at) })}${run.challenger ? html` · <span dir="ltr">${run.challenger}</span>` : nothing}</p></div>
          <span class="badge state ${word}">${this.t(`runs.states.${word}`)}</span>
        </header>
        <div class="scroll wb-body" tabindex="0" role="region" aria-label=${this.t('runs.number', { number: this.texts.number(run.number) })}>
          ${going ? this.progress() : this.ended()}
          ${run.report && run.verdict ? report({ report: run.report, verdict: run.verdict, texts: this.texts, next: this.next() }) : nothing}
          ${this.problems()}
          ${run.data?.examples ? html`<p class="hint">${this.learnt()}</p>` : nothing}
        </div>
      </section>
      ${this.question()}`;
  }
}

customElements.define('setu-run', Run);
