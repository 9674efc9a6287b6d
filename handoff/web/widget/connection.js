/** The line to the gateway: starts, stays connected, fills gaps; what is sent goes through the outbox. */
import {Outbox} from "./outbox.js";
import {alone, start} from "./start.js";
import {Storage} from "./storage.js";
import {Thread} from "./thread.js";
import {Wire} from "./wire.js";

const ANSWER = 8_000; // ms to wait for an acknowledgement
const SPREAD = 300; // ms until another tab surely sees what this one has stored
const TYPING = 10_000; // ms a typing sign lasts if nothing more is heard
const BACK = 20; // messages that are asked for again after a lost connection: some may have changed
const PAUSES = [1, 2, 5, 15, 30, 60].map((seconds) => seconds * 1000);

export class Connection {
  /** `changed()` after any change, `arrived(messages)` for new ones from others. */
  constructor({base, inbox, locale, identity, changed, arrived}) {
    Object.assign(this, {base, inbox, locale, identity, changed, arrived});
    this.storage = new Storage(inbox, identity?.customer);
    this.thread = new Thread();
    this.outbox = new Outbox({
      storage: this.storage,
      thread: this.thread,
      ask: (entry) => this.#deliver(entry),
      delivered: (message) => this.#take([message]),
      changed,
    });
    this.started = null; // what the start call answered
    this.conversation = null;
    this.refused = null; // {code, message}: the gateway will not have us
    this.typist = null;
    this.attempt = 0;
  }

  /** Buttons the inbox offers to begin with. */
  get offered() {
    return this.started?.options?.buttons ?? [];
  }

  get seen() {
    return this.storage.get("seen") ?? 0;
  }

  get online() {
    return Boolean(this.wire?.connected);
  }

  async start() {
    if (this.closed) return;
    clearTimeout(this.timer);
    try {
      await alone(`setu:${this.inbox}`, async () => {
        const token = this.storage.get("token");
        await this.#begin(token);
        this.changed();
        if (this.storage.get("token") !== token) await new Promise((done) => setTimeout(done, SPREAD));
      });
    } catch {
      this.#startAgain();
    }
  }

