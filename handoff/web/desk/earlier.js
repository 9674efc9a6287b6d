// What a person said on another channel before both talks became one: folded, and fetched when it is opened.

import { html, nothing, repeat } from '../vendor/lit.js';
import { DeskElement } from './element.js';
import { icon } from './icons.js';
import { row } from './message.js';
import { timeline } from './thread.js';

class Earlier extends DeskElement {
  static properties = { message: { attribute: false }, context: { attribute: false }, found: { state: true } };

  async opened({ currentTarget }) {
    if (!currentTarget.open || this.found) return;
    try {
      this.found = await this.desk.api.messages(this.message.rich.values.conversation, { before: 2 ** 31 - 1 });
    } catch {
      currentTarget.open = false; // it can be opened again
    }
  }

  rows() {
    const thread = { messages: this.found, pending: [] };
    const byNumber = new Map(this.found.map((message) => [message.number, message]));
    const context = { ...this.context, working: false, newest: null, byNumber, goTo: () => {} };
    return repeat(timeline(thread, context.me), (item) => item.key, (item) => row(item, context));
  }

  render() {
    const { message, texts } = this;
    return html`<details class="line earlier" data-number=${message.number} @toggle=${this.opened}>
      <summary>${icon('link')}<span dir="auto">${message.text}</span>
        <time datetime=${message.created_at} title=${texts.moment(message.created_at)}>${texts.time(message.created_at)}</time>
      </summary>
      <div class="before">${this.found ? this.rows() : nothing}</div>
    </details>`;
  }
}

customElements.define('setu-earlier', Earlier);
