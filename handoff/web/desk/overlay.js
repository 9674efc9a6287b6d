// The base of everything that opens over the page: a native modal dialog, which holds the focus and gives it back.

import { html } from '../vendor/lit.js';
import { DeskElement } from './element.js';
import { icon } from './icons.js';

export class Overlay extends DeskElement {
  firstUpdated() {
    this.querySelector('dialog').showModal();
    (this.querySelector('[data-first]') ?? this.querySelector('.close')).focus();
  }

  /** Closes at once: the dialog's own event comes too late for a key that follows immediately. */
  close() {
    if (this.done) return;
    this.done = true;
    this.querySelector('dialog').close();
    this.dispatchEvent(new Event('close'));
  }

  cancelled(event) {
    event.preventDefault();
    this.close();
  }

  /** @param {{title: string, name: string}} head @param body template of the content */
  frame({ title, name }, body) {
    const outside = (event) => event.target === event.currentTarget && this.close();
    return html`<dialog class=${name} aria-labelledby="overlay-title" @cancel=${this.cancelled} @mousedown=${outside}>
      <div class="sheet">
        <header>
          <h2 id="overlay-title">${title}</h2>
          <button class="icon-button close" aria-label=${this.t('overlay.close')} @click=${this.close}>${icon('close')}</button>
        </header>
        ${body}
      </div>
    </dialog>`;
  }
}
