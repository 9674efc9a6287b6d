// The desk's whole state and the only place where it changes. `reduce` is pure: (state, action) -> state.

import { reducing } from './held.js';
import * as thread from './thread.js';
import { belongs, fits, recount } from './views.js';

export const initial = {
  phase: 'starting', // starting | signed-out | ready | failed
  me: null,
  route: { view: 'queue', id: null },
  conversations: {}, // id -> the server's JSON
  counts: {},
  countsStale: false, // a conversation came up that the counts may not know
  pages: {}, // view -> {loaded, more, loading}
  threads: {}, // conversation id -> thread (thread.js)
  cards: {}, // conversation id -> hand-off card
  typing: {}, // conversation id -> {who: {name, at}}
  drafts: {}, // conversation id -> {reply, note, mode}
  agents: [],
  canned: {}, // language -> replies
  reach: {}, // conversation id -> the platform's window, what the channel can, approved texts
  uploads: {}, // conversation id -> files for the next reply (uploads.js)
  inboxes: [], // what the lists can be narrowed to
  filter: null, // an inbox id, or a channel as "*name"
  suggested: {}, // conversation id -> answers suggested for the customer's last words
  steps: null, // what the bot can be asked to do next
  online: true, // the realtime connection
  sheet: false, // the card lies over the talk, where there is no room beside it
  toasts: [],
};

const put = (state, part, id, value) => ({ ...state, [part]: { ...state[part], [id]: value } });

/** What was fetched may be older than what was told meanwhile. */
const newer = (told, fetched) => {
  const step = (told?.epoch ?? -1) - fetched.epoch || (told?.last_number ?? 0) - (fetched.last_number ?? 0);
  return told && step > 0 ? told : fetched;
};

const withThread = (state, id, change) => put(state, 'threads', id, change(state.threads[id] ?? thread.emptyThread()));

export const reduce = reducing({
  ready: (state, { me, agents = [] }) => ({ ...state, phase: 'ready', me, agents }),
  'signed out': (state) => ({ ...initial, phase: 'signed-out', route: state.route }),
  failed: (state, { message }) => ({ ...state, phase: 'failed', failure: message }),
  route: (state, { route }) => ({ ...state, route, sheet: state.sheet && route.id === state.route.id }),
  sheet: (state, { open }) => ({ ...state, sheet: open }),
  me: (state, { change }) => ({ ...state, me: { ...state.me, ...change } }),

  agents: (state, { agents }) => {
    const own = agents.find((agent) => agent.id === state.me?.id);
    return { ...state, agents, me: own ? { ...state.me, availability: own.availability } : state.me };
  },

  'page asked': (state, { view }) => put(state, 'pages', view, { ...state.pages[view], loading: true }),

  // The first page of a view is the truth: what it lacks has left the view while nobody told us.
  page: (state, { view, conversations, counts, more, start }) => {
    const here = new Set(conversations.map((c) => c.id));
    const kept = Object.entries(state.conversations).filter(
      ([id, c]) =>
        !start || here.has(id) || id === state.route.id || !belongs(c, view, state.me) || !fits(c, state.filter),
    );
    const known = Object.fromEntries(kept);
    for (const conversation of conversations) known[conversation.id] = newer(state.conversations[conversation.id], conversation);
    const next = put(state, 'pages', view, { loaded: true, more, loading: false });
    return { ...next, conversations: known, counts: counts ?? state.counts, countsStale: false };
  },
  'page failed': (state, { view }) => put(state, 'pages', view, { ...state.pages[view], loading: false }),

  conversation: (state, { conversation }) => {
    const before = state.conversations[conversation.id];
    const merged = { ...before, ...conversation };
    const next = put(state, 'conversations', conversation.id, merged);
    if (!before) return { ...next, countsStale: true };
    return { ...next, counts: recount(state.counts, before, merged, state.me) };
  },

  // A colleague has it now: it leaves our lists.
  gone: (state, { id }) => {
    const { [id]: before, ...conversations } = state.conversations;
    if (!before) return state;
    const counts = recount(state.counts, before, { ...before, status: 'hidden', agent: null }, state.me);
    return { ...state, conversations, counts };
  },

  opened: (state, { id, conversation, messages, card, complete }) => {
    const next = reduce(state, { type: 'conversation', conversation: newer(state.conversations[id], conversation) });
    const withMessages = withThread(next, id, (known) => ({
      ...thread.merge(known, messages),
      loaded: true,
      complete: known.complete || complete,
    }));
    return put(withMessages, 'cards', id, card);
  },

  messages: (state, { id, messages, complete }) =>
    withThread(state, id, (known) => ({ ...thread.merge(known, messages), complete: complete ?? known.complete })),

  // A message for a talk that is not open only moves its row: the thread is fetched whole when it is opened.
  message: (state, { id, message }) => {
    const known = state.threads[id];
    const quiet = { ...state.typing[id] };
    if (!known || message.number > thread.last(known)) delete quiet[message.sender]; // a changed one ends no typing
    const next = put(state, 'typing', id, quiet);
    if (!known || thread.isBefore(known, message)) return next;
    return withThread(next, id, (now) => thread.merge(now, [message]));
  },

  delivery: (state, { id, number, delivery }) =>
    state.threads[id] ? withThread(state, id, (known) => thread.deliver(known, number, delivery)) : state,

  pending: (state, { id, message }) => withThread(state, id, (known) => thread.addPending(known, message)),
  'pending state': (state, { id, clientId, value }) =>
    withThread(state, id, (known) => thread.markPending(known, clientId, value)),
  'pending dropped': (state, { id, clientId }) => withThread(state, id, (known) => thread.dropPending(known, clientId)),

  read: (state, { id, who, number }) => {
    const conversation = state.conversations[id];
    if (!conversation) return state;
    const change =
      who === 'agent'
        ? { read_by_agent: Math.max(number, conversation.read_by_agent ?? 0), unread: 0 }
        : { read_by_customer: Math.max(number, conversation.read_by_customer ?? 0) };
    return put(state, 'conversations', id, { ...conversation, ...change });
  },

  typing: (state, { id, who, name, on, at }) => {
    const now = { ...state.typing[id] };
    if (on) now[who] = { name, at };
    else delete now[who];
    return put(state, 'typing', id, now);
  },

  draft: (state, { id, draft }) => put(state, 'drafts', id, { ...state.drafts[id], ...draft }),
  drafts: (state, { drafts }) => ({ ...state, drafts }),
  canned: (state, { language, replies }) => put(state, 'canned', language, replies),
  reach: (state, { id, reach }) => put(state, 'reach', id, reach),
  uploads: (state, { id, uploads }) => put(state, 'uploads', id, uploads),
  inboxes: (state, { inboxes }) => ({ ...state, inboxes }),
  filter: (state, { filter }) => ({ ...state, filter, pages: {} }),
  suggested: (state, { id, suggestions }) => put(state, 'suggested', id, suggestions),
  steps: (state, { steps }) => ({ ...state, steps }),
});
