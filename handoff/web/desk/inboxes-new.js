// A new inbox: first which channel, then its form, with where each value is found at the platform.

import { html, nothing } from '../vendor/lit.js';
import { DeskElement } from './element.js';
import { channelIcon, icon } from './icons.js';
import { calls } from './inboxes-calls.js';
import { fields, typed } from './inboxes-form.js';
import { channelName } from './inboxes-parts.js';
import { href } from './route.js';

class NewInbox extends DeskElement {
  static properties = {
    known: { attribute: false },
    channel: {},
    created: { attribute: false },
    busy: { state: true },
    problem: { state: true },
  };

  willUpdate(changed) {
    if (changed.has('channel')) this.problem = null;
  }

  /** Who moves here by keyboard or with a screen reader is told where they are. */
  updated(changed) {
    if (!changed.has('channel')) return;
    this.querySelector('h1').focus({ preventScroll: true });
    this.querySelector('.scroll').scrollTo(0, 0);
  }

  async submit(event, kind) {
    event.preventDefault();
    const { name, settings } = typed(event.target, kind);
    this.busy = true;
    this.problem = null;
    try {
      const { inbox, made } = await calls.create(kind.channel, name, settings);
      this.created(inbox, made);
    } catch (error) {
      this.problem = this.desk.say(error);
    }
    this.busy = false;
  }

  about(channel) {
    const key = `inboxes.${channel}.about`;
    return this.texts.has(key) ? this.t(key) : '';
  }

  choices() {
    return html`<p class="lead">${this.t('inboxes.form.which')}</p>
      <ul class="channel-choices">
        ${this.known.kinds.map(
          ({ channel }) => html`<li>
            <a href=${href('inboxes', `new-${channel}`)}>
              <span class="inbox-icon">${channelIcon(channel)}</span>
              <span><strong>${channelName(this.texts, channel)}</strong><small>${this.about(channel)}</small></span>
            </a>
          </li>`,
        )}
      </ul>`;
  }

  form(kind) {
    const { channel } = kind;
    const before = `inboxes.${channel}.before`;
    return html`<form class="inbox-form" @submit=${(event) => this.submit(event, kind)}>
      ${this.texts.has(before) ? html`<p class="notice">${icon('bulb')}<span>${this.t(before)}</span></p>` : nothing}
      ${kind.webhook && !this.known.reachable
        ? html`<p class="notice warn">${icon('alert')}<span>${this.t('inboxes.unreachable')}</span></p>`
        : nothing}
      <div class="setting">
        <label for="inbox-name">${this.t('inboxes.form.name')}</label>
        <input id="inbox-name" name="inbox-name" type="text" dir="auto" maxlength="80" required autocomplete="off" aria-describedby="inbox-name-help" />
        <p class="hint" id="inbox-name-help">${this.t('inboxes.form.name_help')}</p>
      </div>
      ${fields(this.texts, kind)}
      <p class="problem" role="alert">${this.problem ?? nothing}</p>
      <footer>
        <a class="button" href=${href('inboxes', 'new')}>${this.t('inboxes.form.other')}</a>
        <button class="button primary" ?disabled=${this.busy}>
          ${this.t(this.busy ? 'inboxes.form.creating' : 'inboxes.form.create')}
        </button>
      </footer>
    </form>`;
  }

  render() {
    const kind = this.known.kind(this.channel);
    const title = kind
      ? this.t('inboxes.form.new_of', { channel: channelName(this.texts, kind.channel) })
      : this.t('inboxes.form.new');
    return html`<main class="inbox-pane" aria-label=${title}>
      <header>
        <a class="icon-button back" href=${href('inboxes')} aria-label=${this.t('inboxes.back')}>${icon('back')}</a>
        <span class="inbox-icon">${kind ? channelIcon(kind.channel) : icon('plus')}</span>
        <div class="title"><h1 tabindex="-1">${title}</h1></div>
      </header>
      <div class="scroll"><div class="inbox-body">${kind ? this.form(kind) : this.choices()}</div></div>
    </main>`;
  }
}

customElements.define('setu-new-inbox', NewInbox);
