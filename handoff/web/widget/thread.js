/**
 * The messages of one conversation as this tab knows them: each once, in the order of their numbers, then what is
 * still on its way. Knows nothing of the network or the page.
 */
const SAME_GROUP = 5 * 60 * 1000;

export class Thread {
  constructor() {
    this.messages = [];
    this.pending = [];
    this.synced = 0; // every message up to this number is here
  }

  /** Takes messages in; returns those not held before. Their pending twins (same client_id) are gone after it. */
  take(messages) {
    const fresh = [];
    for (const message of messages) {
      const held = this.messages.findIndex((other) => other.id === message.id);
      if (held >= 0) this.messages[held] = message;
      else fresh.push(message);
      if (message.number === this.synced + 1) this.synced = message.number;
      if (message.client_id) this.settle(message.client_id);
    }
    if (fresh.length) this.messages = [...this.messages, ...fresh].sort((a, b) => a.number - b.number);
    return fresh;
  }

  /** Everything up to `number` is here (some numbers belong to notes, which customers never get). */
  complete(number) {
    this.synced = Math.max(this.synced, number || 0);
  }

  get last() {
    return this.messages.at(-1)?.number ?? 0;
  }

  get gap() {
    return this.last > this.synced;
  }

  /** Another conversation begins; what is on its way stays. */
  clear() {
    this.messages = [];
    this.synced = 0;
  }

  settle(clientId) {
    this.pending = this.pending.filter((entry) => entry.client_id !== clientId);
  }

  unread(seen) {
    return this.messages.filter(({number, sender}) => number > seen && (sender === "bot" || sender === "agent")).length;
  }

  /** Message id → payload tapped on it. A tap belongs to the nearest earlier message that offers it. */
  chosen() {
    const chosen = new Map();
    const all = [...this.messages, ...this.pending];
    all.forEach((tap, at) => {
      if (!tap.payload) return;
      for (let i = at - 1; i >= 0; i--) {
        if (offers(all[i]).some((button) => button.payload === tap.payload)) {
          const taps = chosen.get(all[i].id) ?? new Set();
          chosen.set(all[i].id, taps.add(tap.payload));
          return;
        }
      }
    });
    return chosen;
  }

  /** Rows to show: {kind: "day" | "system" | "message", key, message, first, last, latest}. */
  rows() {
    const rows = [];
    let before = null;
    const all = [...this.messages, ...this.pending];
    const latestOwn = all.findLast((message) => (message.sender ?? "customer") === "customer");
    for (const message of all) {
      const kind = message.sender === "system" ? "system" : "message";
      const key = message.client_id || message.id;
      const newDay = !before || day(before.message) !== day(message);
      if (newDay) rows.push({kind: "day", key: `day ${day(message)}`, message});
      const joins = !newDay && kind === "message" && together(before, message);
      if (joins) before.last = false;
      const row = {kind, key, message, first: !joins, last: true, latest: message === latestOwn};
      rows.push(row);
      before = row;
    }
    return rows;
  }
}

/** Every button of a message, those on its cards too. */
export function offers(message) {
  const {buttons = [], cards = []} = message.rich ?? {};
  return [...buttons, ...cards.flatMap((card) => card.buttons ?? [])];
}

function day(message) {
  return new Date(message.created_at).toDateString();
}

function together(row, message) {
  const other = row.message;
  return (
    row.kind === "message" &&
    (other.sender ?? "customer") === (message.sender ?? "customer") &&
    other.author?.id === message.author?.id &&
    new Date(message.created_at) - new Date(other.created_at) < SAME_GROUP
  );
}
