// The workbench's work, apart from how it looks: start, sign in, where one is, words about what happened.

import { ApiError } from '../desk/api.js';
import { keep, newId, recall } from '../desk/memory.js';
import { createSettings } from '../desk/settings.js';
import { createTexts } from '../desk/texts.js';
import { api } from './api.js';
import { at, parseRoute } from './route.js';
import { sections } from './sections.js';
import { createStore } from './store.js';

const TOAST_MS = 6000;

/** Numbers in sentences as the language writes them; they still choose the form of the plural. */
function numbered(texts) {
  const written = (value) =>
    typeof value === 'number' ? { valueOf: () => value, toString: () => texts.number(value) } : value;
  const all = (values) => Object.fromEntries(Object.entries(values).map(([name, value]) => [name, written(value)]));
  return { ...texts, t: (key, values = {}) => texts.t(key, all(values)) };
}

export class Bench {
  constructor() {
    this.store = createStore();
    this.settings = createSettings();
    this.texts = createTexts();
    this.api = api;
    this.leaving = new Set(); // what pages do when somebody signs out
    addEventListener('hashchange', () => this.follow());
  }

  get state() {
    return this.store.state;
  }

  get me() {
    return this.state.me;
  }

  set(change) {
    this.store.dispatch({ type: 'set', change });
  }

  async start() {
    this.follow();
    try {
      const known = await this.publicTexts();
      if (known?.signed_in === false) this.store.dispatch({ type: 'signed out' });
      else await this.enter();
    } catch (error) {
      if (error.status === 401) this.leave();
      else this.set({ phase: 'failed', failure: this.say(error) });
    }
  }

  /** Loads who we are; throws an ApiError if we are nobody. Who works elsewhere is told so. */
  async enter() {
    try {
      const { agent, can, texts, language, languages } = await api.me();
      this.use(texts, language);
      await this.wanted(language);
      this.set({ phase: 'ready', me: agent, can, languages });
    } catch (error) {
      if (error.status !== 403) throw error;
      this.set({ phase: 'refused' });
    }
  }

  async signIn(email, password) {
    await api.signIn(email, password);
    await this.enter();
  }

  async signOut() {
    try {
      await api.signOut();
    } catch (error) {
      if (error.status !== 401) return this.trouble(error); // the cookie still opens the page: do not pretend
    }
    return this.leave();
  }

  async leave() {
    for (const work of this.leaving) work();
    await this.publicTexts();
    this.store.dispatch({ type: 'signed out' });
  }

  /** The texts that need no sign-in; the answer also tells whether there is one. */
  async publicTexts() {
    const language = recall('language', null) ?? navigator.language;
    const answer = await api.texts(language).catch(() => null);
    if (answer?.texts) this.use(answer.texts, language);
    return answer;
  }

  /** Who chose a language in this browser has it, whatever the account says. */
  async wanted(given) {
    const language = recall('language', null);
    if (!language || language === given) return;
    const answer = await api.texts(language).catch(() => null);
    if (answer?.texts) this.use(answer.texts, language);
  }

  async speak(language) {
    keep('language', language);
    await this.wanted(null);
    this.settings.set({}); // everything is drawn again
  }

  /** The words of the shell are found without its name, as the elements of the desk look for theirs. */
  use(texts, language) {
    const words = { ...texts.shell, ...texts };
    this.texts = numbered(createTexts(words, words.locale ?? language ?? 'en'));
    document.documentElement.lang = this.texts.language;
    document.documentElement.dir = this.texts.direction;
  }

  follow() {
    this.set({ route: parseRoute(location.hash, sections()) });
  }

  go(page, item = null, query = {}) {
    location.hash = at(page, item, query);
  }

  /** The number beside a section on the rail. */
  count(section, count) {
    this.store.dispatch({ type: 'count', section, count });
  }

  online(online) {
    this.store.dispatch({ type: 'online', online });
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
