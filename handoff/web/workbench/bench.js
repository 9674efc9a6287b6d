// The workbench's work, apart from how it looks: start, sign in, where one is, words about what happened.

import { createStore } from '../desk/held.js';
import { Host } from '../desk/host.js';
import { keep, recall } from '../desk/memory.js';
import { createTexts } from '../desk/texts.js';
import { api } from './api.js';
import { at, parseRoute } from './route.js';
import { SECTIONS } from './sections.js';
import { initial, reduce } from './store.js';

/** Numbers in sentences as the language writes them; they still choose the form of the plural. */
function numbered(texts) {
  const written = (value) =>
    typeof value === 'number' ? { valueOf: () => value, toString: () => texts.number(value) } : value;
  const all = (values) => Object.fromEntries(Object.entries(values).map(([name, value]) => [name, written(value)]));
  return { ...texts, t: (key, values = {}) => texts.t(key, all(values)) };
}

export class Bench extends Host {
  constructor() {
    super(api, createStore(reduce, initial));
    this.leaving = new Set(); // what pages do when somebody signs out
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

  async leave() {
    for (const work of this.leaving) work();
    await this.words().catch(() => null); // those that are here do
    this.store.dispatch({ type: 'signed out' });
  }

  /** The words, in the language chosen in this browser, else the account's; the answer also tells who is here. */
  async words() {
    const answer = await api.start(recall('language', null));
    const words = { ...answer.texts.shell, ...answer.texts }; // the shell's without its name: elements of the desk look for theirs
    this.use(numbered(createTexts(words)));
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
}
