// "Send me a test": to somebody who wrote lately, or to a handle, and what becomes of it, as it happens.

import { html, nothing } from '../vendor/lit.js';
import { DeskElement } from './element.js';
import { icon } from './icons.js';
import { calls } from './inboxes-calls.js';
import { told } from './inboxes-parts.js';

const LOOK_MS = 1000;
const LOOKS = 90;
const ENDS = ['dead', 'dropped', 'shown', 'unsure'];

class InboxTest extends DeskElement {
  static properties = {
    inbox: { attribute: false },
    contacts: { state: true },
    test: { state: true },
    fate: { state: true },
    busy: { state: true },
    problem: { state: true },
    other: { state: true },
  };

  connectedCallback() {
    super.connectedCallback();
    calls.contacts(this.inbox.id).then(
      (contacts) => (this.contacts = contacts),
      () => (this.contacts = []),
    );
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.waiting);
  }

  async submit(event) {
    event.preventDefault();
    const { to, handle = '' } = Object.fromEntries(new FormData(event.target));
    const recipient = to && to !== 'other' ? { contact: to } : { to: handle.trim() };
    clearTimeout(this.waiting);
    Object.assign(this, { busy: true, problem: null, test: null, fate: null });
    try {
      this.test = await calls.test(this.inbox.id, recipient);
      this.look(LOOKS);
    } catch (error) {
      this.problem = this.desk.say(error);
    }
    this.busy = false;
  }

  /** Until the end is known: read, failed, or shown on a page of ours. A platform without marks ends at "sent". */
  async look(left) {
    const { test } = this;
    const fate = await calls.fate(this.inbox.id, test.message_id).catch(() => null);
    if (test !== this.test || !this.isConnected) return;
    if (fate) this.fate = fate;
    const over = fate && (ENDS.includes(fate.state) || ['read', 'failed'].includes(fate.mark));
    if (!over && left > 0) this.waiting = setTimeout(() => this.look(left - 1), LOOK_MS);
  }

  get step() {
    const { state = 'due', mark, attempts, error } = this.fate ?? {};
    if (mark === 'failed') return 'failed';
    if (state === 'sent') return mark && mark !== 'sent' ? mark : 'sent';
    if (state === 'due' && attempts && error) return 'again';
    return state;
  }

  outcome() {
    const { step } = this;
    const bad = ['dead', 'failed', 'dropped'].includes(step);
    const doubtful = ['again', 'unsure'].includes(step);
    const going = ['due', 'sending'].includes(step);
    const shape = bad || doubtful ? 'alert' : going ? 'clock' : step === 'read' ? 'checks' : 'check';
    return html`<p class="fate ${bad ? 'bad' : doubtful ? 'warn' : going ? '' : 'good'}" data-step=${step}>
      ${icon(shape)}<span>${this.t(`inboxes.fates.${step}`, { name: this.test.to })}</span>
    </p>
    ${bad || doubtful ? told(this.texts, this.fate.code, this.fate.error) : nothing}`;
  }

  choices() {
    const { contacts } = this;
    const choose = (event) => (this.other = event.target.value === 'other');
    const choice = (value, label, checked) => html`<label class="choice">
      <input type="radio" name="to" value=${value} ?checked=${checked} @change=${choose} /><span class="what">${label}</span>
    </label>`;
    return html`<fieldset class="choices">
      <legend>${this.t('inboxes.test.to')}</legend>
      ${contacts.map(({ id, name, handle, at }, i) =>
        choice(
          id,
          html`<span dir="auto">${name || handle}</span><span class="aside"><time datetime=${at}>${this.texts.short(at)}</time></span>`,
          i === 0,
        ),
      )}
      ${choice('other', this.t('inboxes.test.other'), !contacts.length)}
    </fieldset>`;
  }

  render() {
    const { contacts } = this;
    const named = this.other || !contacts?.length;
    const hint = `inboxes.${this.inbox.channel}.handle`;
    return html`<section>
      <h2>${this.t('inboxes.test.title')}</h2>
      <form class="inbox-form" @submit=${this.submit} aria-busy=${!contacts}>
        ${contacts?.length ? this.choices() : html`<p class="hint">${this.t('inboxes.test.nobody')}</p>`}
        ${named
          ? html`<div class="setting">
              <label for="test-handle">${this.t('inboxes.test.handle')}</label>
              <input id="test-handle" name="handle" type="text" dir="ltr" maxlength="255" required autocomplete="off" aria-describedby="test-handle-help" />
              <p class="hint" id="test-handle-help">${this.texts.has(hint) ? this.t(hint) : this.t('inboxes.test.handle_help')}</p>
            </div>`
          : nothing}
        <p class="problem" role="alert">${this.problem ?? nothing}</p>
        <footer><button class="button" ?disabled=${this.busy}>${icon('send')}${this.t('inboxes.test.go')}</button></footer>
      </form>
      <div class="outcome" role="status">${this.test ? this.outcome() : nothing}</div>
    </section>`;
  }
}

customElements.define('setu-inbox-test', InboxTest);
