// Saying what a message means: by typing and pointing, by keys, in two wishes, in another language; and taking it back.

import { stepped } from '../../desk/combobox.js';
import { keep, recall } from '../../desk/memory.js';
import { choices } from './chooser.js';
import { Marking } from './marking.js';
import { meaningOf } from './vocabulary.js';

/** What the page of labelling does with what is begun of a label, until it is said. */
export const Saying = (Base) => class extends Marking(Base) {
  static properties = {
    typed: { state: true },
    at: { state: true }, // number of the choice that is pointed at
    wishes: { state: true }, // the first of two
    two: { state: true },
    tongue: { state: true }, // the languages are open
    similar: { state: true }, // labels are for similar messages too
  };

  constructor() {
    super();
    this.calm();
    this.similar = recall('labelling.similar', false);
  }

  /** Nothing is begun: no typing, no marking, no second wish. */
  calm() {
    super.calm();
    this.type('');
    this.wishes = [];
    this.two = false;
    this.tongue = false;
  }

  get begun() {
    return Boolean(this.picking || this.marking || this.two || this.tongue || this.typed);
  }

  get choices() {
    return choices(this.item, this.vocabulary, this.typed);
  }

  get pointed() {
    return this.choices[this.at]?.intent ?? null;
  }

  type(text) {
    this.typed = text;
    this.at = 0;
  }

  pointAt(name) {
    this.typed = '';
    this.at = this.choices.findIndex(({ intent }) => intent.name === name);
  }

  /** To the next choice or the one before; false where the key is no arrow. */
  step(event) {
    const next = stepped(event, this.at, this.choices.length);
    if (next !== null) this.at = next;
    return next !== null;
  }

  keyInField(event) {
    if (event.key === 'Enter') this.take(this.pointed);
    else if (event.key === 'Escape') {
      this.type('');
      event.target.blur();
    } else if (!this.step(event)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** This is what it means; or one of the two things. */
  take(intent) {
    if (!intent || !this.work.targets.length) return;
    if (!this.two) this.say(meaningOf(intent));
    else if (!intent.proposed && !this.wishes.includes(intent.name)) this.wish(intent.name);
  }

  wish(name) {
    this.type('');
    this.wishes = [...this.wishes, name];
    if (this.wishes.length === 2) this.say({ kind: 'two_wishes', wishes: this.wishes });
  }

  takeRanked(number) {
    this.take(this.choices.find((one) => one.number === number)?.intent);
  }

  kind(kind) {
    if (kind === 'proposed') this.overlay = 'propose';
    else if (kind === 'two_wishes') this.two = true;
    else this.say({ kind });
  }

  say(meaning, options = {}) {
    const outcome = this.work.say(meaning, { similar: this.similar && !this.work.chosen.size, ...options });
    this.calm();
    document.activeElement?.closest('.wl-chooser, .wl-actions')?.querySelector(':focus')?.blur();
    if (outcome.next) this.goTo(outcome.next.id);
    else if (outcome.labels?.some(({ utterance }) => utterance === this.route.item)) this.finished();
  }

  /** Nothing is left to say in this view: back to the list, and whether there is more. */
  async finished() {
    this.work.current = null;
    this.goTo(null);
    await this.work.loader.more();
  }

  insist({ utterance, anyway: _, ...meaning }) {
    if (utterance !== this.route.item) this.goTo(utterance);
    this.say(meaning, { anyway: true });
  }

  proposed(proposal) {
    this.vocabulary.add(proposal);
    this.say({ kind: 'proposed', intent: proposal.name });
  }

  async undo() {
    const id = await this.work.undo();
    if (!id) return;
    this.calm();
    this.desk.toast(this.t('labelling.undone'));
    this.goTo(id);
  }

  toggleSimilar() {
    this.similar = !this.similar;
    keep('labelling.similar', this.similar);
  }

  toggleTongue() {
    this.tongue = !this.tongue;
  }

  speakIn(code) {
    this.work.edit({ language: code === this.item.language ? null : code });
    this.tongue = false;
  }
};
