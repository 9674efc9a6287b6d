// The messages of a view, page by page, those reserved for oneself first.

const TAKEN = 15; // reserved at once: some minutes' work
const WORKING = new Set(['useful', 'random', 'second', 'contradicting', 'topic']);

export class Loader {
  constructor(bench, changed) {
    this.bench = bench;
    this.changed = changed;
    this.clear();
  }

  clear() {
    this.items = [];
    this.next = null;
    this.counts = this.counts ?? null;
    this.loading = true;
    this.failed = null;
  }

  /** @param {{view, language?, reason?, intent?, q?, topic?}} query */
  async load(query) {
    const turn = (this.turn = {});
    this.query = query;
    this.clear();
    this.changed();
    const { api } = this.bench;
    try {
      const taken = WORKING.has(query.view) ? api.take(query, TAKEN).then(({ utterances }) => utterances).catch(() => []) : [];
      const page = await api.queue(query);
      const mine = await taken;
      if (turn !== this.turn) return; // another view was asked for meanwhile
      const here = new Set(mine.map(({ id }) => id));
      this.items = [...mine, ...page.utterances.filter(({ id }) => !here.has(id))];
      this.next = page.next;
      this.counts = page.counts;
    } catch (error) {
      if (turn !== this.turn) return;
      if (error.status === 401) this.bench.leave();
      this.failed = error;
    }
    this.loading = false;
    this.changed();
  }

  async more() {
    if (!this.next || this.loading) return;
    const turn = this.turn;
    this.loading = true;
    this.changed();
    try {
      const page = await this.bench.api.queue({ ...this.query, after: this.next });
      if (turn !== this.turn) return;
      const known = new Set(this.items.map(({ id }) => id));
      this.items = [...this.items, ...page.utterances.filter(({ id }) => !known.has(id))];
      this.next = page.next;
      this.counts = page.counts ?? this.counts;
    } catch (error) {
      if (turn !== this.turn) return;
      this.bench.trouble(error);
    }
    this.loading = false;
    this.changed();
  }

  get(id) {
    return this.items.find((item) => item.id === id);
  }

  change(id, change) {
    this.items = this.items.map((item) => (item.id === id ? { ...item, ...change } : item));
  }

  put(item) {
    if (this.get(item.id)) this.change(item.id, item);
    else this.items = [item, ...this.items];
  }
}
