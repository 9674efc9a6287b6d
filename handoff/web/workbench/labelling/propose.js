// A new intent that somebody thinks is needed: what it is called, and what it means.

import { html, nothing } from '../../vendor/lit.js';
import { Overlay } from '../../desk/overlay.js';
import { icon } from '../icons.js';
import { plain } from './fuzzy.js';

const NAME = /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/;

/** A name that an intent can have, from what people type. Pure. */
export const nameOf = (words) =>
  plain(words)
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[_0-9]+|_+$/g, '')
    .slice(0, 60);

class Propose extends Overlay {
  static properties = {
    words: { attribute: false }, // of a topic, as a beginning
    topic: { attribute: false },
    made: { attribute: false }, // made(proposal)
    name: { state: true },
    problem: { state: true },
    busy: { state: true },
  };

  constructor() {
    super();
    this.name = '';
  }

  connectedCallback() {
    super.connectedCallback();
    this.name = nameOf((this.words ?? []).slice(0, 2).join(' '));
  }

  async submit(event) {
    event.preventDefault();
    const definition = this.querySelector('#definition').value.trim();
    const name = nameOf(this.name);
    if (!NAME.test(name)) {
      this.problem = this.t('labelling.propose.bad_name');
      return this.querySelector('#proposal').focus();
    }
    if (!definition) {
      this.problem = this.t('labelling.propose.no_definition');
      return this.querySelector('#definition').focus();
    }
    this.busy = true;
    this.problem = null;
    try {
      const made = await this.desk.api.propose({ name, definition, ...(this.topic && { topic_id: this.topic }) });
      this.close();
      this.made({ name, definition, ...made });
    } catch (error) {
      this.problem = this.desk.say(error);
    }
    this.busy = false;
    return undefined;
  }

  render() {
    const shown = nameOf(this.name);
    return this.frame(
      { title: this.t('labelling.propose.title'), name: 'propose' },
      html`<form @submit=${this.submit} novalidate>
        <div class="body">
          <p class="lead">${this.t('labelling.propose.lead')}</p>
          <label class="field-label" for="proposal">${this.t('labelling.propose.name')}</label>
          <input
            id="proposal"
            data-first
            autocomplete="off"
            spellcheck="false"
            maxlength="60"
            .value=${this.name}
            @input=${(event) => (this.name = event.target.value)}
            aria-describedby="proposal-hint"
          />
          <p class="hint" id="proposal-hint">${this.t('labelling.propose.name_hint')}${shown ? html` <code>${shown}</code>` : nothing}</p>
          <label class="field-label" for="definition">${this.t('labelling.propose.definition')}</label>
          <textarea id="definition" rows="3" maxlength="500" dir="auto" placeholder=${this.t('labelling.propose.definition_hint')}></textarea>
          <p class="problem" role="alert">${this.problem ?? nothing}</p>
        </div>
        <footer>
          <button type="button" class="button" @click=${this.close}>${this.t('overlay.cancel')}</button>
          <button class="button primary" ?disabled=${this.busy}>${icon('plus')}${this.t('labelling.propose.go')}</button>
        </footer>
      </form>`,
    );
  }
}

customElements.define('setu-propose', Propose);
