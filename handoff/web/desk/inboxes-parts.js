// Small pieces of the page of inboxes: health in a word, what can be copied, a question before a change.

import { html, nothing } from '../vendor/lit.js';
import { icon } from './icons.js';
import { Overlay } from './overlay.js';

const SHAPES = { good: 'check', warn: 'alert', bad: 'alert', off: 'dropped', new: 'clock' };

export const channelName = (texts, channel) => texts.label('channels', channel);

/** How an inbox does, in a word and a colour, with its gravest sign. */
export function health(texts, { health: { state, signs } }) {
  return html`<span class="health ${state}"
    >${icon(SHAPES[state])}<span>${signs.length ? texts.t(`inboxes.signs.${signs[0]}.short`) : texts.t(`inboxes.states.${state}`)}</span></span
  >`;
}

/** A value to be copied: in a field, so that it can be selected where copying is not allowed. */
export function copyable(desk, id, label, value, hint = nothing) {
  const field = () => document.getElementById(id);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(value);
      desk.toast(desk.texts.t('inboxes.copied'));
    } catch {
      field().select();
      desk.toast(desk.texts.t('inboxes.copy_by_hand'));
    }
  };
  return html`<div class="copyable">
    <label for=${id}>${label}</label>
    <div class="with-button">
      <input id=${id} type="text" dir="ltr" readonly .value=${value} @focus=${() => field().select()} />
      <button type="button" class="button" @click=${copy} aria-label=${desk.texts.t('inboxes.copy_what', { what: label })}>
        ${icon('copy')}<span>${desk.texts.t('inboxes.copy')}</span>
      </button>
    </div>
    ${hint === nothing ? nothing : html`<p class="hint">${hint}</p>`}
  </div>`;
}

/** Why something was not delivered: in our words, where there are any, and in the platform's. */
export const told = (texts, code, error) => html`
  ${code && texts.has(`undelivered.${code}`) ? html`<p>${texts.t(`undelivered.${code}`)}</p>` : nothing}
  ${error ? html`<blockquote><bdi>${error}</bdi></blockquote>` : nothing}
`;

/** What a setting is called, and where it is found; a channel without words shows its own names. */
export const settingLabel = (texts, channel, name) =>
  [`inboxes.${channel}.${name}.label`, `inboxes.${channel}.${name}`, `inboxes.common.${name}.label`]
    .filter(texts.has)
    .map((key) => texts.t(key))[0] ?? name.replaceAll('_', ' ');

export const settingHelp = (texts, channel, name) =>
  [`inboxes.${channel}.${name}.help`, `inboxes.common.${name}.help`].filter(texts.has).map((key) => texts.t(key))[0];

/** A question before something that cannot be taken back by itself. `ask`: {title, lead, go, run}. */
class Ask extends Overlay {
  static properties = { ask: { attribute: false }, busy: { state: true } };

  async submit(event) {
    event.preventDefault();
    this.busy = true;
    await this.ask.run();
    this.close();
  }

  render() {
    const { title, lead, go } = this.ask;
    return this.frame(
      { title, name: 'ask' },
      html`<form @submit=${this.submit}>
        <div class="body"><p class="lead">${lead}</p></div>
        <footer>
          <button type="button" class="button" @click=${this.close}>${this.t('overlay.cancel')}</button>
          <button class="button primary" data-first ?disabled=${this.busy}>${go}</button>
        </footer>
      </form>`,
    );
  }
}

customElements.define('setu-ask', Ask);
