// The lists and what moves in them: pages of a view, rows that change, appear or leave, and who is told.

import { brief } from './brief.js';
import { call } from './notify.js';
import { nameOf } from './parts.js';
import { isMine, isPage } from './views.js';

const COUNTS_DELAY_MS = 800;
const HIDE_DELAY_MS = 400;

export class Rows {
  constructor(desk) {
    this.desk = desk;
  }

  get state() {
    return this.desk.store.state;
  }

  dispatch(action) {
    this.desk.store.dispatch(action);
  }

  /** Fetches a view's first page, or with `more` the page after the last row shown. */
  async page(asked, before) {
    const view = isPage(asked) ? 'queue' : asked; // beside the talks, it is for the counts in the rail
    if (this.state.pages[view]?.loading) return;
    this.dispatch({ type: 'page asked', view });
    try {
      const { conversations, counts, more } = await this.desk.api.list(view, before, this.state.filter);
      this.dispatch({ type: 'page', view, conversations, counts, more, start: !before });
    } catch (error) {
      this.dispatch({ type: 'page failed', view });
      this.desk.trouble(error);
    }
  }

  /** Narrows the lists to an inbox or channel (null: all). */
  narrow(filter) {
    this.dispatch({ type: 'filter', filter });
    return this.page(this.state.route.view);
  }

  changed(conversation) {
    if (conversation.hidden) return this.hideSoon(conversation);
    const before = this.state.conversations[conversation.id];
    this.dispatch({ type: 'conversation', conversation });
    if (this.state.countsStale) this.countSoon();
    this.desk.talks.changed(before, conversation);
    this.tell(before, conversation);
    return undefined;
  }

  /** "Not for your eyes any more" is told to all; those who may still see it get the row right after. */
  hideSoon({ id, epoch }) {
    setTimeout(() => {
      const known = this.state.conversations[id];
      if (!known || known.epoch >= epoch) return;
      if (this.state.route.id === id) {
        const name = nameOf(known, this.desk.texts.t);
        this.desk.toast(this.desk.texts.t('talk.gone', { name }));
        this.desk.go(this.state.route.view);
      }
      this.dispatch({ type: 'gone', id });
    }, HIDE_DELAY_MS);
  }

  countSoon() {
    this.counting ??= setTimeout(() => {
      this.counting = null;
      if (this.state.phase === 'ready') this.page(this.state.route.view);
    }, COUNTS_DELAY_MS);
  }

  /** Calls the agent: a talk was given to them, or their customer wrote while they look elsewhere. */
  tell(before, now) {
    const { me } = this.state;
    if (!isMine(now, me)) return;
    const given = !(before && isMine(before, me)) && !this.desk.moves.taking.has(now.id);
    const wrote =
      now.last_message?.sender === 'customer' && (now.last_message.number ?? 0) > (before?.last_message?.number ?? 0);
    if (!given && !(wrote && document.hidden)) return;
    const name = nameOf(now, this.desk.texts.t);
    const text = now.last_message ? brief(now.last_message, this.desk.texts.t) : '';
    const title = this.desk.texts.t(given ? 'notify.given' : 'notify.wrote', { name });
    if (given) this.desk.toast(title, 'good', { view: 'mine', id: now.id });
    call(this.desk.settings.values, { title, body: text, tag: now.id, open: () => this.desk.go('mine', now.id) });
  }
}
