/**
 * What the customer has sent and the gateway has not yet acknowledged.
 *
 * An entry is written to storage with its own client_id before it is sent, and leaves it only when the gateway has
 * acknowledged it; after a reload or a lost connection it is sent again under the same id, which the gateway knows.
 */
const STALE = 60 * 60 * 1000; // unsent for longer: ask before sending it after all
const AGAIN = 2_000; // ms until what was not acknowledged is sent again

const newId = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const later = (a, b) => (a.created_at < b.created_at ? -1 : 1);
const aged = (entry) => (Date.now() - new Date(entry.created_at) > STALE ? {...entry, failed: true} : entry);

export class Outbox {
  /** `ask(entry)` sends one and gives the gateway's answer, or null while there is no line; rejects unanswered. */
  constructor({storage, thread, ask, delivered, changed}) {
    Object.assign(this, {storage, thread, ask, delivered, changed});
    thread.pending = storage.all("out:").sort(later).map(aged);
  }

  /** Puts a text with files, or a tapped button {title, payload}, on its way. */
  add(content) {
    const entry = {client_id: newId(), created_at: new Date().toISOString(), ...content};
    this.storage.set(`out:${entry.client_id}`, entry);
    this.thread.pending = [...this.thread.pending, entry];
    this.changed();
    this.flush();
  }

  /** Sends what waits, one after the other, so that it arrives in the order it was written. */
  async flush() {
    if (this.flushing) return;
    this.flushing = true;
    clearTimeout(this.timer);
    let wait = 0;
    try {
      let entry;
      while (!wait && (entry = this.thread.pending.find((other) => !other.failed))) {
        const answer = await this.ask(entry);
        if (!answer) break;
        if (answer.ok) this.delivered({...answer.message, client_id: entry.client_id});
        else if (answer.error.retry_after) wait = answer.error.retry_after * 1000;
        else this.#mark(entry.client_id, {failed: true, reason: answer.error.message});
      }
    } catch {
      wait = AGAIN;
    } finally {
      this.flushing = false;
    }
    if (wait) this.timer = setTimeout(() => this.flush(), wait);
  }

  /** Forgets what the thread now holds as a message. */
  settle(before) {
    for (const {client_id} of before) {
      if (!this.thread.pending.some((entry) => entry.client_id === client_id)) this.storage.drop(`out:${client_id}`);
    }
  }

  retry(clientId) {
    this.#mark(clientId, {failed: false, reason: "", created_at: new Date().toISOString()});
    this.flush();
  }

  discard(clientId) {
    this.thread.settle(clientId);
    this.storage.drop(`out:${clientId}`);
    this.changed();
  }

  #mark(clientId, change) {
    this.thread.pending = this.thread.pending.map((entry) => (entry.client_id === clientId ? {...entry, ...change} : entry));
    this.changed();
  }
}
