// What messages can mean and hold: intents, proposals, entities, languages. One per workbench, loaded when first needed.

const TINTS = 8; // of avatars too: see base.css
const NOTHING = { intents: [], entities: [], languages: [], proposals: [] };

export class Vocabulary {
  constructor(bench) {
    this.bench = bench;
    this.use(NOTHING);
    this.loading = null;
    this.ready = false;
  }

  /** Of the workbench: the same for all pages. */
  static of(bench) {
    return (bench.vocabulary ??= new Vocabulary(bench));
  }

  need() {
    return (this.loading ??= this.load());
  }

  /** In another language. */
  again() {
    this.loading = this.load();
    return this.loading;
  }

  async load() {
    try {
      this.use(await this.bench.api.intents(this.bench.texts.language));
      this.ready = true;
    } catch (error) {
      this.loading = null;
      throw error;
    }
  }

  use({ intents, entities, languages, proposals }) {
    this.intents = [...intents].sort((a, b) => a.title.localeCompare(b.title, this.bench.texts.language));
    this.entities = entities;
    this.languages = languages;
    this.proposals = (proposals ?? []).filter(({ state }) => state === undefined || state === 'open');
    this.byName = new Map(this.intents.map((intent) => [intent.name, intent]));
    this.titles = new Map(entities.map((entity) => [entity.name, entity.title]));
  }

  /** One more proposal, made here. */
  add(proposal) {
    this.use({ ...this, proposals: [...this.proposals, proposal] });
  }

  /** The intents and open proposals that can be chosen. */
  get choices() {
    const proposed = this.proposals.map((one) => ({
      ...one,
      title: one.title ?? spoken(one.name),
      examples: one.examples?.length ? { '': one.examples } : {},
      proposed: true,
    }));
    return [...this.intents, ...proposed];
  }

  get = (name) => this.byName.get(name) ?? { name, title: spoken(name) };

  title = (name) => this.byName.get(name)?.title ?? spoken(name);

  /** A colour for each kind of detail, steady while the vocabulary is. */
  tint = (name) => `tint-${Math.max(0, this.entities.findIndex((entity) => entity.name === name)) % TINTS}`;

  entity = (name) => this.titles.get(name) ?? spoken(name);
}

const spoken = (name) => {
  const words = (name ?? '').replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
};

/** A language by its name in the reader's. */
export function languageName(code, texts) {
  if (!code) return '';
  try {
    return new Intl.DisplayNames([texts.language], { type: 'language' }).of(code);
  } catch {
    return code;
  }
}

/** What choosing it says of a message: of what has no name, that it is out of scope. */
export const meaningOf = ({ name, proposed }) =>
  name ? { kind: proposed ? 'proposed' : 'intent', intent: name } : { kind: 'out_of_scope' };

/** What somebody said of a message, in words. */
export function said({ kind, intent, wishes = [] }, vocabulary, t) {
  if (kind === 'intent') return vocabulary.title(intent);
  if (kind === 'two_wishes') return wishes.map(vocabulary.title).join(' + ');
  if (kind === 'proposed') return t('labelling.said.proposed', { intent: vocabulary.title(intent) });
  return t(`labelling.said.${kind}`);
}

/** The same from one word, as the figures name it: an intent, or what is none. */
export function saidInWord(word, vocabulary, t) {
  const [kind, rest = ''] = word.split(':');
  if (kind === 'two_wishes') return said({ kind, wishes: rest.split('+').filter(Boolean) }, vocabulary, t) || t('labelling.kind.two_wishes');
  return kind === 'out_of_scope' ? said({ kind }, vocabulary, t) : vocabulary.title(word);
}
