// Ctrl-K: search over all talks, and every command by name. One list, worked with the arrow keys.

import { html, nothing } from '../vendor/lit.js';
import { narrowing, stepped } from './combobox.js';
import { commands } from './keyboard.js';
import { icon } from './icons.js';
import { Overlay } from './overlay.js';
import { avatar, keys, nameOf } from './parts.js';
import { isPage } from './views.js';

const PAUSE_MS = 180;
const MIN_LETTERS = 2;

class Palette extends Overlay {
  static properties = { text: { state: true }, hits: { state: true }, chosen: { state: true }, busy: { state: true } };

  constructor() {
    super();
    this.text = '';
    this.hits = [];
    this.chosen = 0;
    this.busy = false;
  }

  typed(event) {
    this.text = event.target.value;
    this.chosen = 0;
    clearTimeout(this.waiting);
    if (this.text.trim().length < MIN_LETTERS) {
      this.hits = [];
      return;
    }
    this.busy = true;
    this.waiting = setTimeout(() => this.search(this.text.trim()), PAUSE_MS);
  }

  async search(text) {
    const hits = await this.desk.api.search(text).catch((error) => {
      this.desk.trouble(error);
      return [];
    });
    if (text !== this.text.trim()) return; // a later search is on its way
    this.hits = hits;
    this.busy = false;
  }

  get rows() {
    const word = this.text.trim().toLowerCase();
    const fitting = commands(this.desk).filter(({ label }) => !word || label.toLowerCase().includes(word));
    const talks = this.hits.map((hit) => ({ hit, run: () => this.open(hit) }));
    return [...talks, ...fitting];
  }

  open({ conversation }) {
    const { view } = this.state.route;
    this.desk.go(isPage(view) ? 'queue' : view, conversation.id);
  }

  key(event) {
    const { rows } = this;
    const next = stepped(event, this.chosen, rows.length);
    if (next !== null) this.chosen = next;
    else if (event.key === 'Enter' && rows[this.chosen]) this.choose(rows[this.chosen]);
    else return;
    event.preventDefault();
  }

  choose(row) {
    this.close();
    row.run();
  }

  updated() {
    this.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }

  talk({ conversation, message, snippet }) {
    const name = nameOf(conversation, this.texts.t);
    return html`${avatar(name, conversation.contact?.id, 'small')}
      <span class="hit"><strong dir="auto">${name}</strong><span dir="auto">${marked(snippet ?? message?.text ?? '', this.text)}</span></span>
      ${message ? html`<time datetime=${message.created_at}>${this.texts.short(message.created_at)}</time>` : nothing}`;
  }

  row(row, i) {
    const content = row.hit
      ? this.talk(row.hit)
      : html`${icon(row.shape)}<span class="hit">${row.label}</span>${row.key ? keys(row.key) : nothing}`;
    return html`<li
      role="option"
      id="found-${i}"
      aria-selected=${i === this.chosen}
      @click=${() => this.choose(row)}
      @mousemove=${() => (this.chosen = i)}
    >
      ${content}
    </li>`;
  }

  render() {
    const { rows, text, busy } = this;
    const nothingFound = !rows.length && !busy;
    return this.frame(
      { title: this.t('palette.title'), name: 'palette' },
      html`<div class="search">
          ${icon('search')}
          ${narrowing({
            first: true,
            list: 'found',
            at: this.chosen,
            length: rows.length,
            label: this.t('palette.label'),
            hint: this.t('palette.placeholder'),
            value: text,
            typed: this.typed,
            key: this.key,
          })}
        </div>
        <ul id="found" role="listbox" aria-label=${this.t('palette.found')}>
          ${rows.map((row, i) => this.row(row, i))}
        </ul>
        <p class="hint" role="status">${busy ? this.t('palette.busy') : nothingFound ? this.t('palette.nothing') : this.t('palette.hint')}</p>`,
    );
  }
}

/** The text with the words searched for marked. */
function marked(text, wanted) {
  const words = wanted.trim().split(/\s+/).filter(Boolean).map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  if (!words.length) return text;
  return text.split(new RegExp(`(${words.join('|')})`, 'giu')).map((part, i) => (i % 2 ? html`<mark>${part}</mark>` : part));
}

customElements.define('setu-palette', Palette);
