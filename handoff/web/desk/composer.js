// Where the agent writes: reply or private note, each with its own draft; canned replies after a "/".

import { html, live, nothing } from '../vendor/lit.js';
import { asked, filled, matching, variables } from './canned.js';
import { DeskElement } from './element.js';
import { icon } from './icons.js';
import { allowed } from './moves.js';
import { keys } from './parts.js';
import { lastAsked, suggested, wording } from './suggested.js';

const LIMIT = 10_000; // characters, as the gateway has it

class Composer extends DeskElement {
  static properties = { id: {}, chosen: { state: true }, asked: { state: true } };

  constructor() {
    super();
    this.asked = null; // the canned reply being looked for
    this.chosen = 0;
  }

  get conversation() {
    return this.state.conversations[this.id];
  }

  get can() {
    return allowed(this.conversation, this.state.me);
  }

  get mode() {
    return this.state.drafts[this.id]?.mode ?? 'reply';
  }

  get text() {
    return this.state.drafts[this.id]?.[this.mode] ?? '';
  }

  get language() {
    return this.conversation.language ?? 'en';
  }

  get matches() {
    return this.asked ? matching(this.state.canned[this.language] ?? [], this.asked.word) : [];
  }

  get area() {
    return this.querySelector('textarea');
  }

  /** Turns to a mode and puts the cursor there; for the keyboard. */
  async focusOn(mode) {
    this.choose(mode);
    await this.updateComplete;
    this.area?.focus();
  }

  choose(mode) {
    this.asked = null;
    this.desk.saveDraft(this.id, { mode });
  }

  typed(event) {
    const { value, selectionStart } = event.target;
    this.desk.saveDraft(this.id, { [this.mode]: value });
    if (this.mode === 'reply' && value) this.desk.talks.types(this.id);
    this.asked = asked(value, selectionStart);
    this.chosen = 0;
    if (this.asked) this.desk.needCanned(this.language);
  }

  pick(reply) {
    const { text } = this;
    const words = filled(reply.text, this.values);
    const end = this.area.selectionStart;
    const before = text.slice(0, this.asked.start);
    this.desk.saveDraft(this.id, { [this.mode]: before + words + text.slice(end) });
    this.asked = null;
    const cursor = before.length + words.length;
    this.updateComplete.then(() => {
      this.area.focus();
      this.area.setSelectionRange(cursor, cursor);
    });
  }

  get values() {
    return variables({ conversation: this.conversation, card: this.state.cards[this.id], me: this.state.me });
  }

  /** Suggestions stand above an empty field only: what is being written is not to be pushed about. */
  get suggested() {
    const { can, mode, text, state } = this;
    return can?.reply && mode === 'reply' && !text ? (state.suggested[this.id] ?? []) : [];
  }

  /** Puts a suggested answer (the first) into the field, for the agent to read, change and send. */
  async insert(one = this.suggested[0]) {
    if (!one) return;
    this.desk.saveDraft(this.id, { reply: wording(one, this.values) });
    await this.updateComplete;
    this.area.focus();
    this.area.setSelectionRange(this.text.length, this.text.length);
  }

