// Which conversation belongs to which view, in what order, and what the list's badges count. Pure.

// `elsewhere`: a person answers in another tool. Last, so that the numbers of the others stay.
export const VIEWS = ['queue', 'mine', 'bot', 'resolved', 'all', 'elsewhere'];

export const viewsFor = (me) => VIEWS.filter((view) => view !== 'all' || ['supervisor', 'operator'].includes(me?.role));

// Pages beside the talks, for those who may see them.
const PAGES = ['inboxes'];

export const pagesFor = (me) => PAGES.filter(() => ['supervisor', 'operator'].includes(me?.role));

export const isPage = (view) => PAGES.includes(view);

export const isMine = (conversation, me) =>
  Boolean(me && conversation.agent?.id === me.id && ['assigned', 'snoozed'].includes(conversation.status));

const RULES = {
  queue: (c) => c.status === 'queued',
  mine: isMine,
  bot: (c) => c.status === 'bot',
  resolved: (c) => c.status === 'resolved',
  elsewhere: (c) => c.status === 'elsewhere',
  all: () => true,
  inboxes: () => false,
};

export const belongs = (conversation, view, me) => !conversation.merged_into && RULES[view](conversation, me);

/** Whether a conversation is of the inbox (an id) or channel (`*name`) that the lists are narrowed to. */
export const fits = ({ inbox }, filter) => !filter || filter === inbox?.id || filter === `*${inbox?.channel}`;

const lastAt = (c) => c.last_message_at ?? c.last_message?.created_at ?? c.queued_at ?? '';
const longestWait = (a, b) => (a.queued_at ?? '').localeCompare(b.queued_at ?? '') || a.id.localeCompare(b.id);
const snoozedLast = (a, b) => (a.status === 'snoozed') - (b.status === 'snoozed');
const newest = (a, b) => lastAt(b).localeCompare(lastAt(a)) || a.id.localeCompare(b.id);

/** The conversations of a view in order: the queue by who waits longest, the rest by what is newest. */
export function listOf(conversations, view, me, filter = null) {
  const order = view === 'queue' ? longestWait : (a, b) => snoozedLast(a, b) || newest(a, b);
  return Object.values(conversations)
    .filter((conversation) => belongs(conversation, view, me) && fits(conversation, filter))
    .sort(order);
}

/** The counts after one conversation changed from `before` (maybe unknown) to `after`. */
export function recount(counts, before, after, me) {
  const next = { ...counts };
  for (const view of VIEWS) {
    if (view === 'all' || next[view] === undefined) continue;
    const change = Number(belongs(after, view, me)) - Number(before ? belongs(before, view, me) : 0);
    next[view] = Math.max(0, next[view] + change);
  }
  return next;
}

export const unreadTotal = (conversations, me) =>
  Object.values(conversations)
    .filter((conversation) => isMine(conversation, me))
    .reduce((sum, conversation) => sum + (conversation.unread || 0), 0);

/** A mood score (-1..1, or null) as one of three words. */
export const moodOf = (score) => (score == null ? null : score <= -0.25 ? 'low' : score >= 0.25 ? 'good' : 'even');

/** How long a wait feels: shown in the colour of the waiting time. Seconds. */
export const waitLevel = (seconds) => (seconds >= 300 ? 'long' : seconds >= 120 ? 'some' : 'short');
