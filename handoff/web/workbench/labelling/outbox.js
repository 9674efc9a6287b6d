// Labels on their way: kept in this browser until the gateway has them, sent in order, again and again where the
// connection is lost, and taken back in the order given.

import { forget, keep, newId, recall } from '../../desk/memory.js';

const RETRY_MS = [500, 1500, 4000, 8000];
const REMEMBERED = 100; // so many batches can be undone

export class LabelOutbox {
  /** @param tell {saved(work, answer), failed(work, error), undone(work, answer), changed()} */
  constructor(bench, tell) {
    this.bench = bench;
    this.tell = tell;
    this.given = []; // what can be undone, the last one last
    this.waiting = recall(this.place, []); // what the gateway does not have yet
    bench.leaving.add(() => this.stop());
    addEventListener('online', () => this.hurry?.());
    if (this.waiting.length) this.send();
  }

  get place() {
    return `labels.${this.bench.me.id}`;
  }

  /** How many labels the gateway does not have yet. */
  get unsent() {
    return this.waiting.reduce((sum, work) => sum + (work.labels?.length ?? 0), 0);
  }

  give(labels, similar) {
    const work = { id: newId(), labels, similar, batch: null };
    this.given = [...this.given.slice(1 - REMEMBERED), work];
    this.add(work);
    return work;
  }

  /** Takes the last batch back. What is not sent yet never will be. @returns the work, or null: nothing is known here */
  undo() {
    const work = this.given.pop();
    if (!work) return null;
    const unsent = this.waiting.findIndex(({ id }) => id === work.id);
    if (unsent > 0 || (unsent === 0 && !this.sending)) {
      this.waiting.splice(unsent, 1);
      this.remember();
    } else this.add({ id: newId(), undo: work.id, batch: work.batch });
    return work;
  }

  /** Takes back the last batch that the gateway knows of one's own. */
  async undoLast() {
    return this.bench.api.undo();
  }

  add(work) {
    this.waiting.push(work);
    this.remember();
    this.send();
  }

  remember() {
    if (this.waiting.length) keep(this.place, this.waiting);
    else forget(this.place);
    this.tell.changed();
  }

  /** One after another; ends when nothing waits. */
  async send() {
    if (this.busy) return;
    this.busy = true;
    for (let tries = 0; this.waiting.length && !this.stopped; ) {
      const [work] = this.waiting;
      this.sending = true;
      const offline = await this.attempt(work);
      this.sending = false;
      if (!offline) {
        tries = 0;
        this.bench.online(true);
        this.waiting = this.waiting.filter(({ id }) => id !== work.id);
        this.remember();
        continue;
      }
      this.bench.online(false);
      this.tell.changed();
      await this.pause(RETRY_MS[Math.min(tries, RETRY_MS.length - 1)]);
      tries += 1;
    }
    this.busy = false;
  }

  /** True where the gateway cannot be reached. */
  async attempt(work) {
    const { api } = this.bench;
    try {
      if (work.undo) {
        const batch = work.batch ?? this.batches.get(work.undo);
        if (batch) this.tell.undone(work, await api.undo(batch));
      } else {
        const answer = await api.label(work.labels, work.similar, work.id);
        work.batch = answer.batch;
        this.batches.set(work.id, answer.batch);
        this.tell.saved(work, answer);
      }
      return false;
    } catch (error) {
      if (error.code === 'offline') return true;
      if (error.status === 401) {
        this.stop(); // kept: they go when one has signed in again
        this.bench.leave();
        return true;
      }
      this.given = this.given.filter(({ id }) => id !== work.id);
      this.tell.failed(work, error);
      return false;
    }
  }

  batches = new Map(); // work -> the gateway's name for it

  pause(milliseconds) {
    return new Promise((done) => {
      this.hurry = done;
      setTimeout(done, milliseconds);
    });
  }

  stop() {
    this.stopped = true;
  }
}
