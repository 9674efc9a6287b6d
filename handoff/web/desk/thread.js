// One conversation's messages: pure functions on {messages, complete, pending}. Numbers decide the order;
// a message that is known already, by number or by client_id, is never there twice.

const SAME_BREATH_MS = 4 * 60_000; // messages of one sender this close are shown as one group

export const emptyThread = () => ({ messages: [], complete: false, pending: [], loaded: false });

/** The thread with `incoming` put in its place; what was pending and has now arrived is pending no more. */
export function merge(thread, incoming) {
  const byNumber = new Map(thread.messages.map((message) => [message.number, message]));
  const arrived = new Set();
  for (const message of incoming) {
    byNumber.set(message.number, message);
    if (message.client_id) arrived.add(message.client_id);
  }
  const messages = [...byNumber.values()].sort((a, b) => a.number - b.number);
  return { ...thread, messages, pending: thread.pending.filter((p) => !arrived.has(p.client_id)) };
}

export const first = (thread) => thread.messages[0]?.number ?? null;
export const last = (thread) => thread.messages.at(-1)?.number ?? 0;

/** The number after which something is missing, or null. `known` is the newest number the server has. */
export function gapAfter(thread, known = 0) {
  const { messages } = thread;
  for (let i = 1; i < messages.length; i += 1) {
    if (messages[i].number > messages[i - 1].number + 1) return messages[i - 1].number;
  }
  return known > last(thread) ? last(thread) : null;
}

export const addPending = (thread, message) => ({ ...thread, pending: [...thread.pending, message] });

export const markPending = (thread, clientId, state) => ({
  ...thread,
  pending: thread.pending.map((p) => (p.client_id === clientId ? { ...p, state } : p)),
});

export const dropPending = (thread, clientId) => ({
  ...thread,
  pending: thread.pending.filter((p) => p.client_id !== clientId),
});

/** Who speaks, as the agent `me` sees it: customer, bot, you, colleague, note, system or dropped. */
export function kind(message, me) {
  if (message.dropped) return 'dropped';
  if (message.private) return 'note';
  if (message.sender === 'agent') return message.author && message.author.id !== me?.id ? 'colleague' : 'you';
  return message.sender;
}

/** What the talk shows, top to bottom: {type: 'day'|'unread'|'line'|'group', …}, each with a stable key. */
export function timeline(thread, me, readTo = Infinity) {
  const rows = [];
  let day = null;
  let markUnread = readTo < Infinity;
  for (const message of [...thread.messages, ...thread.pending]) {
    const today = new Date(message.created_at).toDateString();
    if (today !== day) {
      rows.push({ type: 'day', key: `day ${today}`, date: message.created_at });
      day = today;
    }
    const who = kind(message, me);
    if (markUnread && message.number > readTo && who === 'customer') {
      rows.push({ type: 'unread', key: 'unread' });
      markUnread = false;
    }
    if (who === 'system' || who === 'dropped') {
      rows.push({ type: 'line', key: message.id, who, message });
      continue;
    }
    const group = rows.at(-1);
    const previous = group?.messages?.at(-1);
    const near = previous && new Date(message.created_at) - new Date(previous.created_at) < SAME_BREATH_MS;
    if (near && group.who === who && group.author === message.author?.id) {
      group.messages.push(message);
    } else {
      rows.push({ type: 'group', key: message.client_id || message.id, who, author: message.author?.id, messages: [message] });
    }
  }
  return rows;
}
