// Where the agent writes: reply or private note, each with its own draft; canned replies after a "/", files, and where
// the platform's window is over, approved texts.

import { html, nothing } from '../vendor/lit.js';
import { asked, filled, matching, variables } from './canned.js';
import { stepped } from './combobox.js';
import { DeskElement } from './element.js';
import { about, cannedList, closed, field, tools } from './field.js';
import { icon } from './icons.js';
import { allowed } from './moves.js';
import { banner, windowOf } from './reach.js';
import { lastAsked, suggested, wording } from './suggested.js';
import { chosenOf, gapsOf, picker, preview } from './templates.js';
import { tray } from './tray.js';
import { senderOf } from './thread.js';

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

  get draft() {
    return this.state.drafts[this.id] ?? {};
  }

  get mode() {
    return this.draft.mode ?? 'reply';
  }

  get text() {
    return this.draft[this.mode] ?? '';
  }

  get language() {
    return this.conversation.language ?? 'en';
  }

  get reach() {
    return this.state.reach[this.id] ?? null;
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
    (this.area ?? this.querySelector('.template-form select'))?.focus();
  }

  choose(mode) {
    this.asked = null;
    this.save({ mode });
  }

  save(draft) {
    this.desk.saveDraft(this.id, draft);
  }

  typed(event) {
    const { value, selectionStart } = event.target;
    this.save({ [this.mode]: value });
    if (this.mode === 'reply' && value && !this.draft.editing) this.desk.talks.types(this.id);
    this.asked = asked(value, selectionStart);
    this.chosen = 0;
    if (this.asked) this.desk.needCanned(this.language);
  }

  pick(reply) {
    const { text } = this;
    const words = filled(reply.text, this.values);
    const end = this.area.selectionStart;
    const before = text.slice(0, this.asked.start);
    this.save({ [this.mode]: before + words + text.slice(end) });
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
    return can?.reply && mode === 'reply' && !text && this.writes ? (state.suggested[this.id] ?? []) : [];
  }

  /** Whether free words can be written: not while only a template may be sent, or one is being chosen. */
  get writes() {
    const { stage } = windowOf(this.reach);
    return this.draft.editing || (!this.draft.template && !['template', 'closed'].includes(stage));
  }

  /** Puts a suggested answer (the first) into the field, for the agent to read, change and send. */
  async insert(one = this.suggested[0]) {
    if (!one) return;
    this.save({ reply: wording(one, this.values) });
    await this.updateComplete;
    this.area.focus();
    this.area.setSelectionRange(this.text.length, this.text.length);
  }

  attach(files) {
    if (!files?.length || this.mode !== 'reply' || !this.can.reply || !this.writes) return false;
    this.desk.uploads.add(this.id, files);
    this.area?.focus();
    return true;
  }

  pasted(event) {
    if (this.attach(event.clipboardData.files)) event.preventDefault();
  }

  key(event) {
    if (event.isComposing) return;
    const { matches } = this;
    if (matches.length) {
      const next = stepped(event, this.chosen, matches.length);
      if (next !== null) this.chosen = next;
      else if (event.key === 'Enter' || event.key === 'Tab') this.pick(matches[this.chosen]);
      else if (event.key === 'Escape') this.asked = null;
      else return;
      event.preventDefault();
      event.stopPropagation();
    } else if (event.key === 'Escape' && (this.draft.editing || this.draft.replyTo)) {
      event.preventDefault();
      event.stopPropagation();
      this.leaveAbout();
    } else if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      this.send();
    }
  }

  leaveAbout() {
    if (this.draft.editing) return this.desk.changes.leaveEdit(this.id);
    this.save({ replyTo: null });
    return this.area?.focus();
  }

  /** Nothing to send yet: no words and no file, or a file is still on its way. */
  get unready() {
    const { uploads } = this.desk;
    const files = this.mode === 'reply' ? uploads.of(this.id).filter(({ state }) => state === 'ready').length : 0;
    return (!this.text.trim() && !files) || (this.mode === 'reply' && uploads.waits(this.id));
  }

  send() {
    const { mode, draft } = this;
    const text = this.text.trim();
    if (this.unready || text.length > LIMIT) return;
    if (draft.editing) {
      this.desk.changes.saveEdit(this.id, text);
      return;
    }
    const more = mode === 'note' ? {} : { files: this.desk.uploads.take(this.id), replyTo: draft.replyTo };
    this.save({ [mode]: '', ...(mode === 'reply' && { replyTo: null }) });
    this.desk.outbox.write(this.id, text, mode === 'note', more);
    this.area.focus();
  }

  sendTemplate(template, values) {
    const { name, language } = template;
    const given = values.map((value) => value.trim());
    this.save({ template: null });
    const more = { template: { name, language, variables: given } };
    this.desk.outbox.write(this.id, preview(template, given), false, more);
    this.updateComplete.then(() => this.focusOn('reply'));
  }

  updated() {
    if (this.conversation && this.can.reply) this.desk.needSuggestions(this.id, lastAsked(this.state.threads[this.id]));
    if (this.area && !CSS.supports('field-sizing', 'content')) {
      this.area.style.height = 'auto';
      this.area.style.height = `${this.area.scrollHeight}px`;
    }
    this.querySelector('[aria-selected="true"].suggestion')?.scrollIntoView({ block: 'nearest' });
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

  template(stage) {
    const { templates } = this.reach;
    const { texts, draft } = this;
    const template = chosenOf(templates, draft.template, this.language);
    const given = draft.template?.values ?? [];
    const values = Array.from({ length: gapsOf(template) }, (_, i) => given[i] ?? '');
    const keep = (change) => this.save({ template: { key: draft.template?.key, values, ...change } });
    return picker({
      texts,
      template,
      templates,
      values,
      choose: (key) => keep({ key, values: [] }),
      fill: (next) => keep({ values: next }),
      send: () => this.sendTemplate(template, values),
      leave: stage === 'template' ? null : () => (this.save({ template: null }), this.focusOn('reply')),
    });
  }

  writing() {
    const { mode, text, texts, draft, matches } = this;
    const reply = mode === 'reply';
    const over = text.length > LIMIT;
    const replied = reply && draft.replyTo && this.state.threads[this.id]?.messages.find(({ number }) => number === draft.replyTo);
    const name = (message) => senderOf(message, this.conversation, texts.t);
    const { can, templates = [] } = this.reach ?? {};
    const longer = reply && !over && can?.text_limit && text.length > can.text_limit;
    const on = { typed: this.typed, key: this.key, paste: this.pasted, send: this.send, blur: () => (this.asked = null) };
    const bound = Object.fromEntries(Object.entries(on).map(([what, run]) => [what, run.bind(this)]));
    const extra =
      reply && !draft.editing
        ? tools({ can, templates, texts, choose: (files) => this.attach(files), openTemplates: () => this.openTemplates() })
        : nothing;
    return html`${cannedList({ asked: this.asked, matches, chosen: this.chosen, values: this.values, texts, pick: (one) => this.pick(one) })}
      ${suggested(this.suggested, this.values, { t: texts.t, pick: (one) => this.insert(one) })}
      ${reply ? about({ replied, editing: draft.editing, nameOfSender: name, texts, leave: () => this.leaveAbout() }) : nothing}
      ${reply && !draft.editing ? tray(this.id, this.desk.uploads, texts) : nothing}
      ${field({ mode, text, over, busy: this.unready, open: this.asked && matches.length > 0, chosen: this.chosen, on: bound, extra, editing: reply && draft.editing, texts })}
      ${over ? html`<p class="problem" role="alert">${this.t('composer.long', { count: text.length - LIMIT })}</p>` : nothing}
      ${longer ? html`<p class="hint parts">${this.t('composer.parts')}</p>` : nothing}`;
  }

  openTemplates() {
    this.save({ template: { values: [] } });
    return this.focusOn('reply');
  }

  reply(stage) {
    const { conversation, texts, can, draft } = this;
    if (!can.reply) return closed({ conversation, texts, claim: can.claim ? () => this.desk.moves.claim(this.id) : null });
    if (this.writes) return this.writing();
    if (stage === 'closed') return html`<p class="closed">${this.t('composer.no_window')}</p>`;
    return draft.template || stage === 'template' ? this.template(stage) : this.writing();
  }

  render() {
    if (!this.conversation) return nothing; // it just left our sight
    const { mode, can } = this;
    const now = windowOf(this.reach);
    return html`<section class="composer ${mode}" aria-label=${this.t('composer.label')}>
      <div class="tabs" role="tablist" aria-label=${this.t('composer.modes')}>
        ${this.tab('reply', 'reply', 'R')} ${this.tab('note', 'lock', 'N')}
        <span class="hint">${mode === 'note' ? this.t('composer.note_hint') : this.t('composer.reply_hint')}</span>
      </div>
      <div id="writing" role="tabpanel" aria-labelledby="tab-${mode}">
        ${mode === 'note' ? this.writing() : html`${can.reply ? banner(now, this.texts) : nothing}${this.reply(now.stage)}`}
      </div>
    </section>`;
  }
}

customElements.define('setu-composer', Composer);
