// Marking details in the open message: by mouse, or word by word with the keys.

import { letterOf, selection, spanOf, suggested } from './message.js';
import { words } from './text.js';

/** What the page of labelling does with `marking` ({from, to} in words) and `picking` ({start, end}, waits for its entity). */
export const Marking = (Base) => class extends Base {
  static properties = { marking: { state: true }, picking: { state: true } };

  calm() {
    this.marking = null;
    this.picking = null;
  }

  get marked() {
    return this.marking ? spanOf(this.item.text, this.marking) : null;
  }

  selected(_event, item) {
    const range = selection(this.querySelector('.wl-message'), item.text);
    if (!range) return;
    this.picking = range;
    this.marking = null;
  }

  mark() {
    if (words(this.item.text).length) this.marking = { from: 0, to: 0 };
  }

  moveMark(by, widen) {
    const last = words(this.item.text).length - 1;
    const to = Math.min(last, Math.max(0, this.marking.to + by));
    this.marking = { from: widen ? this.marking.from : to, to };
  }

  pickMarked() {
    this.picking = this.marked;
    this.marking = null;
  }

  unmarkHere() {
    const { start, end } = this.marked;
    const marks = this.work.draft().entities.filter((mark) => mark.start < end && start < mark.end);
    for (const mark of marks) this.work.unmark(mark);
  }

  /** All that the bot found is right. */
  takeSuggested() {
    for (const one of suggested(this.item, this.work.draft().entities, this.vocabulary)) {
      this.work.mark({ start: one.start, end: one.end }, one.entity);
    }
    this.escape();
  }

  pick(entity) {
    if (entity && this.picking) this.work.mark(this.picking, entity);
    this.picking = null;
    getSelection()?.removeAllRanges();
  }

  pickLetter(letter) {
    const entity = this.vocabulary.entities.find((_, i) => letterOf(i) === letter);
    if (entity) this.pick(entity.name);
  }
};
