// "Other channels of this person": who talks in this thread, who else may be the same person, and the proof of it.
// Nothing is joined without a code said on the other channel, or an agent's word that can be taken back.

import { html, nothing } from '../vendor/lit.js';
import { channelIcon, icon } from './icons.js';
import { Overlay } from './overlay.js';

class Links extends Overlay {
  static properties = {
    id: {},
    found: { state: true },
    asking: { state: true }, // what has to be confirmed: {what: 'merge'|'undo', key}
    busy: { state: true },
    sent: { state: true }, // contacts that were sent a code
    problem: { state: true },
  };

  constructor() {
    super();
    this.found = null;
    this.sent = new Set();
  }

  connectedCallback() {
    super.connectedCallback();
    this.load();
  }

  async load() {
    this.found = await this.desk.api.links(this.id).catch((error) => this.fail(error));
    this.problem = this.found ? null : this.problem;
  }

  /** Of two threads one goes on, not always this one. */
  moveTo(kept) {
    this.desk.show('links', kept);
    this.desk.go(this.state.route.view, kept);
  }

  updated(changed) {
    if (changed.get('id')) this.load();
  }

  fail(error) {
    if (error.status === 401) this.desk.trouble(error);
    this.problem = this.desk.say(error);
    return null;
  }

  /** Runs a call; afterwards the dialog and the talk show what is true now. */
  async run(ask, said, values) {
    this.busy = true;
    this.problem = null;
    try {
      const { conversation_id: kept = this.id } = await ask();
      this.asking = null;
      if (said) this.desk.toast(this.t(said, values), 'good');
      if (kept !== this.id) this.moveTo(kept);
      else await Promise.all([this.load(), this.desk.talks.show(this.id, true)]);
    } catch (error) {
      this.fail(error);
    }
    this.busy = false;
    await this.updateComplete;
    if (!this.contains(document.activeElement)) this.querySelector('.close').focus();
  }

  async code(contact) {
    await this.run(() => this.desk.api.sendCode(this.id, contact.id));
    if (!this.problem) this.sent = new Set([...this.sent, contact.id]);
  }

  /** The question moves in where the button was, with the focus on it. */
  async ask(what, key) {
    this.asking = { what, key };
    await this.updateComplete;
    this.querySelector('.sure .button')?.focus();
  }

  who(contact, more = nothing) {
    const channel = this.texts.label('channels', contact.channel);
    return html`<span class="shape" title=${channel}>${channelIcon(contact.channel)}</span>
      <span class="what"><b dir="auto">${contact.name || this.t('list.visitor')}</b>
        <small>${channel} · <bdi>${contact.inbox?.name ?? contact.inbox}</bdi>${contact.handle ? html` · <bdi>${contact.handle}</bdi>` : nothing}</small>${more}</span>`;
  }

  sure(what, values, yes) {
    return html`<div class="sure" role="group" aria-label=${this.t(`links.${what}_sure`, values)}>
      <p>${this.t(`links.${what}_sure`, values)}</p>
      <button class="button small primary" ?disabled=${this.busy} @click=${yes}>${this.t(`links.${what}_yes`)}</button>
      <button class="button small" @click=${() => (this.asking = null)}>${this.t('overlay.cancel')}</button>
    </div>`;
  }

  asks(what, key) {
    return this.asking?.what === what && this.asking.key === key;
  }

  candidate({ conversation_id: other, contact, why, last_message_at: at }) {
    const name = contact.name || this.t('list.visitor');
    const sent = this.sent.has(contact.id);
    const facts = html`<small>${[why && this.texts.label('links.why', why), at && this.texts.date(at)].filter(Boolean).join(' · ')}</small>`;
    return html`<li>
      ${this.who(contact, facts)}
      ${this.asks('merge', other)
        ? this.sure('merge', { name }, () => this.run(() => this.desk.api.merge(this.id, other), 'links.merged', { name }))
        : html`<span class="ways">
            <button class="button small" ?disabled=${this.busy || sent} @click=${() => this.code(contact)}>${this.t(sent ? 'links.code_sent' : 'links.code')}</button>
            <button class="button small" ?disabled=${this.busy} @click=${() => this.ask('merge', other)}>${this.t('links.merge')}</button>
          </span>`}
      ${sent ? html`<p class="hint" role="status">${this.t('links.code_hint', { channel: this.texts.label('channels', contact.channel) })}</p>` : nothing}
    </li>`;
  }

  link(link) {
    const name = link.contact.name || this.t('list.visitor');
    const by = this.t(`links.proof.${link.proof}`, { name: link.agent?.name ?? link.agent ?? '' });
    const facts = html`<small>${by} · ${this.texts.date(link.at)}</small>`;
    return html`<li class=${link.undone_at ? 'undone' : ''}>
      ${this.who(link.contact, facts)}
      ${link.undone_at
        ? html`<span class="badge">${this.t('links.undone')}</span>`
        : this.asks('undo', link.id)
          ? this.sure('undo', { name }, () => this.run(() => this.desk.api.undoLink(this.id, link.id), 'links.parted', { name }))
          : html`<span class="ways"><button class="button small" ?disabled=${this.busy} @click=${() => this.ask('undo', link.id)}>${icon('return')}${this.t('links.undo')}</button></span>`}
    </li>`;
  }

  body({ contacts, links, candidates }) {
    const part = (key, rows) => html`<h3>${this.t(`links.${key}`)}</h3><ul class="people">${rows}</ul>`;
    const current = html`<span class="badge">${this.t('links.current')}</span>`;
    return html`${part('contacts', contacts.map((one) => html`<li>${this.who(one)}${one.current && contacts.length > 1 ? current : nothing}</li>`))}
      ${candidates.length
        ? html`${part('candidates', candidates.map((one) => this.candidate(one)))}<p class="hint">${this.t('links.hint')}</p>`
        : html`<p class="hint none">${this.t('links.nobody')}</p>`}
      ${links.length ? part('history', links.map((one) => this.link(one))) : nothing}`;
  }

  render() {
    return this.frame(
      { title: this.t('links.title'), name: 'links' },
      html`<div class="body" tabindex="-1" aria-busy=${!this.found && !this.problem}>
        <p class="problem" role="alert">${this.problem ?? nothing}</p>
        ${this.found ? this.body(this.found) : nothing}
      </div>`,
    );
  }
}

customElements.define('setu-links', Links);
