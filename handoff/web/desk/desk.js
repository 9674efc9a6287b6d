// The desk's work, apart from how it looks: start, sign in, lists, news from the server.

import { api } from './api.js';
import { Changes } from './changes.js';
import { createStore } from './held.js';
import { Host } from './host.js';
import { connect } from './live.js';
import { forget, keep, recall } from './memory.js';
import { Moves } from './moves.js';
import { Outbox } from './outbox.js';
import { href, parseRoute } from './route.js';
import { nextChange } from './reach.js';
import { Rows } from './rows.js';
import { initial, reduce } from './store.js';
import { Talks } from './talks.js';
import { createTexts } from './texts.js';
import { Uploads } from './uploads.js';
import { isPage, pagesFor, viewsFor } from './views.js';

const LONGEST_TIMER_MS = 3_600_000;

export class Desk extends Host {
  constructor() {
    super(api, createStore(reduce, initial));
    this.suggestedFor = new Map(); // conversation id -> number of the customer's words
    this.narrow = matchMedia('(max-width: 1180px)'); // as in frame.css: no room for the card beside the talk
    this.rows = new Rows(this);
    this.talks = new Talks(this);
    this.outbox = new Outbox(this);
    this.moves = new Moves(this);
    this.changes = new Changes(this);
    this.uploads = new Uploads(this);
    this.narrow.addEventListener('change', () => this.settings.set({}));
  }

  async start() {
    this.store.dispatch({ type: 'route', route: parseRoute(location.hash) });
    try {
      const known = await this.publicTexts();
      if (known?.signed_in === false) this.store.dispatch({ type: 'signed out' });
      else await this.enter();
    } catch (error) {
      if (error.status === 401) this.leave();
      else this.store.dispatch({ type: 'failed', message: this.say(error) });
    }
  }

  /** Loads who we are and opens the live connection; throws an ApiError if we are nobody. */
  async enter() {
    const { agent, texts } = await api.me();
    this.use(createTexts(texts));
    this.store.dispatch({ type: 'drafts', drafts: recall(`drafts.${agent.id}`, {}) });
    this.store.dispatch({ type: 'ready', me: agent });
    this.outbox.restore();
    if (![...viewsFor(agent), ...pagesFor(agent)].includes(this.state.route.view)) this.go('queue');
    this.live = connect({
      on: {
        conversation: (conversation) => this.rows.changed(conversation),
        message: ({ conversation_id: id, message }) => this.talks.arrived(id, message),
        delivery: ({ conversation_id: id, number, delivery }) =>
          this.store.dispatch({ type: 'delivery', id, number, delivery }),
        typing: ({ conversation_id: id, who, name, on }) => this.talks.typing(id, who, name, on),
        read: ({ conversation_id: id, who = 'customer', number }) =>
          this.store.dispatch({ type: 'read', id, who, number }),
        agents: (news) => this.store.dispatch({ type: 'agents', agents: news.agents }),
        queue: () => this.rows.countSoon(),
      },
      connected: (again) => this.connected(again),
      lost: () => this.store.dispatch({ type: 'online', online: false }),
      refused: () => this.check(),
    });
    await this.follow();
    this.needSteps(); // there before the dialog that offers them: a choice must not shift under the hand
    api.inboxes().then((inboxes) => this.store.dispatch({ type: 'inboxes', inboxes }), () => {});
    api.agents().then((agents) => this.store.dispatch({ type: 'agents', agents }), () => {});
  }

  tidy(me) {
    forget(`drafts.${me.id}`);
    forget(`unsent.${me.id}`);
  }

  async leave() {
    this.live?.close();
    this.live = null;
    await this.publicTexts();
    this.store.dispatch({ type: 'signed out' });
  }

  /** The texts that need no sign-in; the answer also tells whether there is one. */
  async publicTexts() {
    const answer = await api.texts(navigator.language).catch(() => null);
    if (answer?.texts) this.use(createTexts(answer.texts));
    return answer;
  }

  /** Is our sign-in still good? */
  check() {
    return api.me().catch((error) => error.status === 401 && this.leave());
  }

  async connected(again) {
    this.store.dispatch({ type: 'online', online: true });
    if (!again) return;
    await this.rows.page(this.state.route.view);
    await this.talks.catchUp();
  }

  go(view, id = null) {
    location.hash = href(view, id);
  }

  get cardShown() {
    return this.narrow.matches ? this.state.sheet : this.settings.values.card;
  }

  toggleCard() {
    if (this.narrow.matches) this.store.dispatch({ type: 'sheet', open: !this.state.sheet });
    else this.settings.set({ card: !this.settings.values.card });
  }

  async follow() {
    const before = this.state.route;
    const route = parseRoute(location.hash);
    this.store.dispatch({ type: 'route', route });
    if (this.state.phase !== 'ready') return;
    const page = this.state.pages[route.view];
    if (isPage(route.view)) {
      if (!this.state.pages.queue?.loaded) this.rows.page(route.view);
      return this.talks.show(null);
    }
    const work = [];
    if (!page?.loaded || before.view !== route.view) work.push(this.rows.page(route.view));
    work.push(this.talks.show(route.id));
    return Promise.all(work);
  }

  /** Canned replies and next steps are fetched when first needed. */
  async needCanned(language) {
    if (this.state.canned[language]) return;
    const replies = await api.canned(language).catch(() => null);
    if (replies) this.store.dispatch({ type: 'canned', language, replies });
  }

  /** Suggested answers for the customer's words with that number; without any the desk works as ever. */
  async needSuggestions(id, number) {
    if (!number || this.suggestedFor.get(id) === number) return;
    this.suggestedFor.set(id, number);
    this.store.dispatch({ type: 'suggested', id, suggestions: [] });
    const answer = await api.suggestions(id).catch(() => null);
    if (answer && this.suggestedFor.get(id) === number) {
      this.store.dispatch({ type: 'suggested', id, suggestions: answer.suggestions });
    }
  }

  /** How the customer can be reached now; asked again when the platform's window moves on by itself. */
  async needReach(id) {
    const reach = await api.reach(id).catch(() => null);
    if (!reach) return;
    this.store.dispatch({ type: 'reach', id, reach });
    if (this.state.route.id !== id) return;
    const pause = nextChange(reach);
    clearTimeout(this.reaching);
    if (pause) this.reaching = setTimeout(() => this.needReach(id), Math.min(pause + 500, LONGEST_TIMER_MS));
  }

  async needSteps() {
    if (this.state.steps) return;
    const steps = await api.steps().catch(() => null);
    if (steps) this.store.dispatch({ type: 'steps', steps });
  }

  saveDraft(id, draft) {
    this.store.dispatch({ type: 'draft', id, draft });
    const kept = Object.entries(this.state.drafts).filter(([, d]) => d.reply || d.note || d.replyTo || d.editing);
    keep(`drafts.${this.state.me.id}`, Object.fromEntries(kept));
  }
}
