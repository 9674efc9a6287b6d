// The base of pages that show what the gateway knows: asked for, asked again, and what went wrong.

import { html, nothing } from '../vendor/lit.js';
import { DeskElement } from '../desk/element.js';
import './ask.js';
import { icon } from './icons.js';

export class Page extends DeskElement {
  static properties = { route: { attribute: false }, failed: { state: true }, asking: { state: true } };

  constructor() {
    super();
    this.failed = null; // why what the page shows could not be had
    this.asking = null; // the question that is open: see ask.js
    this.timers = new Set();
  }

  /** Where one is: {page, item, query}. */
  get place() {
    return this.state.route;
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    for (const timer of this.timers) clearInterval(timer);
  }

  /** Does `work` again and again while the page is open and in sight. */
  every(milliseconds, work) {
    this.timers.add(setInterval(() => document.hidden || work(), milliseconds));
  }

  /** What the page shows: a failure takes the place of what is missing. Undefined when it failed. */
  async look(asked) {
    try {
      const answer = await asked;
      this.failed = null;
      return answer;
    } catch (error) {
      if (error.status === 401) this.desk.leave();
      this.failed = error;
      return undefined;
    }
  }

  /** What somebody does: a failure passes over the page. Undefined when it failed. */
  async attempt(asked) {
    try {
      return await asked;
    } catch (error) {
      this.desk.trouble(error);
      return undefined;
    }
  }

  waiting(rows = 6) {
    return html`<div class="skeleton wb-ghosts" aria-hidden="true">${Array.from({ length: rows }, () => html`<b></b>`)}</div>`;
  }

  /** In place of what could not be had. */
  trouble(again) {
    return html`<div class="empty" role="alert">
      ${icon('alert')}<strong>${this.desk.say(this.failed)}</strong>
      <button class="button" @click=${again}>${icon('again')}${this.t('common.again')}</button>
    </div>`;
  }

  empty(shape, title, hint = nothing, more = nothing) {
    return html`<div class="empty">${icon(shape)}<strong>${title}</strong><span>${hint}</span>${more}</div>`;
  }

  /** The open question, if any. */
  question() {
    if (!this.asking) return nothing;
    return html`<setu-question .desk=${this.desk} .ask=${this.asking} @close=${() => (this.asking = null)}></setu-question>`;
  }
}
