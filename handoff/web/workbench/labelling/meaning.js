// Choosing one meaning in a dialog: for many messages at once, or for a decision.

import { html, live, nothing } from '../../vendor/lit.js';
import { Overlay } from '../../desk/overlay.js';
import { icon } from '../icons.js';
import { found } from './fuzzy.js';
import { Vocabulary } from './vocabulary.js';

/** `ask`: {title, lead, go, done({kind, intent?}) → promise}. */
class Meaning extends Overlay {
  static properties = { ask: { attribute: false }, typed: { state: true }, at: { state: true }, busy: { state: true } };

  constructor() {
    super();
    this.typed = '';
    this.at = 0;
  }

  get choices() {
    const outside = { name: '', title: this.t('labelling.said.out_of_scope'), definition: this.t('labelling.hint.out_of_scope') };
    return found(this.typed, [...Vocabulary.of(this.desk).choices, outside]);
  }

  key(event) {
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    const { length } = this.choices;
    if (event.key in steps && length) this.at = (this.at + steps[event.key] + length) % length;
    else if (event.key === 'Enter') this.choose();
    else return;
    event.preventDefault();
  }

  updated() {
    this.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }

  async choose() {
    const intent = this.choices[this.at];
    if (!intent || this.busy) return;
    this.busy = true;
    const meaning = intent.name ? { kind: intent.proposed ? 'proposed' : 'intent', intent: intent.name } : { kind: 'out_of_scope' };
    try {
      await this.ask.done(meaning);
      this.close();
    } catch (error) {
      this.desk.trouble(error);
      this.busy = false;
    }
  }

  render() {
    const { choices } = this;
    const pointed = choices[this.at];
    return this.frame(
      { title: this.ask.title, name: 'meaning' },
      html`<div class="body">
          <p class="lead">${this.ask.lead}</p>
          <div class="wl-find">
            ${icon('search')}
            <input
              data-first
              type="text"
              role="combobox"
              aria-expanded="true"
              aria-controls="meanings"
              aria-autocomplete="list"
              aria-activedescendant=${choices.length ? `meaning-${this.at}` : nothing}
              aria-label=${this.t('labelling.find')}
              placeholder=${this.t('labelling.find')}
              autocomplete="off"
              spellcheck="false"
              .value=${live(this.typed)}
              @input=${(event) => {
                this.typed = event.target.value;
                this.at = 0;
              }}
              @keydown=${this.key}
            />
          </div>
          <ul id="meanings" role="listbox" class="scroll" aria-label=${this.t('labelling.means')}>
            ${choices.map(
              (one, i) => html`<li
                role="option"
                id="meaning-${i}"
                class="wl-choice"
                aria-selected=${i === this.at}
                @click=${() => (this.at = i)}
                @dblclick=${this.choose}
              >
                <kbd class="quiet">${one.key ?? ''}</kbd><span class="name"><bdi>${one.title}</bdi></span>
              </li>`,
            )}
          </ul>
          <p class="hint definition" role="status">${pointed?.definition ?? this.t('labelling.none_found')}</p>
        </div>
        <footer>
          <button class="button" @click=${this.close}>${this.t('overlay.cancel')}</button>
          <button class="button primary" ?disabled=${!pointed || this.busy} @click=${this.choose}>${this.ask.go}</button>
        </footer>`,
    );
  }
}

customElements.define('setu-meaning', Meaning);
