// Choosing one meaning in a dialog: for many messages at once, or for a decision.

import { html } from '../../vendor/lit.js';
import { narrowing, stepped } from '../../desk/combobox.js';
import { Overlay } from '../../desk/overlay.js';
import { icon } from '../icons.js';
import { found } from './fuzzy.js';
import { meaningOf, Vocabulary } from './vocabulary.js';

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
    const next = stepped(event, this.at, this.choices.length);
    if (next !== null) this.at = next;
    else if (event.key === 'Enter') this.choose();
    else return;
    event.preventDefault();
  }

  typing(event) {
    this.typed = event.target.value;
    this.at = 0;
  }

  updated() {
    this.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }

  async choose() {
    const intent = this.choices[this.at];
    if (!intent || this.busy) return;
    this.busy = true;
    try {
      await this.ask.done(meaningOf(intent));
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
            ${narrowing({
              first: true,
              list: 'meanings',
              at: this.at,
              length: choices.length,
              label: this.t('labelling.find'),
              value: this.typed,
              typed: this.typing,
              key: this.key,
            })}
          </div>
          <ul id="meanings" role="listbox" class="scroll" aria-label=${this.t('labelling.means')}>
            ${choices.map(
              (one, i) => html`<li
                role="option"
                id="meanings-${i}"
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
