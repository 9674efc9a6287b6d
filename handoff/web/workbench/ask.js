// A question before something is done: a sentence, fields where they are needed, one button that does it.

import { html, nothing } from '../vendor/lit.js';
import { Overlay } from '../desk/overlay.js';

/** `ask`: {title, lead, go, fields?: template, danger?, wide?, run(values) → true when done}. */
class Question extends Overlay {
  static properties = { ask: { attribute: false }, busy: { state: true } };

  async submit(event) {
    event.preventDefault();
    const values = Object.fromEntries(new FormData(event.target));
    this.busy = true;
    const done = await this.ask.run(values);
    this.busy = false;
    if (done !== false) this.close();
  }

  render() {
    const { title, lead, go, fields = nothing, danger = false, wide = false } = this.ask;
    const plain = fields === nothing;
    return this.frame(
      { title, name: `question ${wide ? 'wide' : ''}` },
      html`<form @submit=${this.submit}>
        <div class="body">
          <p class="lead">${lead}</p>
          ${fields}
        </div>
        <footer>
          <button type="button" class="button" @click=${this.close}>${this.t('common.cancel')}</button>
          <button class="button primary ${danger ? 'danger' : ''}" ?data-first=${plain} ?disabled=${this.busy} aria-busy=${Boolean(this.busy)}>
            ${go}
          </button>
        </footer>
      </form>`,
    );
  }
}

customElements.define('setu-question', Question);
