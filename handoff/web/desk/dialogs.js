// The dialogs of the moves: hand back (what next?), snooze (until when?), transfer (to whom?), resolve and delete (sure?).

import { html, nothing } from '../vendor/lit.js';
import { icon } from './icons.js';
import { snoozeChoices } from './moves.js';
import { Overlay } from './overlay.js';
import { avatar, nameOf } from './parts.js';
import { presence } from './rail.js';

class Move extends Overlay {
  static properties = { move: {}, id: {}, number: {}, busy: { state: true }, problem: { state: true } };

  constructor() {
    super();
    this.busy = false;
  }

  connectedCallback() {
    super.connectedCallback();
    if (this.move === 'hand-back') this.desk.needSteps();
  }

  get conversation() {
    return this.state.conversations[this.id];
  }

  async submit(event) {
    event.preventDefault();
    const given = Object.fromEntries(new FormData(event.target));
    const run = this[this.move.replace('-b', 'B')].call(this, given);
    if (!run) return;
    this.busy = true;
    const done = await run;
    this.busy = false;
    if (done) this.close();
  }

  refuse(key) {
    this.problem = this.t(key);
  }

  handBack({ next = '', note = '' }) {
    return this.desk.moves.handBack(this.id, next, note.trim());
  }

  resolve() {
    return this.desk.moves.resolve(this.id);
  }

  delete() {
    return this.desk.changes.remove(this.id, this.number);
  }

  snooze({ until, at }) {
    const moment = until === 'custom' ? new Date(at) : new Date(Number(until));
    if (!until || Number.isNaN(moment.getTime()) || moment <= new Date()) return this.refuse('snooze.past');
    return this.desk.moves.snooze(this.id, moment);
  }

  transfer({ agent, note = '' }) {
    const to = this.state.agents.find(({ id }) => id === agent);
    if (!to) return this.refuse('transfer.choose');
    return this.desk.moves.transfer(this.id, to, note.trim());
  }

  choice(name, value, label, { checked = false, first = false, extra = nothing } = {}) {
    return html`<label class="choice">
      <input type="radio" name=${name} value=${value} ?checked=${checked} ?data-first=${first} />
      <span class="what">${label}</span>${extra}
    </label>`;
  }

  noteField(label, hint) {
    return html`<label class="field-label" for="move-note">${label}</label>
      <textarea id="move-note" name="note" rows="3" maxlength="2000" dir="auto" placeholder=${hint}></textarea>`;
  }

  bodies = {
    'hand-back': () => html`<p class="lead">${this.t('hand_back.lead')}</p>
      <fieldset class="choices">
        <legend>${this.t('hand_back.next')}</legend>
        ${this.choice('next', '', this.t('hand_back.nothing'), { checked: true, first: true })}
        ${(this.state.steps ?? []).map((step) => this.choice('next', step.intent, step.title))}
      </fieldset>
      ${this.noteField(this.t('hand_back.note'), this.t('hand_back.note_hint'))}`,
    snooze: () => html`<fieldset class="choices">
        <legend>${this.t('snooze.lead')}</legend>
        ${snoozeChoices().map(([key, date], i) =>
          this.choice('until', date.getTime(), this.t(`snooze.${key}`), {
            checked: i === 0,
            first: i === 0,
            extra: html`<span class="aside">${this.texts.day(date)}, ${this.texts.time(date)}</span>`,
          }),
        )}
        ${this.choice('until', 'custom', this.t('snooze.custom'), {
          extra: html`<input
            type="datetime-local"
            name="at"
            aria-label=${this.t('snooze.at')}
            @focus=${(event) => (event.target.closest('label').querySelector('input').checked = true)}
          />`,
        })}
      </fieldset>
      <p class="hint">${this.t('snooze.hint')}</p>`,
    transfer: () => {
      const others = this.state.agents.filter((agent) => agent.id !== this.state.me.id);
      return html`<fieldset class="choices people">
          <legend>${this.t('transfer.lead')}</legend>
          ${others.length ? others.map((agent, i) => this.person(agent, i === 0)) : html`<p class="hint">${this.t('transfer.nobody')}</p>`}
        </fieldset>
        ${this.noteField(this.t('transfer.note'), this.t('transfer.note_hint'))}`;
    },
    delete: () => html`<p class="lead">${this.t('delete.lead')}</p>`,
    resolve: () => html`<p class="lead">
      ${this.t('resolve.lead', { name: nameOf(this.conversation ?? {}, this.texts.t) })}
    </p>`,
  };

  person(agent, first) {
    const word = presence(agent);
    const load = agent.load === undefined ? '' : this.t('transfer.load', { load: agent.load, capacity: agent.capacity });
    const label = html`${avatar(agent.name, agent.id, 'small')}<span>${agent.name}</span>`;
    const extra = html`<span class="aside"
      ><i class="dot ${word}"></i>${this.t(`availability.${word}`)}${load ? html` · ${load}` : nothing}${agent.languages?.length
        ? html` · ${agent.languages.join(', ')}`
        : nothing}</span
    >`;
    return this.choice('agent', agent.id, label, { first, extra });
  }

  render() {
    const key = this.move.replace('-', '_');
    const shape = { 'hand-back': 'return', snooze: 'clock', transfer: 'transfer', resolve: 'resolved', delete: 'trash' }[this.move];
    return this.frame(
      { title: this.t(`${key}.title`), name: 'move' },
      html`<form @submit=${this.submit}>
        <div class="body">${this.bodies[this.move]()}</div>
        <p class="problem" role="alert">${this.problem ?? nothing}</p>
        <footer>
          <button type="button" class="button" @click=${this.close}>${this.t('overlay.cancel')}</button>
          <button class="button primary" ?disabled=${this.busy} ?data-first=${['resolve', 'delete'].includes(this.move)}>
            ${icon(shape)}${this.t(`${key}.go`)}
          </button>
        </footer>
      </form>`,
    );
  }
}

customElements.define('setu-move', Move);
