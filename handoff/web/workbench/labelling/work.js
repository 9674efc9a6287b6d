// The work of labelling, apart from how it looks: which message is open, which are chosen, what is said of them.

import { Loader } from './loader.js';
import { LabelOutbox } from './outbox.js';
import { withMark } from './text.js';
import { Vocabulary } from './vocabulary.js';

const SOON = 6; // so few left: the next page is fetched
const SETTLING_MS = 1200; // after the last label the figures are asked again

const BRIEF = 50; // letters of a message that pass over the page

const brief = (text) => ([...text].length > BRIEF ? `${[...text].slice(0, BRIEF).join('').trimEnd()}…` : text);

/** A label that says something must be of what the message still has: told kindly where it is not. */
export class Work {
  constructor(bench, changed) {
    this.bench = bench;
    this.changed = changed;
    this.loader = new Loader(bench, () => this.listChanged());
    this.vocabulary = Vocabulary.of(bench);
    this.outbox = new LabelOutbox(bench, this);
    this.current = null; // id
    this.chosen = new Set(); // ids, for labelling many at once
    this.drafts = new Map(); // id -> {entities, language}
    this.details = new Map(); // id -> {similar, context}
    this.given = new Map(); // id -> {label, state: saving | saved | refused, code?}
    this.absent = null; // why the open one cannot be shown
    this.refused = null; // {utterance, code, label} of the last one that was not taken
    this.progress = null;
  }

  get items() {
    return this.loader.items;
  }

  get item() {
    return this.loader.get(this.current) ?? null;
  }

  get targets() {
    return this.chosen.size ? this.items.filter(({ id }) => this.chosen.has(id)) : [this.item].filter(Boolean);
  }

  /** What was said here, or before. */
  said(item) {
    const mine = this.given.get(item.id);
    return mine ? mine.label : item.mine;
  }

  open(query) {
    this.chosen = new Set();
    this.given = new Map([...this.given].filter(([, { state }]) => state === 'saving'));
    return this.loader.load(query);
  }

  listChanged() {
    const known = new Set(this.items.map(({ id }) => id));
    this.chosen = new Set([...this.chosen].filter((id) => known.has(id)));
    if (this.loader.counts) this.bench.count('queue', this.loader.counts.useful);
    this.changed();
  }

  /** Shows a message; one that is not in the list is fetched. */
  async show(id) {
    this.current = id;
    this.refused = null;
    this.absent = null;
    this.changed();
    if (!id || this.details.has(id)) return;
    try {
      const answer = await this.bench.api.utterance(id);
      this.details.set(id, { similar: answer.similar ?? [], context: answer.context ?? [] });
      if (this.loader.get(id)) this.loader.change(id, answer.utterance);
      else if (this.current === id) this.loader.put(answer.utterance);
    } catch (error) {
      if (this.current === id && !this.item) this.absent = error; // an address from elsewhere
    }
    this.changed();
  }

  draft(id = this.current) {
    return this.drafts.get(id) ?? { entities: this.said(this.loader.get(id) ?? { id })?.entities ?? [], language: null };
  }

  edit(change, id = this.current) {
    this.drafts.set(id, { ...this.draft(id), ...change });
    this.changed();
  }

  mark(range, entity) {
    this.edit({ entities: withMark(this.draft().entities, { ...range, entity }) });
  }

  unmark(mark) {
    this.edit({ entities: this.draft().entities.filter((other) => other !== mark) });
  }

  choose(id, on = !this.chosen.has(id)) {
    const chosen = new Set(this.chosen);
    if (on) chosen.add(id);
    else chosen.delete(id);
    this.chosen = chosen;
    this.changed();
  }

  chooseNone() {
    this.chosen = new Set();
    this.changed();
  }

  /** The next message nobody has spoken about here, after the open one, else from the top; null: none is left. */
  nextOpen() {
    const at = this.items.findIndex(({ id }) => id === this.current);
    const left = (item) => !this.given.has(item.id) && item.id !== this.current && !this.chosen.has(item.id);
    const after = this.items.slice(at + 1).find(left);
    if (this.items.filter(left).length < SOON) this.loader.more();
    return after ?? this.items.find(left) ?? null;
  }

  neighbour(step) {
    const at = this.items.findIndex(({ id }) => id === this.current);
    if (step > 0 && at >= this.items.length - 2) this.loader.more();
    return this.items[Math.min(this.items.length - 1, Math.max(0, at + step))] ?? null;
  }

