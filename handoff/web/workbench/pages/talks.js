// The page of talks: rules, stories and conversation tests as talks; replayed; a new test made of a real one.

import { html, keyed, nothing, repeat } from '../../vendor/lit.js';
import { segments } from '../../desk/parts.js';
import { icon } from '../icons.js';
import { data } from './data-calls.js';
import { Page } from '../page.js';
import { at } from '../route.js';
import './talks-new.js';
import './talks-one.js';

const KINDS = ['test', 'story', 'rule'];
const SHOWN = 200;

class Talks extends Page {
  static properties = { list: { state: true }, kind: { state: true }, filter: { state: true }, results: { state: true } };

  constructor() {
    super();
    this.list = null;
    this.kind = 'test';
    this.filter = '';
    this.results = {}; // id -> whether its last replay here passed
  }

  connectedCallback() {
    super.connectedCallback();
    this.load();
  }

  async load() {
    this.list = (await this.look(data.talks())) ?? this.list;
    const open = this.list?.find(({ id }) => id === this.place.item);
    if (open) this.kind = open.kind;
  }

  rows() {
    const asked = this.filter.trim().toLocaleLowerCase();
    return this.list.filter(
      ({ kind, title, file }) => kind === this.kind && (!asked || title.toLocaleLowerCase().includes(asked) || file.toLowerCase().includes(asked)),
    );
  }

  row(talk) {
    const { item } = this.place;
    const passed = this.results[talk.id];
    return html`<li>
      <a class="wb-row" href=${at('talks', talk.id)} aria-current=${item === talk.id ? 'true' : nothing}>
        <span class="head"><strong class="whole"><bdi dir="auto">${talk.title}</bdi></strong>
          ${passed === undefined ? nothing : html`<span class="verdict-mark ${passed ? 'good' : 'bad'}">${icon(passed ? 'check' : 'alert')}<span class="unseen">${this.t(passed ? 'talks.passed' : 'talks.failed')}</span></span>`}</span>
        <span class="what" dir="ltr">${talk.file}${talk.line ? `:${talk.line}` : ''}</span>
      </a>
    </li>`;
  }

  listed() {
    if (this.failed && !this.list) return this.trouble(() => this.load());
    if (!this.list) return this.waiting();
    const rows = this.rows();
    if (!rows.length) return this.empty('reply', this.t(`talks.none.${this.filter ? 'found' : this.kind}`));
    return html`<ul>${repeat(rows.slice(0, SHOWN), ({ id }) => id, (talk) => this.row(talk))}</ul>
      ${rows.length > SHOWN ? html`<p class="hint pad">${this.t('talks.narrow', { count: rows.length - SHOWN })}</p>` : nothing}`;
  }

  kinds() {
    const count = (kind) => this.list?.filter((talk) => talk.kind === kind).length ?? 0;
    return segments({
      name: 'kind',
      label: this.t('talks.kind'),
      options: KINDS.map((kind) => [kind, html`${this.t(`talks.kinds.${kind}`)} <small>${this.texts.number(count(kind))}</small>`]),
      value: this.kind,
      choose: (kind) => (this.kind = kind),
    });
  }

  pane() {
    const { item, query } = this.place;
    if (item === 'new') return html`<setu-talk-new .desk=${this.desk} .asked=${query} .talks=${this.list ?? []}></setu-talk-new>`;
    if (!item) {
      return html`<section class="wb-pane nothing-open">${this.empty('reply', this.t('talks.choose'), this.t('talks.choose_hint'))}</section>`;
    }
    const replayed = ({ detail }) => (this.results = { ...this.results, [item]: detail });
    return keyed(item, html`<setu-talk-one .desk=${this.desk} .id=${item} @replayed=${replayed}></setu-talk-one>`);
  }

  render() {
    const { item } = this.place;
    const title = this.t('talks.title');
    return html`<div class="wb-split ${item ? 'has-item' : ''}">
      <section class="wb-list">
        <header>${item ? html`<h2>${title}</h2>` : html`<h1>${title}</h1>`}
          <a class="button small" href=${at('talks', 'new')}>${icon('plus')}<span>${this.t('talks.new')}</span></a></header>
        <div class="list-tools">
          ${this.kinds()}
          <label class="search-box"><span class="unseen">${this.t('talks.search')}</span>${icon('search')}
            <input type="search" placeholder=${this.t('talks.search')} dir="auto" .value=${this.filter} @input=${(event) => (this.filter = event.target.value)} /></label>
        </div>
        <div class="scroll" tabindex="0" role="region" aria-label=${title}>${this.listed()}</div>
      </section>
      ${this.pane()}
    </div>`;
  }
}

customElements.define('setu-page-talks', Talks);
