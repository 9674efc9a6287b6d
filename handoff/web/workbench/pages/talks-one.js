// One talk as bubbles; replayed, what was expected stands beside what came.

import { html, nothing } from '../../vendor/lit.js';
import { icon } from '../icons.js';
import { data } from './data-calls.js';
import { Page } from '../page.js';
import { at } from '../route.js';

class TalkOne extends Page {
  static properties = { id: {}, talk: { state: true }, result: { state: true }, busy: { state: true } };

  constructor() {
    super();
    this.talk = null;
    this.result = null; // of the last replay
    this.busy = false;
  }

  connectedCallback() {
    super.connectedCallback();
    this.load();
  }

  async load() {
    this.talk = (await this.look(data.talk(this.id))) ?? this.talk;
  }

  async replay() {
    this.busy = true;
    const result = await this.attempt(data.replay(this.id));
    this.busy = false;
    if (!result) return;
    this.result = result;
    this.dispatchEvent(new CustomEvent('replayed', { detail: result.passed }));
  }

  label(step) {
    if (step.text) return html`<bdi dir="auto">${step.text}</bdi>`;
    return html`<code dir="ltr">${step.action ?? step.intent ?? step.note ?? ''}</code>`;
  }

  /** What stands under a bubble: the intent that is meant, the action that answers, a remark. */
  small(step) {
    const facts = [step.text && step.intent, step.text && step.action, (step.text || step.action || step.intent) && step.note].filter(Boolean);
    return facts.length ? html`<small>${facts.map((fact) => html`<span dir="auto">${fact}</span>`)}</small>` : nothing;
  }

  /** What came, in words, whatever shape it has: a text, an action, several of them. */
  came(got) {
    if (got === null || got === undefined || got === '') return this.t('talks.nothing_came');
    if (Array.isArray(got)) return got.map((one) => html`<p>${this.came(one)}</p>`);
    if (typeof got === 'object') {
      const told = got.text ?? got.replies ?? got.says ?? got.action ?? got.intent;
      return told === undefined ? html`<code dir="ltr">${JSON.stringify(got)}</code>` : this.came(told);
    }
    return html`<bdi dir="auto">${String(got)}</bdi>`;
  }

  step(step, index) {
    const wrong = step.passed === false || step.ok === false;
    const compared = this.result && 'got' in step && step.who !== 'customer';
    return html`<li class="bubble-row ${step.who} ${wrong ? 'wrong' : ''}">
      <span class="who">${this.t(`talks.who.${step.who}`)}</span>
      <div class=${compared ? 'compared' : ''}>
        <div class="bubble">${compared ? html`<span class="which">${this.t('talks.expected')}</span>` : nothing}${this.label(step)}${this.small(step)}</div>
        ${compared
          ? html`<div class="bubble got"><span class="which">${icon(wrong ? 'alert' : 'check')}${this.t('talks.got')}</span>${this.came(step.got)}</div>`
          : nothing}
        ${!compared && this.result && step.got !== undefined && step.got !== null
          ? html`<div class="read">${icon(wrong ? 'alert' : 'check')}${this.t('talks.read_as')} ${this.came(step.got)}</div>`
          : nothing}
      </div>
      <span class="unseen">${index + 1}</span>
    </li>`;
  }

  verdict() {
    const { result } = this;
    if (!result) return nothing;
    return html`<div class="notice ${result.passed ? 'good' : 'bad'}" role="status">${icon(result.passed ? 'check' : 'alert')}
      <div><strong>${this.t(result.passed ? 'talks.replay_passed' : 'talks.replay_failed')}</strong>
        ${result.problems?.length
          ? html`<ul>${result.problems.map((problem) => html`<li dir="auto">${typeof problem === 'string' ? problem : (problem.text ?? problem.code)}</li>`)}</ul>`
          : nothing}</div></div>`;
  }

  render() {
    const { talk, result } = this;
    const back = html`<a class="icon-button back" href=${at('talks')} aria-label=${this.t('talks.back')}>${icon('back')}</a>`;
    if (!talk) {
      return html`<section class="wb-pane"><header>${back}<h1>${this.t('talks.one')}</h1></header>
        <div class="wb-body">${this.failed ? this.trouble(() => this.load()) : this.waiting()}</div></section>`;
    }
    const steps = result?.steps?.length ? result.steps : (talk.steps ?? []);
    return html`<section class="wb-pane">
      <header>
        ${back}
        <div class="title"><h1 id="talk-title"><bdi dir="auto">${talk.title}</bdi></h1>
          <p><span class="badge">${this.t(`talks.kind_of.${talk.kind}`)}</span><span dir="ltr">${talk.file}${talk.line ? `:${talk.line}` : ''}</span></p></div>
        <div class="moves"><button class="button primary" ?disabled=${this.busy} aria-busy=${this.busy} @click=${this.replay}>${icon('again')}${this.t(this.busy ? 'talks.replaying' : 'talks.replay')}</button></div>
      </header>
      <div class="scroll wb-body" tabindex="0" role="region" aria-label=${talk.title}>
        <p class="hint">${this.t(`talks.about.${talk.kind}`)}</p>
        ${this.verdict()}
        <ol class="bubbles">${steps.map((step, index) => this.step(step, index))}</ol>
        ${result?.script ? html`<details class="script"><summary>${this.t('talks.script')}</summary><pre dir="ltr" tabindex="0">${result.script}</pre></details>` : nothing}
      </div>
    </section>`;
  }
}

customElements.define('setu-talk-one', TalkOne);