  /** Says something of the chosen messages, or the open one; shown at once. @param meaning {kind, intent?, wishes?} */
  say(meaning, { similar = false, anyway = false } = {}) {
    const alone = this.chosen.size === 0;
    const labels = this.targets.map((item) => {
      const { entities, language } = this.draft(item.id);
      return {
        utterance: item.id,
        ...meaning,
        ...(alone && entities.length && meaning.kind !== 'skip' && { entities }),
        ...(language && { language }),
        ...(anyway && { anyway }),
      };
    });
    if (!labels.length) return 0;
    for (const label of labels) this.given.set(label.utterance, { label, state: 'saving' });
    const next = this.nextOpen();
    this.chosen = new Set();
    this.refused = null;
    this.outbox.give(labels, similar);
    this.changed();
    return { labels, next };
  }

  /** Takes the last labels back. @returns the id to go back to, or null where there is nothing to take back */
  async undo() {
    const work = this.outbox.undo();
    if (work) {
      for (const { utterance } of work.labels) {
        this.given.delete(utterance);
        if (this.loader.get(utterance)?.against) this.loader.change(utterance, { against: null });
      }
      this.changed();
      return work.labels[0].utterance;
    }
    try {
      const { utterances } = await this.outbox.undoLast();
      this.figures();
      for (const id of utterances) this.given.delete(id);
      for (const id of utterances) if (this.loader.get(id)) this.loader.change(id, { mine: null, state: 'open', against: null });
      return utterances[0] ?? null;
    } catch (error) {
      this.bench.trouble(error);
      return null;
    }
  }

  saved(work, { labelled, refused, states, batch, against = {} }) {
    void batch;
    const not = new Map(refused.map(({ utterance, code }) => [utterance, code]));
    for (const label of work.labels) {
      const now = this.given.get(label.utterance);
      if (now?.label !== label && now) continue; // said anew meanwhile
      const code = not.get(label.utterance);
      if (code) {
        this.given.set(label.utterance, { label, state: 'refused', code });
        this.refused = { label, code };
      } else if (now) {
        this.given.set(label.utterance, { label, state: 'saved' });
        const here = this.loader.get(label.utterance);
        const told = { state: states[label.utterance] ?? here?.state, against: against[label.utterance] ?? null };
        if (here) this.loader.change(label.utterance, told);
      }
    }
    const odd = this.loader.get(work.labels.find(({ utterance }) => against[utterance])?.utterance);
    if (odd) this.bench.toast(this.bench.texts.t('labelling.against_told', { text: brief(odd.text) }), 'bad', { view: 'queue', id: odd.id });
    if (refused.length) this.bench.toast(this.why(refused[0].code), 'bad', { view: 'queue', id: refused[0].utterance });
    else if (labelled.length > work.labels.length) {
      this.bench.toast(this.bench.texts.t('labelling.also_similar', { count: labelled.length }));
    }
    this.count(-labelled.length);
    this.figures();
    this.changed();
  }

  /** One's own label holds, although the data say otherwise. */
  async insist(item) {
    const { kind, intent, wishes, entities, language } = this.said(item);
    try {
      const { states } = await this.bench.api.settle(item.id, { kind, intent, wishes, entities, language });
      this.loader.change(item.id, { state: states[item.id], against: null });
      this.bench.toast(this.bench.texts.t('agreement.settled'));
      this.figures();
    } catch (error) {
      this.bench.trouble(error);
    }
    this.changed();
  }

  failed(work, error) {
    for (const { utterance } of work.labels ?? []) this.given.delete(utterance);
    this.bench.trouble(error);
    this.changed();
  }

  undone(_work, { utterances }) {
    this.count(utterances.length);
    this.figures();
  }

  count(change) {
    const { counts, query } = this.loader;
    if (!counts || counts[query.view] === undefined) return;
    this.loader.counts = { ...counts, [query.view]: Math.max(0, counts[query.view] + (query.view === 'labelled' ? 0 : change)) };
    this.listChanged();
  }

  why(code) {
    const { t, has } = this.bench.texts;
    return t(has(`labels.refused.${code}`) ? `labels.refused.${code}` : 'labelling.refused');
  }

  /** How much is done and ready, once the hands rest. */
  figures(at_once = false) {
    clearTimeout(this.figuring);
    const since = new Date(new Date().setHours(0, 0, 0, 0)).toISOString();
    const ask = async () => {
      this.progress = (await this.bench.api.get('/progress', { since }).catch(() => null)) ?? this.progress;
      this.changed();
    };
    this.figuring = setTimeout(ask, at_once ? 0 : SETTLING_MS);
  }
}
