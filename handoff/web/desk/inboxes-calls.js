// What the page of inboxes asks of the gateway, and what it knows: the inboxes, looked at again while it is open.

import { call } from './api.js';

const LOOK_MS = 15_000;

const path = (id = '', rest = '') => `/api/desk/inboxes${id && `/${encodeURIComponent(id)}`}${rest}`;

export const calls = {
  list: () => call('GET', path()),
  kinds: () => call('GET', path('kinds')).then(({ kinds }) => kinds),
  create: (channel, name, settings) => call('POST', path(), { channel, name, settings }),
  change: (id, name, settings) => call('PATCH', path(id), { name, settings }),
  renew: (id, what) => call('POST', path(id, '/renew'), { what }),
  check: (id) => call('POST', path(id, '/check')),
  disable: (id) => call('POST', path(id, '/disable')),
  enable: (id) => call('POST', path(id, '/enable')),
  contacts: (id) => call('GET', path(id, '/contacts')).then(({ contacts }) => contacts),
  test: (id, recipient) => call('POST', path(id, '/test'), recipient).then(({ test }) => test),
  fate: (id, message) => call('GET', path(id, `/test/${encodeURIComponent(message)}`)).then(({ fate }) => fate),
};

/** The inboxes and the kinds there are; `changed` is called whenever they are known anew. */
export class Known {
  constructor(changed) {
    this.changed = changed;
    this.inboxes = null;
    this.kinds = [];
    this.reachable = true;
    this.failed = null; // why the last look failed
  }

  start() {
    this.timer = setInterval(() => document.hidden || this.look(), LOOK_MS);
    return this.look();
  }

  stop() {
    clearInterval(this.timer);
  }

  async look() {
    try {
      const [{ inboxes, reachable }, kinds] = await Promise.all([calls.list(), this.kinds.length ? this.kinds : calls.kinds()]);
      Object.assign(this, { inboxes, reachable, kinds, failed: null });
    } catch (error) {
      this.failed = error;
    }
    this.changed();
  }

  of(id) {
    return this.inboxes?.find((inbox) => inbox.id === id);
  }

  kind(channel) {
    return this.kinds.find((kind) => kind.channel === channel);
  }

  /** An inbox as an answer tells it. */
  put(inbox) {
    const others = (this.inboxes ?? []).filter(({ id }) => id !== inbox.id);
    const at = (this.inboxes ?? []).findIndex(({ id }) => id === inbox.id);
    this.inboxes = at < 0 ? [...others, inbox] : [...others.slice(0, at), inbox, ...others.slice(at)];
    this.changed();
  }
}
