// One talk as bubbles; played, what was expected stands beside what came.

import { html, nothing } from '../../vendor/lit.js';
import { icon } from '../icons.js';
import { Page } from '../page.js';
import { at } from '../route.js';
import { data } from './data-calls.js';
import { beside } from './talks-turns.js';

/** Whatever shape it has, as a line to be read: a text, a list of them, or a value. */
export function told(value) {
  if (value === null || value === undefined || value === '') return '–';
  if (Array.isArray(value)) return value.map(told).join(', ');
  if (typeof value !== 'object') return String(value);
  const { text, action, intent } = value;
  return text ?? action ?? intent ?? Object.entries(value).map(([key, one]) => `${key}: ${told(one)}`).join(', ');
}

class TalkOne extends Page {
  static properties = { id: {}, talk: { state: true }, result: { state: true }, busy: { state: true } };

  constructor() {
    super();
    this.talk = null;
    this.result = null; // of the last play
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

  /** What stands under a bubble: the intent that is meant, the action that answers, how it was read, a remark. */
  small(step) {
    const name = step.text ? (step.action ?? step.intent) : null;
    const title = step.title ?? name?.replaceAll('_', ' ');
    const facts = [title, step.buttons?.length && told(step.buttons.map((one) => one.title ?? one)), step.note].filter(Boolean);
    const read = step.got === undefined || step.got === null ? nothing : html`<span>${this.t('talks.read_as')} <bdi>${told(step.got)}</bdi></span>`;
    return facts.length || read !== nothing ? html`<small>${facts.map((fact) => html`<span dir="auto">${fact}</span>`)}${read}</small>` : nothing;
  }

  bubble(step) {
    const words = step.text
      ? html`<bdi dir="auto">${step.text}</bdi>`
      : html`<code dir="ltr">${step.action ?? step.intent ?? told(step.note ?? step.payload)}</code>`;
    return html`<div class="bubble">${words}${this.small(step)}</div>`;
  }

  plain(step) {
    return html`<li class="bubble-row ${step.who}"><span class="who">${this.t(`talks.who.${step.who}`)}</span>${this.bubble(step)}</li>`;
  }

  side(turn, which) {
    const answers = turn?.answers ?? [];
    return html`<div class="side ${which}"><span class="which">${this.t(`talks.${which}`)}</span>
      ${answers.length ? answers.map((step) => this.bubble(step)) : html`<p class="hint">${this.t(which === 'got' ? 'talks.nothing_came' : 'talks.nothing_said')}</p>`}</div>`;
  }

  turn({ expected, came, problems }) {
    const asked = came?.asked ?? expected?.asked;
    const wrong = problems.length > 0;
    return html`<li class="turn ${wrong ? 'wrong' : came ? 'right' : 'unplayed'}">
      ${asked ? html`<div class="bubble-row ${asked.who}"><span class="who">${this.t(`talks.who.${asked.who}`)}</span>${this.bubble(asked)}</div>` : nothing}
      <div class="compared">${this.side(expected, 'expected')}${came ? this.side(came, 'got') : html`<p class="hint">${this.t('talks.not_reached')}</p>`}</div>
      ${problems.map((problem) => html`<p class="mismatch">${icon('alert')}<span>${this.mismatch(problem)}</span></p>`)}
    </li>`;
  }

  /** What was not as expected: in our words where there are any, else as the player tells it. */
  mismatch({ code, about, expected, got, text }) {
    const key = `talks.mismatch.${code}`;
    if (!this.texts.has(key)) return html`<bdi dir="auto">${text ?? told(got)}</bdi>`;
    return this.t(key, { about: about ?? '', expected: told(expected), got: told(got) });
  }

  verdict() {
    const { result } = this;
    if (!result) return nothing;
    const loose = (result.problems ?? []).filter((problem) => !problem?.step);
    return html`<div class="notice ${result.passed ? 'good' : 'bad'}" role="status">${icon(result.passed ? 'check' : 'alert')}
      <div><strong>${this.t(result.passed ? 'talks.replay_passed' : 'talks.replay_failed')}</strong>
        ${loose.length ? html`<ul>${loose.map((problem) => html`<li dir="auto">${typeof problem === 'string' ? problem : told(problem)}</li>`)}</ul>` : nothing}</div></div>`;
  }

  steps() {
    const { talk, result } = this;
    if (!result?.steps) return html`<ol class="bubbles">${(talk.steps ?? []).map((step) => this.plain(step))}</ol>`;
    return html`<ol class="bubbles">${beside(talk.steps ?? [], result.steps, result.problems ?? []).map((turn) => this.turn(turn))}</ol>`;
  }

  render() {
    const { talk, result } = this;
    const back = html`<a class="icon-button back" href=${at('talks')} aria-label=${this.t('talks.back')}>${icon('back')}</a>`;
    if (!talk) {
      return html`<section class="wb-pane"><header>${back}<h1>${this.t('talks.one')}</h1></header>
        <div class="wb-body">${this.failed ? this.trouble(() => this.load()) : this.waiting()}</div></section>`;
    }
    return html`<section class="wb-pane">
      <header>
        ${back}
        <div class="title"><h1 id="talk-title"><bdi dir="auto">${talk.title}</bdi></h1>
          <p><span class="badge">${this.t(`talks.kind_of.${talk.kind}`)}</span><span dir="ltr">${talk.file}${talk.line ? `:${talk.line}` : ''}</span></p></div>
        ${talk.playable
          ? html`<div class="moves"><button class="button primary" ?disabled=${this.busy} aria-busy=${this.busy} @click=${this.replay}>${icon('again')}${this.t(this.busy ? 'talks.replaying' : 'talks.replay')}</button></div>`
          : nothing}
      </header>
      <div class="scroll wb-body" tabindex="0" role="region" aria-label=${talk.title}>
        <p class="hint">${this.t(`talks.about.${talk.kind}`)}</p>
        ${this.verdict()} ${this.steps()}
        ${result?.script ? html`<details class="script"><summary>${this.t('talks.script')}</summary><pre dir="ltr" tabindex="0">${result.script}</pre></details>` : nothing}
      </div>
    </section>`;
  }
}

customElements.define('setu-talk-one', TalkOne);
