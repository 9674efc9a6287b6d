// One conversation's messages: pure functions on {messages, complete, pending}. Numbers decide the order;
// a message that is known already, by number or by client_id, is never there twice.

const SAME_BREATH_MS = 4 * 60_000; // messages of one sender this close are shown as one group

export const emptyThread = () => ({ messages: [], complete: false, pending: [], loaded: false });

/** The thread with `incoming` put in its place; what was pending and has now arrived is pending no more. */
export function merge(thread, incoming) {
  const byNumber = new Map(thread.messages.map((message) => [message.number, message]));
  const arrived = new Set();
  for (const message of incoming) {
    const known = byNumber.get(message.number);
    byNumber.set(message.number, known?.delivery ? { ...message, delivery: message.delivery ?? known.delivery } : message);
    if (message.client_id) arrived.add(message.client_id);
  }
  const messages = [...byNumber.values()].sort((a, b) => a.number - b.number);
  return { ...thread, messages, pending: thread.pending.filter((p) => !arrived.has(p.client_id)) };
}

/** A message told of by itself; one from before what is loaded here is fetched with its page, not alone. */
export const isBefore = (thread, message) => !thread.complete && message.number < (first(thread) ?? 0);

/** How far a message of ours got. */
export const deliver = (thread, number, delivery) => ({
  ...thread,
  messages: thread.messages.map((message) => (message.number === number ? { ...message, delivery } : message)),
});

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

/** Who speaks, as the agent `me` sees it: customer, bot, you, colleague, elsewhere, note, system, dropped or earlier. */
export function kind(message, me) {
  if (message.dropped) return 'dropped';
  if (message.rich?.key === 'threads_joined') return 'earlier';
  if (message.private) return 'note';
  if (message.rich?.elsewhere) return 'elsewhere';
  if (message.sender === 'agent') return message.author && message.author.id !== me?.id ? 'colleague' : 'you';
  return message.sender;
}

/** The name of who wrote a message. */
export function senderOf(message, conversation, t) {
  if (message.sender === 'customer') return conversation?.contact?.name || t('list.visitor');
  if (message.sender === 'bot') return t('talk.bot');
  return message.author?.name ?? (message.rich?.elsewhere ? t('talk.by.elsewhere') : '');
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
    if (['system', 'dropped', 'earlier'].includes(who)) {
      rows.push({ type: 'line', key: message.id, who, message });
      continue;
    }
    const group = rows.at(-1);
    const previous = group?.messages?.at(-1);
    const near = previous && new Date(message.created_at) - new Date(previous.created_at) < SAME_BREATH_MS;
    const contact = message.contact_id ?? null;
    if (near && group.who === who && group.author === message.author?.id && (group.contact === contact || message.state)) {
      group.messages.push(message);
    } else {
      const key = message.client_id || message.id;
      rows.push({ type: 'group', key, who, author: message.author?.id, contact, messages: [message] });
    }
  }
  return rows;
}
