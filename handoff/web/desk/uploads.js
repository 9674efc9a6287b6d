// Files on their way to the gateway: each with its progress, each can be stopped. A reply takes those that arrived.

import { kindOf } from './brief.js';
import { newId } from './memory.js';
import { upload } from './upload.js';

const MOST = 10; // with one message

const kindOfType = (type) => kindOf({ kind: type.split('/')[0] });

export class Uploads {
  constructor(desk) {
    this.desk = desk;
    this.running = new Map(); // key -> how to stop it
  }

  of(id) {
    return this.desk.state.uploads[id] ?? [];
  }

  put(id, uploads) {
    this.desk.store.dispatch({ type: 'uploads', id, uploads });
  }

  change(id, key, change) {
    this.put(id, this.of(id).map((one) => (one.key === key ? { ...one, ...change } : one)));
  }

  /** Begins to send files; more than a message may have are left out, and that is said. */
  add(id, files) {
    const room = MOST - this.of(id).length;
    const taken = [...files].slice(0, room);
    if (taken.length < files.length) this.desk.toast(this.desk.texts.t('files.many', { count: MOST }), 'bad');
    for (const file of taken) this.begin(id, file, newId());
  }

  begin(id, file, key) {
    const kind = kindOfType(file.type);
    const preview = kind === 'image' ? URL.createObjectURL(file) : null;
    const one = { key, name: file.name, size: file.size, kind, preview, progress: 0, state: 'sending' };
    this.put(id, [...this.of(id), one]);
    const { done, stop } = upload(file, (progress) => this.change(id, key, { progress }));
    this.running.set(key, stop);
    done
      .then(
        (entry) => this.change(id, key, { state: 'ready', entry }),
        (error) => {
          if (error.code === 'stopped') return;
          if (error.status === 401) this.desk.trouble(error);
          this.change(id, key, { state: 'failed', problem: this.desk.say(error), again: () => this.again(id, key, file) });
        },
      )
      .finally(() => this.running.delete(key));
  }

  again(id, key, file) {
    this.drop(id, key);
    this.begin(id, file, newId());
  }

  /** Stops one, or takes it away again. */
  drop(id, key) {
    this.running.get(key)?.();
    const one = this.of(id).find((other) => other.key === key);
    if (one?.preview) URL.revokeObjectURL(one.preview);
    this.put(id, this.of(id).filter((other) => other.key !== key));
  }

  waits(id) {
    return this.of(id).some(({ state }) => state === 'sending');
  }

  /** What arrived, for a message; the tray is empty then. */
  take(id) {
    const ready = this.of(id).filter(({ state }) => state === 'ready');
    const entries = ready.map(({ entry }) => entry);
    for (const { key } of ready) this.drop(id, key);
    return entries;
  }
}
