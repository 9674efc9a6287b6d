// What the agent writes, until it is stored: shown at once, sent in order, sent again under the same client_id.

import { keep, newId, recall } from './memory.js';

const RETRY_MS = [500, 1500, 4000, 8000];

const bodyOf = ({ client_id, text, rich: { files, reply_to, template } = {} }) => ({
  client_id,
  text,
  ...(files && { files: files.map(({ id }) => id) }),
  ...(reply_to && { reply_to }),
  ...(template && { template }),
});

const later = (ms) => new Promise((done) => setTimeout(done, ms));

export class Outbox {
  constructor(desk) {
    this.desk = desk;
    this.lines = new Map(); // conversation id -> deliveries, one after another
  }

  get state() {
    return this.desk.store.state;
  }

  dispatch(action) {
    this.desk.store.dispatch(action);
  }

  /**
   * Writes a reply, or a private note. Shown at once; sent until it is stored, always under the same client_id.
   * @param {{files?: object[], replyTo?: number, template?: object}} more what a reply has besides its words
   */
  write(id, text, isPrivate, { files = [], replyTo = null, template = null } = {}) {
    const { me } = this.state;
    const clientId = newId();
    const message = {
      id: clientId,
      client_id: clientId,
      sender: 'agent',
      author: { id: me.id, name: me.name },
      text,
      private: isPrivate,
      rich: { ...(files.length && { files }), ...(replyTo && { reply_to: replyTo }), ...(template && { template }) },
      created_at: new Date().toISOString(),
      state: 'sending',
    };
    this.dispatch({ type: 'pending', id, message });
    this.desk.talks.types(id, false);
    return this.deliver(id, message);
  }

  /** One delivery after another in each conversation, so that the order written is the order stored. */
  deliver(id, message) {
    const before = this.lines.get(id) ?? Promise.resolve();
    const work = before.then(() => this.attempt(id, message));
    this.lines.set(id, work);
    this.remember();
    return work;
  }

  async attempt(id, message) {
    const mark = (value) => this.dispatch({ type: 'pending state', id, clientId: message.client_id, value });
    const send = message.private ? this.desk.api.note : this.desk.api.reply;
    mark('sending');
    for (const pause of [...RETRY_MS, null]) {
      try {
        const answer = await send(id, bodyOf(message));
        this.dispatch({ type: 'messages', id, messages: [answer.message] });
        break;
      } catch (error) {
        if (!this.waits(id, message)) break; // it arrived by the live connection: only the answer was lost
        if (error.code !== 'offline' || pause === null) {
          mark('failed');
          this.desk.trouble(error);
          break;
        }
        await later(pause);
      }
    }
    this.remember();
  }

  waits(id, message) {
    return this.state.threads[id]?.pending.some((p) => p.client_id === message.client_id);
  }

  discard(id, message) {
    this.dispatch({ type: 'pending dropped', id, clientId: message.client_id });
    this.remember();
  }

  remember() {
    const unsent = Object.entries(this.state.threads).map(([id, { pending }]) => [id, pending]);
    const kept = unsent.filter(([, pending]) => pending.length);
    if (this.state.me) keep(`unsent.${this.state.me.id}`, Object.fromEntries(kept));
  }

  /** What a closed page left unsent comes back as failed: the agent decides whether it is still wanted. */
  restore() {
    const unsent = recall(`unsent.${this.state.me.id}`, {});
    for (const [id, pending] of Object.entries(unsent)) {
      for (const message of pending) this.dispatch({ type: 'pending', id, message: { ...message, state: 'failed' } });
    }
  }
}
