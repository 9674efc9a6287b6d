/**
 * The line to the gateway: starts, stays connected, sends each message exactly once, fills gaps.
 *
 * A message is written to storage with its own client_id before it is sent, and leaves it only when the gateway has
 * acknowledged it; after a reload or a lost connection it is sent again under the same id, which the gateway knows.
 */
import {Storage} from "./storage.js";
import {Thread} from "./thread.js";
import {Wire} from "./wire.js";

const ANSWER = 8_000; // ms to wait for an acknowledgement
const STALE = 60 * 60 * 1000; // unsent for longer: ask before sending it after all
const PAUSES = [1, 2, 5, 15, 30, 60].map((seconds) => seconds * 1000);

const pause = (attempt) => PAUSES[Math.min(attempt, PAUSES.length - 1)];

/** Runs `work` in one tab at a time, so that two tabs opened at once do not become two contacts. */
const alone = (name, work) => (navigator.locks ? navigator.locks.request(name, work) : work());
const SPREAD = 300; // ms until another tab surely sees what this one has stored

const newId = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

export class Connection {
  /** `changed()` after any change, `arrived(messages)` for new ones from others. */
  constructor({base, inbox, locale, identity, changed, arrived}) {
    Object.assign(this, {base, inbox, locale, identity, changed, arrived});
    this.storage = new Storage(inbox, identity?.customer);
    this.thread = new Thread();
    this.started = null; // what the start call answered
    this.conversation = null;
    this.refused = null; // {code, message}: the gateway will not have us
    this.typist = null;
    this.attempt = 0;
    this.thread.pending = this.storage
      .all("out:")
      .sort((a, b) => (a.created_at < b.created_at ? -1 : 1))
      .map((entry) => (Date.now() - new Date(entry.created_at) > STALE ? {...entry, failed: true} : entry));
  }

  /** Buttons the inbox offers to begin with. */
  get offered() {
    return this.started?.options?.buttons ?? [];
  }

  get seen() {
    return this.storage.get("seen") ?? 0;
  }

  async start() {
    if (this.closed) return;
    clearTimeout(this.timer);
    try {
      await alone(`setu:${this.inbox}`, async () => {
        const token = this.storage.get("token");
        await this.#begin();
        this.changed();
        if (this.storage.get("token") !== token) await new Promise((done) => setTimeout(done, SPREAD));
      });
    } catch {
      this.timer = setTimeout(() => this.start(), pause(this.attempt++));
    }
  }

  async #begin() {
    // Who has just signed in brings the talk begun as a visitor along.
    const visitor = this.identity && new Storage(this.inbox);
    const token = this.storage.get("token") ?? visitor?.get("token");
    const response = await fetch(new URL(`api/widget/${encodeURIComponent(this.inbox)}/start`, this.base), {
      method: "POST",
      credentials: "omit",
      headers: {"content-type": "application/json"},
      body: JSON.stringify({
        token: token ?? undefined,
        identity: this.identity ?? undefined,
        locale: this.locale || undefined,
        page: location.origin + location.pathname,
      }),
      signal: AbortSignal.timeout(15_000),
    });
    if (response.status >= 500 || response.status === 429) throw new Error(`start: ${response.status}`);
    const answer = await response.json();
    if (!response.ok) {
      this.refused = answer.error ?? {code: String(response.status), message: ""};
      return;
    }
    this.attempt = 0;
    this.refused = null;
    this.started = answer;
    this.storage.set("token", answer.token);
    if (visitor?.get("token") === answer.token) visitor.drop("token"); // it is the customer's now
    if (this.conversation && this.conversation.id !== answer.conversation.id) this.thread.clear();
    this.storage.set("seen", Math.min(this.storage.get("seen") ?? Infinity, answer.conversation.last_number));
    this.#take(answer.messages);
    this.thread.complete(answer.conversation.last_number);
    this.conversation = answer.conversation;
    if (this.wanted || this.thread.last || this.thread.pending.length) this.connect();
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
        refused: () => this.#restart(), // the gateway said no: the token may be outdated
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