  async #begin(token) {
    const {base, inbox, locale, identity, storage, thread} = this;
    const visitor = identity && new Storage(inbox); // who has just signed in brings the visitor's talk along
    const {started, refused} = await start({base, inbox, locale, identity, token: token ?? visitor?.get("token")});
    if (this.closed) return;
    this.refused = refused;
    if (refused) return;
    storage.set("token", started.token);
    if (visitor?.get("token") === started.token) visitor.drop("token"); // it is the customer's now
    const {conversation, messages} = started;
    if (this.conversation && this.conversation.id !== conversation.id) thread.clear();
    const first = !thread.last;
    this.#hold(messages);
    if (first) thread.complete(conversation.last_number); // else there may be a gap before them: sync tells
    storage.set("seen", Math.min(storage.get("seen") ?? Infinity, conversation.last_number));
    Object.assign(this, {started, conversation, attempt: 0});
    if (this.wanted || thread.last || thread.pending.length) this.connect();
  }

  #startAgain() {
    this.timer = setTimeout(() => this.start(), PAUSES[Math.min(this.attempt++, PAUSES.length - 1)]);
  }

  /** Opens the line: when the panel opens, or at once if there is a talk to follow. */
  connect() {
    this.wanted = true;
    if (this.wire || !this.started || this.closed) return;
    this.wire = new Wire({
      url: new URL("socket.io", this.base).href,
      namespace: "/widget",
      auth: () => ({token: this.storage.get("token")}),
      on: {
        connect: () => this.#connected(),
        disconnect: () => this.#disconnected(),
        refused: () => this.#refused(),
        event: (name, data) => this.#events[name]?.(data),
      },
    });
    this.wire.open();
  }

  #events = {
    message: ({message}) => {
      this.#take([message]);
      if (this.thread.gap) this.sync();
    },
    conversation: (conversation) => {
      if (conversation.id !== this.conversation?.id) return this.start(); // joined with another channel's talk
      this.conversation = conversation;
      if (conversation.last_number > this.thread.synced) this.sync(300);
      this.changed();
    },
    read: ({number}) => {
      this.conversation = {...this.conversation, read_by_agent: number};
      this.changed();
    },
    typing: ({who, name, on}) => this.#typing(on ? {who, name} : null),
  };

  #connected() {
    this.attempt = 0;
    this.changed();
    this.sync(0, this.met ? BACK : 0);
    this.met = true;
    this.outbox.flush();
  }

  #disconnected() {
    this.typist = null;
    this.changed();
  }

  /** The token may be outdated: a new start gives another one. */
  #refused() {
    this.wire = null;
    this.#startAgain();
  }

  #typing(typist) {
    clearTimeout(this.typistTimer);
    this.typist = typist;
    if (typist) this.typistTimer = setTimeout(() => this.#typing(null), TYPING);
    this.changed();
  }

  #hold(messages) {
    const before = this.thread.pending;
    const fresh = this.thread.take(messages);
    this.outbox.settle(before);
    return fresh;
  }

  #take(messages) {
    const others = this.#hold(messages).filter((message) => message.sender !== "customer");
    if (others.some((message) => message.sender === this.typist?.who)) this.#typing(null);
    if (others.length) this.arrived(others);
    this.changed();
  }

  /** Asks for what came after the last number held, until nothing is missing. */
  async sync(delay = 0, back = 0) {
    clearTimeout(this.syncTimer);
    if (delay) {
      this.syncTimer = setTimeout(() => this.conversation.last_number > this.thread.synced && this.sync(), delay);
      return;
    }
    if (this.syncing || !this.online) return;
    this.syncing = true;
    let after = Math.max(0, this.thread.synced - back);
    try {
      for (;;) {
        const answer = await this.#ask("sync", {after});
        if (!answer?.ok) break;
        if (answer.conversation.id !== this.conversation.id) return void this.start();
        this.conversation = answer.conversation;
        this.#take(answer.messages);
        const reached = answer.messages.at(-1)?.number ?? answer.conversation.last_number;
        this.thread.complete(reached);
        if (reached >= answer.conversation.last_number) break;
        after = Math.max(reached, this.thread.synced);
      }
    } catch {
      // the line is dialled anew, and asks again
    } finally {
      this.syncing = false;
    }
    this.changed();
  }

  /** Sends a text with files' ids and what to show of them ({text, files, rich}), or a tapped button {title, payload}; see the outbox. */
  send(content) {
    this.outbox.add(content);
    this.connect();
  }

  #deliver({client_id, text, payload, files}) {
    return this.#ask("send", payload ? {client_id, payload} : {client_id, text: text || undefined, files});
  }

  /** An acknowledged call; null while there is no line. A line that does not answer is dead: dialled anew. */
  async #ask(name, data) {
    const {wire} = this;
    if (!this.online) return null;
    try {
      return await wire.ask(name, data, ANSWER);
    } catch (error) {
      if (wire.connected) wire.redial();
      throw error;
    }
  }

  read() {
    const number = this.thread.last;
    if (number <= this.seen) return;
    this.storage.set("seen", number);
    this.wire?.emit("read", {number});
  }

  typing(on) {
    this.wire?.emit("typing", {on});
  }

  /** After sleep, a change of network, or coming back to the tab: is the line still alive, did we miss anything? */
  wake() {
    if (!this.started) {
      if (this.attempt) this.start();
    } else if (this.online) this.sync();
    else this.wire?.redial();
  }

  close() {
    this.closed = true;
    for (const timer of [this.timer, this.syncTimer, this.typistTimer]) clearTimeout(timer);
    this.wire?.close();
  }
}
