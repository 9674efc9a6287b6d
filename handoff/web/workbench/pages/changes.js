// The page of changes: drafts and what became of earlier ones; beside the list one of them, to be read and applied.

import { html, keyed, nothing, repeat } from '../../vendor/lit.js';
import { icon } from '../icons.js';
import './changes-one.js';
import { changes } from './data-calls.js';
import { Page } from '../page.js';
import { at } from '../route.js';

const LOOK_MS = 15_000;
const STATES = ['draft', 'applied', 'reverted', 'withdrawn'];

export const added = (files) => (files ?? []).reduce((all, file) => all + (file.added ?? 0), 0);
export const removed = (files) => (files ?? []).reduce((all, file) => all + (file.removed ?? 0), 0);

class Changes extends Page {
  static properties = { list: { state: true } };

  constructor() {
    super();
    this.list = null;
  }

  connectedCallback() {
    super.connectedCallback();
    this.load();
    this.every(LOOK_MS, () => this.load());
  }

  async load() {
    this.list = (await this.look(changes.list())) ?? this.list;
  }

  row(change) {
    const { item } = this.place;
    return html`<li>
      <a class="wb-row" href=${at('changes', change.id)} aria-current=${item === change.id ? 'true' : nothing}>
        <span class="head"><strong><bdi>${change.title}</bdi></strong><time datetime=${change.created_at}>${this.texts.short(change.settled_at ?? change.created_at)}</time></span>
        <span class="what">${change.author?.name ?? ''}${change.reviewer && change.reviewer.id !== change.author?.id ? html` · ${this.t('changes.reviewed_by', { name: change.reviewer.name })}` : nothing}</span>
        <span class="facts">
          <span class="badge state ${change.state}">${this.t(`changes.states.${change.state}`)}</span>
          ${change.stale ? html`<span class="badge why">${this.t('changes.stale_short')}</span>` : nothing}
          <span class="plus" dir="ltr">+${this.texts.number(added(change.files))}</span><span class="minus" dir="ltr">−${this.texts.number(removed(change.files))}</span>
        </span>
      </a>
    </li>`;
  }

  groups() {
    const { list } = this;
    if (this.failed && !list) return this.trouble(() => this.load());
    if (!list) return this.waiting();
    if (!list.length) {
      return this.empty('edit', this.t('changes.none'), this.t('changes.none_hint'), html`<a class="button" href=${at('data')}>${this.t('changes.to_data')}</a>`);
    }
    const drafts = list.filter(({ state }) => state === 'draft');
    const past = list.filter(({ state }) => STATES.indexOf(state) > 0);
    const part = (key, changes) =>
      changes.length
        ? html`<h2 class="part">${this.t(`changes.${key}`)} <span class="total">${this.texts.number(changes.length)}</span></h2>
            <ul>${repeat(changes, ({ id }) => id, (change) => this.row(change))}</ul>`
        : nothing;
    return [part('drafts', drafts), part('past', past)];
  }

  pane() {
    const { item } = this.place;
    if (!item) {
      return html`<section class="wb-pane nothing-open">${this.empty('edit', this.t('changes.choose'), this.t('changes.choose_hint'))}</section>`;
    }
    return keyed(item, html`<setu-change .desk=${this.desk} .id=${item} @changed=${() => this.load()}></setu-change>`);
  }

  render() {
    const { item } = this.place;
    const title = this.t('changes.title');
    return html`<div class="wb-split ${item ? 'has-item' : ''}">
      <section class="wb-list">
        <header>${item ? html`<h2>${title}</h2>` : html`<h1>${title}</h1>`}
          <a class="button small" href=${at('data')}>${icon('plus')}<span>${this.t('changes.new')}</span></a></header>
        <div class="scroll" tabindex="0" role="region" aria-label=${title}>${this.groups()}</div>
      </section>
      ${this.pane()}
    </div>`;
  }
}

customElements.define('setu-page-changes', Changes);
