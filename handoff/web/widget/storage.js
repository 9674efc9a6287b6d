/**
 * What the widget keeps in the browser, apart for each inbox and each person: token, draft, unsent messages,
 * how far was read. Where storage is refused (private windows, blocked cookies) it lasts as long as the page.
 */
export class Storage {
  constructor(inbox, customer = "") {
    this.prefix = `setu:${inbox}:${customer}:`;
    this.memory = new Map();
    try {
      this.area = window.localStorage;
    } catch {
      this.area = null;
    }
  }

  get(name) {
    const key = this.prefix + name;
    try {
      return JSON.parse(this.memory.get(key) ?? this.area?.getItem(key) ?? "null");
    } catch {
      return null;
    }
  }

  set(name, value) {
    const key = this.prefix + name;
    try {
      this.area.setItem(key, JSON.stringify(value));
      this.memory.delete(key);
    } catch {
      this.memory.set(key, JSON.stringify(value));
    }
  }

  drop(name) {
    this.memory.delete(this.prefix + name);
    try {
      this.area?.removeItem(this.prefix + name);
    } catch {
      // nothing was kept
    }
  }

  /** Values of every name that begins with `start`. One key a value: two tabs never overwrite each other. */
  all(start) {
    const names = new Set(this.memory.keys());
    try {
      for (const key of Object.keys(this.area ?? {})) names.add(key);
    } catch {
      // memory alone
    }
    return [...names]
      .filter((key) => key.startsWith(this.prefix + start))
      .map((key) => this.get(key.slice(this.prefix.length)))
      .filter(Boolean);
  }
}