  key(event) {
    if (event.isComposing) return;
    const { matches } = this;
    if (matches.length) {
      const steps = { ArrowDown: 1, ArrowUp: -1 };
      if (event.key in steps) {
        this.chosen = (this.chosen + steps[event.key] + matches.length) % matches.length;
      } else if (event.key === 'Enter' || event.key === 'Tab') this.pick(matches[this.chosen]);
      else if (event.key === 'Escape') this.asked = null;
      else return;
      event.preventDefault();
      event.stopPropagation();
    } else if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      this.send();
    }
  }

  send() {
    const { mode } = this;
    const text = this.text.trim();
    if (!text || text.length > LIMIT) return;
    this.desk.saveDraft(this.id, { [mode]: '' });
    this.desk.outbox.write(this.id, text, mode === 'note');
    this.area.focus();
  }

  updated() {
    if (this.conversation && this.can.reply) this.desk.needSuggestions(this.id, lastAsked(this.state.threads[this.id]));
    if (this.area && !CSS.supports('field-sizing', 'content')) {
      this.area.style.height = 'auto';
      this.area.style.height = `${this.area.scrollHeight}px`;
    }
    this.querySelector('[aria-selected="true"].suggestion')?.scrollIntoView({ block: 'nearest' });
  }

  suggestions() {
    const { matches } = this;
    if (!this.asked) return nothing;
    const { values } = this;
    if (!matches.length) return html`<div class="suggestions"><p class="hint">${this.t('composer.no_canned')}</p></div>`;
    return html`<ul class="suggestions" id="canned" role="listbox" aria-label=${this.t('composer.canned')}>
      ${matches.map(
        (reply, i) => html`<li
          class="suggestion"
          role="option"
          id="canned-${i}"
          aria-selected=${i === this.chosen}
          @mousedown=${(event) => event.preventDefault()}
          @click=${() => this.pick(reply)}
        >
          <strong>/${reply.shortcut}</strong><span>${filled(reply.text, values)}</span>
        </li>`,
      )}
    </ul>`;
  }

  tab(mode, shape, key) {
    const on = this.mode === mode;
    return html`<button
      role="tab"
      id="tab-${mode}"
      aria-selected=${on}
      aria-controls="writing"
      tabindex=${on ? 0 : -1}
      aria-keyshortcuts=${key}
      @click=${() => this.focusOn(mode)}
      @keydown=${(event) => ['ArrowLeft', 'ArrowRight'].includes(event.key) && this.turn(event)}
    >
      ${icon(shape)}${this.t(`composer.${mode}`)}
    </button>`;
  }

  async turn(event) {
    event.preventDefault();
    const mode = this.mode === 'reply' ? 'note' : 'reply';
    this.choose(mode);
    await this.updateComplete;
    this.querySelector(`#tab-${mode}`)?.focus();
  }

  /** Why no reply can be written now, and the way to change it. */
  closed() {
    const { status, agent } = this.conversation;
    return html`<div class="closed">
      <p>${this.t(`composer.closed.${status}`, { name: agent?.name ?? '' })}</p>
      ${this.can.claim
        ? html`<button class="button primary" @click=${() => this.desk.moves.claim(this.id)}>${this.t(`talk.claim.${status}`)} ${keys('C')}</button>`
        : nothing}
    </div>`;
  }

  render() {
    if (!this.conversation) return nothing; // it just left our sight
    const { mode, text, can } = this;
    const over = text.length > LIMIT;
    const open = this.asked && this.matches.length > 0;
    return html`<section class="composer ${mode}" aria-label=${this.t('composer.label')}>
      <div class="tabs" role="tablist" aria-label=${this.t('composer.modes')}>
        ${this.tab('reply', 'reply', 'R')} ${this.tab('note', 'lock', 'N')}
        <span class="hint">${mode === 'note' ? this.t('composer.note_hint') : this.t('composer.reply_hint')}</span>
      </div>
      <div id="writing" role="tabpanel" aria-labelledby="tab-${mode}">
        ${mode === 'reply' && !can.reply
          ? this.closed()
          : html`${this.suggestions()}
              ${suggested(this.suggested, this.values, { t: (key, values) => this.t(key, values), pick: (one) => this.insert(one) })}
              <div class="field">
                <textarea
                  rows="1"
                  dir="auto"
                  aria-label=${this.t(`composer.${mode}_label`)}
                  placeholder=${this.t(`composer.${mode}_placeholder`)}
                  aria-autocomplete="list"
                  aria-controls=${open ? 'canned' : nothing}
                  aria-activedescendant=${open ? `canned-${this.chosen}` : nothing}
                  aria-invalid=${over}
                  .value=${live(text)}
                  @input=${this.typed}
                  @keydown=${this.key}
                  @blur=${() => (this.asked = null)}
                ></textarea>
                <button class="button primary send" ?disabled=${!text.trim() || over} @click=${this.send}>
                  ${icon(mode === 'note' ? 'lock' : 'send')}<span>${this.t(`composer.send_${mode}`)}</span>
                </button>
              </div>
              ${over ? html`<p class="problem" role="alert">${this.t('composer.long', { count: text.length - LIMIT })}</p>` : nothing}`}
      </div>
    </section>`;
  }
}

customElements.define('setu-composer', Composer);
