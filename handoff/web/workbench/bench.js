// The workbench's work, apart from how it looks: start, sign in, where one is, words about what happened.

import { ApiError } from '../desk/api.js';
import { keep, newId, recall } from '../desk/memory.js';
import { createSettings } from '../desk/settings.js';
import { createTexts } from '../desk/texts.js';
import { api } from './api.js';
import { at, parseRoute } from './route.js';
import { SECTIONS } from './sections.js';
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
      await this.enter();
    } catch (error) {
      this.set({ phase: 'failed', failure: this.say(error) });
    }
  }

  /** Loads the words and who we are; who works elsewhere is told so. */
  async enter() {
    const { signed_in: signedIn, me, languages } = await this.words();
    if (me) this.set({ phase: 'ready', me, can: me.can, languages });
    else if (signedIn) this.set({ phase: 'refused' });
    else this.store.dispatch({ type: 'signed out' });
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
    await this.words().catch(() => null); // those that are here do
    this.store.dispatch({ type: 'signed out' });
  }

  /** The words, in the language chosen in this browser, else the account's; the answer also tells who is here. */
  async words() {
    const answer = await api.start(recall('language', null));
    const words = { ...answer.texts.shell, ...answer.texts }; // the shell's without its name: elements of the desk look for theirs
    this.texts = numbered(createTexts(words, words.locale ?? 'en'));
    document.documentElement.lang = this.texts.language;
    document.documentElement.dir = this.texts.direction;
    return answer;
  }

  async speak(language) {
    keep('language', language);
    await this.words()
      .then(() => this.vocabulary?.again())
      .catch((error) => this.trouble(error));
    this.settings.set({}); // everything is drawn again
  }

  follow() {
    this.set({ route: parseRoute(location.hash, SECTIONS) });
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