  get online() {
    return Boolean(this.wire?.connected);
  }

  #connected() {
    this.attempt = 0;
    this.changed();
    this.sync();
    this.flush();
  }

  #disconnected() {
    this.typist = null;
    this.changed();
  }

  #restart() {
    this.wire = null;
    this.timer = setTimeout(() => this.start(), pause(this.attempt++));
  }

  #typing(typist) {
    clearTimeout(this.typistTimer);
    this.typist = typist;
    if (typist) this.typistTimer = setTimeout(() => this.#typing(null), 10_000);
    this.changed();
  }

  #take(messages) {
    const before = this.thread.pending;
    const fresh = this.thread.take(messages);
    for (const entry of before) {
      if (!this.thread.pending.includes(entry)) this.storage.drop(`out:${entry.client_id}`);
    }
    const others = fresh.filter((message) => message.sender !== "customer");
    if (others.some((message) => message.sender === this.typist?.who)) this.#typing(null);
    if (others.length && this.started) this.arrived(others);
    this.changed();
  }

  /** Asks for what came after the last number held, until nothing is missing. */
  async sync(delay = 0) {
    clearTimeout(this.syncTimer);
    if (delay) {
      this.syncTimer = setTimeout(() => this.conversation.last_number > this.thread.synced && this.sync(), delay);
      return;
    }
    if (this.syncing || !this.online) return;
    this.syncing = true;
    try {
      for (;;) {
        const answer = await this.wire.ask("sync", {after: this.thread.synced}, ANSWER);
        if (!answer.ok) break;
        this.conversation = answer.conversation;
        this.#take(answer.messages);
        const reached = answer.messages.at(-1)?.number ?? answer.conversation.last_number;
        this.thread.complete(reached);
        if (reached >= answer.conversation.last_number) break;
      }
    } catch {
      if (this.online) this.wire.redial(); // a line that does not answer is dead
    } finally {
      this.syncing = false;
    }
    this.changed();
  }

  /** Puts a text, or a tapped button {title, payload}, on its way. */
  send(content) {
    const entry = {client_id: newId(), created_at: new Date().toISOString(), ...content};
    this.storage.set(`out:${entry.client_id}`, entry);
    this.thread.pending = [...this.thread.pending, entry];
    this.connect();
    this.flush();
    this.changed();
  }

  /** Sends what waits, one after the other, so that it arrives in the order it was written. */
  async flush() {
    if (this.flushing) return;
    this.flushing = true;
    let wait = 0;
    try {
      let entry;
      while (this.online && (entry = this.thread.pending.find((other) => !other.failed))) {
        const {client_id, text, payload} = entry;
        const answer = await this.wire.ask("send", payload ? {client_id, payload} : {client_id, text}, ANSWER);
        if (answer.ok) this.#take([{...answer.message, client_id}]);
        else if (answer.error.retry_after) {
          wait = answer.error.retry_after * 1000;
          break;
        } else this.#fail(entry, answer.error.message);
      }
    } catch {
      wait = 2_000; // not acknowledged: it stays, and goes again
    } finally {
      this.flushing = false;
    }
    if (wait) setTimeout(() => this.flush(), wait);
  }

  #fail(entry, reason) {
    this.thread.pending = this.thread.pending.map((other) => (other === entry ? {...entry, failed: true, reason} : other));
    this.changed();
  }

  retry(clientId) {
    const again = (entry) => ({...entry, failed: false, reason: "", created_at: new Date().toISOString()});
    this.thread.pending = this.thread.pending.map((entry) => (entry.client_id === clientId ? again(entry) : entry));
    this.flush();
    this.changed();
  }

  discard(clientId) {
    this.thread.settle(clientId);
    this.storage.drop(`out:${clientId}`);
    this.changed();
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
