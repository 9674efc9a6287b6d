// The work on open conversations: show, keep in step, mark as read. Numbers decide; nothing is shown twice.

import { first, gapAfter, last } from './thread.js';
import { isMine } from './views.js';

const PAGE = 100; // messages the server sends at once
const PATIENCE_MS = 400; // a message may come a little after the row that announces it
const TYPING_MS = 6000; // a typing sign without news goes out
const TYPING_EVERY_MS = 2500;

/** The contacts of a thread, and which of them answers go to. */
const whoIsIn = ({ contact, also }) => [contact?.id, ...(also ?? [])].join(' ');

const later = (ms) => new Promise((done) => setTimeout(done, ms));

export class Talks {
  constructor(desk) {
    this.desk = desk;
    this.syncing = new Map(); // conversation id -> the fetch under way
    this.typedAt = 0;
    document.addEventListener('visibilitychange', () => this.seen());
  }

  get state() {
    return this.desk.store.state;
  }

  dispatch(action) {
    this.desk.store.dispatch(action);
  }

  /** Opens a conversation (null: none); what is known of it shows at once, the rest is fetched. */
  async show(id, quiet = false) {
    this.desk.live?.watch(id);
    if (!id) return;
    try {
      const { conversation, messages, card } = await this.desk.api.open(id);
      if (conversation.merged_into) return this.desk.go(this.state.route.view, conversation.merged_into);
      this.dispatch({ type: 'opened', id, conversation, messages, card, complete: messages.length < PAGE });
      this.desk.needReach(id);
      await this.sync(id, conversation.last_number ?? 0);
      this.seen();
    } catch (error) {
      if (this.state.route.id !== id) return;
      if (!quiet) this.desk.trouble(error);
      if (![403, 404].includes(error.status)) return;
      this.dispatch({ type: 'gone', id });
      this.desk.go(this.state.route.view);
    }
    return undefined;
  }

  /** Fetches whatever is missing between the messages we have, and up to number `known`. */
  sync(id, known = 0) {
    const running = this.syncing.get(id);
    if (running) return running.then(() => this.fill(id, known));
    const work = this.fill(id, known).finally(() => this.syncing.delete(id));
    this.syncing.set(id, work);
    return work;
  }

  async fill(id, known) {
    let previous = null;
    for (;;) {
      const thread = this.state.threads[id];
      const after = thread && gapAfter(thread, known);
      if (after == null || after === previous) return;
      previous = after;
      const messages = await this.desk.api.messages(id, { after });
      this.dispatch({ type: 'messages', id, messages });
    }
  }

  /** After a lost connection: the open conversation anew, its card, and all that came meanwhile. */
  async catchUp() {
    const { id } = this.state.route;
    for (const known of Object.keys(this.state.threads)) {
      if (known !== id) await this.sync(known, this.state.conversations[known]?.last_number ?? 0).catch(() => {});
    }
    if (id) await this.sync(id, Infinity).catch(() => {});
    await this.show(id);
  }

  async older(id) {
    const thread = this.state.threads[id];
    const before = first(thread);
    if (!thread.loaded || thread.complete || before == null) return;
    const messages = await this.desk.api.messages(id, { before });
    this.dispatch({ type: 'messages', id, messages, complete: messages.length === 0 || messages[0].number <= 1 });
  }

  arrived(id, message) {
    this.dispatch({ type: 'message', id, message });
    const thread = this.state.threads[id];
    if (thread && gapAfter(thread) != null) this.sync(id).catch(() => {});
    if (id !== this.state.route.id) return;
    if (message.sender === 'customer') this.desk.needReach(id); // their words open the window again
    this.seen();
  }

  /** A row changed: the card of the open talk follows a new owner; a silent newer message is fetched. */
  async changed(before, now) {
    if (now.id !== this.state.route.id) return;
    if (before && (before.epoch !== now.epoch || whoIsIn(before) !== whoIsIn(now))) await this.show(now.id);
    await later(PATIENCE_MS);
    await this.sync(now.id, now.last_message?.number ?? 0).catch(() => {});
  }

  typing(id, who, name, on) {
    const at = Date.now();
    this.dispatch({ type: 'typing', id, who, name, on, at });
    if (!on) return;
    setTimeout(() => {
      if (this.state.typing[id]?.[who]?.at === at) this.dispatch({ type: 'typing', id, who, on: false });
    }, TYPING_MS);
  }

  /** The agent types a reply, or stopped; told to the customer at most every few seconds. */
  types(id, on = true) {
    if (on && Date.now() - this.typedAt < TYPING_EVERY_MS) return;
    this.typedAt = on ? Date.now() : 0;
    this.desk.live?.typing(id, on);
  }

  /** Marks the open conversation as read if it is the agent's own and on the screen. */
  seen() {
    const { route, conversations, threads, me } = this.state;
    const conversation = conversations[route.id];
    const thread = threads[route.id];
    if (document.hidden || !thread || !conversation || !isMine(conversation, me)) return;
    const number = last(thread);
    if (!conversation.unread && number <= (conversation.read_by_agent ?? 0)) return;
    this.dispatch({ type: 'read', id: route.id, who: 'agent', number });
    this.desk.api.read(route.id, number).catch(() => {});
  }
}
