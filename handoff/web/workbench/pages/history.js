// The page of what was done: who, what and when, as sentences; narrowed to a person or a kind of work.

import { html, nothing, repeat } from '../../vendor/lit.js';
import { avatar } from '../../desk/parts.js';
import { icon } from '../icons.js';
import { Page } from '../page.js';
import { at } from '../route.js';
import { history } from './live-calls.js';

/** Kinds of work by the first word of what was done; where what it was done to is looked at. */
const KINDS = {
  labels: ['labels', 'label', 'utterance', 'utterances', 'proposal', 'intent', 'queue', 'utterances'],
  data: ['change', 'changes', 'article', 'test'],
  runs: ['run', 'training'],
  models: ['model', 'shadow', 'promotion'],
};
const PLACES = { change: 'changes', run: 'runs', article: 'articles' };

/** The kind of work an entry belongs to. Pure. */
export const kindOf = ({ what }) => Object.keys(KINDS).find((kind) => KINDS[kind].includes(what.split('_')[0])) ?? 'other';

/** The values a sentence may name: whatever the entry holds, numbers as they are written here. Pure but for `write`. */
export function values(entry, write, nobody) {
  const found = { name: entry.agent?.name ?? nobody, about: entry.about ?? '', count: 0 };
  for (const [key, value] of Object.entries(entry.detail ?? {})) {
    if (Array.isArray(value)) found[key] = typeof value[0] === 'object' ? write(value.length) : value.join(', ');
    else if (value !== null && typeof value !== 'object') found[key] = typeof value === 'number' && key !== 'count' ? write(value) : value;
  }
  return found;
}

/** Labels given one after the other by the same person on one day are told once, newest first as all. Pure. */
export function gathered(entries) {
  const told = [];
  for (const entry of entries) {
    const last = told.at(-1);
    const same = last?.what === 'labels_given' && entry.what === last.what && entry.agent?.id === last.agent?.id && entry.at.slice(0, 10) === last.at.slice(0, 10);
    if (!same) told.push(entry);
    else told[told.length - 1] = { ...last, detail: { ...last.detail, count: (last.detail?.count ?? 0) + (entry.detail?.count ?? 0) } };
  }
  return told;
}

class History extends Page {
  static properties = { entries: { state: true }, next: { state: true }, team: { state: true }, busy: { state: true }, who: { state: true }, kind: { state: true } };

  constructor() {
    super();
    this.entries = null;
    this.next = null;
    this.team = [];
    this.who = '';
    this.kind = '';
  }

  connectedCallback() {
    super.connectedCallback();
    this.load();
    history.team().then((team) => (this.team = team), () => {});
  }

  async load(before = null) {
    this.busy = true;
    const page = await this.look(history.entries(before, this.place.query.about));
    this.busy = false;
    if (!page) return;
    this.entries = before ? [...this.entries, ...page.entries] : page.entries;
    this.next = page.next;
  }

  sentence(entry) {
    const key = `history.what.${entry.what}`;
    const given = values(entry, (value) => this.texts.number(value), this.t('history.nobody'));
    const known = this.texts.has(key) || this.texts.has(`${key}.other`);
    const said = known ? this.t(key, given) : this.t('history.unknown', { ...given, what: entry.what.replaceAll('_', ' ') });
    return said.replace(/\s*\{\w+\}/g, ''); // what the entry does not tell
  }

  link(entry) {
    const page = PLACES[entry.what.split('_')[0]];
    return page && entry.about ? html`<a class="button small quiet" href=${at(page, entry.about)}>${this.t('history.see')}</a>` : nothing;
  }

  entry(entry) {
    const { reason, override } = entry.detail ?? {};
    const why = reason ?? (typeof override === 'string' ? override : null);
    return html`<li>
      ${entry.agent ? avatar(entry.agent.name ?? '?', entry.agent.id, 'small') : html`<span class="avatar bot small" aria-hidden="true">${icon('bot')}</span>`}
      <div><p>${this.sentence(entry)}</p>${why ? html`<blockquote><bdi dir="auto">${why}</bdi></blockquote>` : nothing}</div>
      <time class="hint" datetime=${entry.at} title=${this.texts.moment(entry.at)}>${this.texts.time(entry.at)}</time>
      ${this.link(entry)}
    </li>`;
  }

  days(entries) {
    const days = new Map();
    for (const entry of entries) {
      const day = this.texts.day(entry.at);
      days.set(day, [...(days.get(day) ?? []), entry]);
    }
    return [...days].map(
      ([day, found]) => html`<section aria-label=${day}><h2 class="part">${day}</h2><ol class="entries wb-card">${repeat(found, ({ id }) => id, (entry) => this.entry(entry))}</ol></section>`,
    );
  }

  body() {
    if (this.failed && !this.entries) return this.trouble(() => this.load());
    if (!this.entries) return this.waiting();
    const shown = this.entries.filter(
      (entry) => (!this.who || (this.who === '-' ? !entry.agent : entry.agent?.id === this.who)) && (!this.kind || kindOf(entry) === this.kind),
    );
    return html`${shown.length ? this.days(gathered(shown)) : this.empty('history', this.t('history.none'), this.next ? this.t('history.none_yet') : nothing)}
      ${this.next ? html`<button class="button wide" ?disabled=${this.busy} @click=${() => this.load(this.next)}>${this.t('history.older')}</button>` : nothing}`;
  }

  tools() {
    const pick = (name, label, options) => html`<label class="pick ${this[name] ? 'on' : ''}"><span class="unseen">${label}</span>
      <select @change=${(event) => (this[name] = event.target.value)}><option value="">${label}</option>
        ${options.map(([value, text]) => html`<option value=${value} ?selected=${value === this[name]}>${text}</option>`)}</select></label>`;
    const about = this.place.query.about;
    return html`<div class="wb-tools">
      ${pick('who', this.t('history.everybody'), [...this.team.map(({ id, name }) => [id, name]), ['-', this.t('history.nobody')]])}
      ${pick('kind', this.t('history.everything'), Object.keys(KINDS).map((kind) => [kind, this.t(`history.kinds.${kind}`)]))}
      ${about ? html`<a class="button small quiet" href=${at('history')} @click=${() => setTimeout(() => this.load())}>${icon('close')}${this.t('history.about', { about })}</a>` : nothing}
    </div>`;
  }

  render() {
    return html`<div class="wb-page">
      <header><div class="title"><h1 id="page-title">${this.t('history.title')}</h1><p class="hint">${this.t('history.lead')}</p></div></header>
      <div class="scroll wb-body narrow" tabindex="0" role="region" aria-label=${this.t('history.title')}>${this.tools()} ${this.body()}</div>
    </div>`;
  }
}

customElements.define('setu-page-history', History);
