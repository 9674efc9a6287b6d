// What stands behind a page that people sign in to: its state, settings and words, and a word about what happened.

import { ApiError } from './api.js';
import { newId } from './memory.js';
import { createSettings } from './settings.js';
import { createTexts } from './texts.js';

const TOAST_MS = 6000;

/** Who derives from it gives `enter()`, which throws an ApiError if we are nobody, `leave()` and `follow()`. */
export class Host {
  constructor(api, store) {
    this.api = api;
    this.store = store;
    this.settings = createSettings();
    this.texts = createTexts();
    addEventListener('hashchange', () => this.follow());
  }

  get state() {
    return this.store.state;
  }

  async signIn(email, password) {
    await this.api.signIn(email, password);
    await this.enter();
  }

  async signOut() {
    const { me } = this.state;
    try {
      await this.api.signOut();
    } catch (error) {
      if (error.status !== 401) return this.trouble(error); // the cookie still opens the page: do not pretend
    }
    this.tidy(me);
    return this.leave();
  }

  /** Clears what was kept in this browser for somebody who has signed out. */
  tidy() {}

  /** The page speaks by these words from now on. */
  use(texts) {
    this.texts = texts;
    document.documentElement.lang = texts.language;
    document.documentElement.dir = texts.direction;
  }

  toast(text, tone = 'plain', route = null) {
    const id = newId();
    this.store.dispatch({ type: 'toast', toast: { id, text, tone, route } });
    setTimeout(() => this.store.dispatch({ type: 'toast gone', id }), TOAST_MS);
  }

  /** A sentence for people about what went wrong. */
  say(error) {
    const { t, has } = this.texts;
    if (error instanceof ApiError && has(`errors.${error.code}`)) return t(`errors.${error.code}`);
    return error.told ? error.message : t('errors.unexpected');
  }

  trouble(error) {
    if (error.status === 401) return this.leave();
    return this.toast(this.say(error), 'bad');
  }
}
