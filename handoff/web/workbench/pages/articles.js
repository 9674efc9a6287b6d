// The page of help articles: all of them with what they answered, what nothing answered, and what people answered
// instead; beside the list one article, to be written.

import { html, keyed, nothing, repeat } from '../../vendor/lit.js';
import { figures } from '../figures.js';
import { icon } from '../icons.js';
import { Page } from '../page.js';
import { at } from '../route.js';
import { articles } from './articles-calls.js';
import './articles-one.js';

const TABS = ['all', 'unanswered', 'answers'];

class Articles extends Page {
  static properties = { known: { state: true }, lost: { state: true }, said: { state: true }, search: { state: true } };

  constructor() {
    super();
    this.known = null; // {articles, languages}
    this.lost = null; // questions that nothing answered
    this.said = null; // agents' answers that may become articles
    this.search = '';
  }

  connectedCallback() {
    super.connectedCallback();
    this.load();
  }

  get tab() {
    const { show } = this.place.query;
    return TABS.includes(show) ? show : 'all';
  }

  /** Of who reads this, as articles have it: without a country. */
  get language() {
    return this.texts.language.split('-')[0];
  }

  updated() {
    if (this.tab === 'unanswered' && !this.lost && !this.failed) this.loadLost();
    if (this.tab === 'answers' && !this.said && !this.failed) this.loadSaid();
  }

  async load() {
    this.known = (await this.look(articles.list())) ?? this.known;
  }

  async loadLost() {
    this.lost = [];
    this.lost = (await this.look(articles.unanswered())) ?? null;
  }

  async loadSaid() {
    this.said = [];
    this.said = (await this.look(articles.answers())) ?? null;
  }

  again() {
    this.failed = null;
    this.load();
  }

  tabs() {
    return html`<nav class="wb-tabs" aria-label=${this.t('articles.title')}>
      ${TABS.map(
        (tab) => html`<a href=${at('articles', this.place.item, { ...this.place.query, show: tab === 'all' ? null : tab })} aria-current=${tab === this.tab ? 'page' : nothing}
          >${this.t(`articles.tabs.${tab}`)}</a
        >`,
      )}
    </nav>`;
  }

  row(article, language) {
    const { slug, titles, missing, answered, helped, person } = article;
    const shown = language in titles ? language : Object.keys(titles)[0];
    return html`<li>
      <a class="wb-row" href=${at('articles', slug, { language: shown })} aria-current=${this.place.item === slug ? 'true' : nothing}>
        <span class="head"><strong><bdi>${titles[shown]}</bdi></strong></span>
        <span class="what">${answered ? this.t('articles.answered', { count: answered, helped: this.texts.number(helped), person: this.texts.number(person) }) : this.t('articles.never')}</span>
        ${missing.length
          ? html`<span class="facts">${missing.map((one) => html`<span class="badge why">${this.t('articles.lacks', { language: figures(this.texts).language(one) })}</span>`)}</span>`
          : nothing}
      </a>
    </li>`;
  }

  all() {
    if (!this.known) return this.waiting();
    const { language } = this;
    const wanted = this.search.trim().toLowerCase();
    const found = this.known.articles.filter(
      ({ slug, titles }) => !wanted || [slug, ...Object.values(titles)].some((text) => text.toLowerCase().includes(wanted)),
    );
    return html`<div class="list-tools">
        <label class="search-box">${icon('search')}<span class="unseen">${this.t('articles.search')}</span>
          <input type="search" placeholder=${this.t('articles.search')} .value=${this.search} @input=${({ target }) => (this.search = target.value)} /></label>
      </div>
      ${found.length
        ? html`<ul>${repeat(found, ({ slug }) => slug, (article) => this.row(article, language))}</ul>`
        : this.empty('articles', this.t(this.known.articles.length ? 'articles.none_found' : 'articles.none'), this.t('articles.none_hint'))}`;
  }

  question(one) {
    const { text, language, count, handed_over: people, nearest } = one;
    return html`<li class="article-question">
      <p><bdi dir="auto">${text}</bdi></p>
      <p class="hint">
        ${this.t('articles.asked', { count })}${people ? html` · ${this.t('articles.to_people', { count: people })}` : nothing}
        · ${nearest ? this.t('articles.nearest', { percent: this.texts.number(Math.round(nearest.probability * 100)) }) : this.t('articles.nothing_near')}
        ${nearest ? html`<a href=${at('articles', nearest.slug, { language, show: 'unanswered' })}><bdi>${this.titleOf(nearest.slug, language)}</bdi></a>` : nothing}
      </p>
      <a class="button small" href=${at('articles', 'new', { language, question: text, show: 'unanswered' })}>${icon('plus')}${this.t('articles.write')}</a>
    </li>`;
  }

  titleOf(slug, language) {
    const titles = this.known?.articles.find((one) => one.slug === slug)?.titles ?? {};
    return titles[language] ?? titles.en ?? slug;
  }

  unanswered() {
    if (!this.lost) return this.waiting();
    if (!this.lost.length) return this.empty('articles', this.t('articles.no_lost'), this.t('articles.no_lost_hint'));
    return html`<ul class="article-questions">${repeat(this.lost, ({ utterance }) => utterance, (one) => this.question(one))}</ul>`;
  }

  answer(one) {
    const { conversation_id: conversation, number, question, answer, article, language } = one;
    return html`<li class="article-question">
      <p class="asked"><bdi dir="auto">${question}</bdi></p>
      <p class="answered"><bdi dir="auto">${answer}</bdi></p>
      <p class="hint">${article ? html`${this.t('articles.given_already')} <a href=${at('articles', article, { language, show: 'answers' })}><bdi>${this.titleOf(article, language)}</bdi></a>` : nothing}</p>
      <a class="button small" href=${at('articles', 'new', { conversation, number, show: 'answers' })}>${icon('edit')}${this.t('articles.draft')}</a>
    </li>`;
  }

  answers() {
    if (!this.said) return this.waiting();
    if (!this.said.length) return this.empty('articles', this.t('articles.no_answers'), this.t('articles.no_answers_hint'));
    return html`<ul class="article-questions">${repeat(this.said, (one) => `${one.conversation_id} ${one.number}`, (one) => this.answer(one))}</ul>`;
  }

  list() {
    if (this.failed && !this.known) return this.trouble(() => this.again());
    return { all: () => this.all(), unanswered: () => this.unanswered(), answers: () => this.answers() }[this.tab]();
  }

  pane() {
    const { item, query } = this.place;
    if (!item) {
      return html`<section class="wb-pane nothing-open">${this.empty('articles', this.t('articles.choose'), this.t('articles.choose_hint'))}</section>`;
    }
    const key = item === 'new' ? `new ${query.conversation ?? ''} ${query.number ?? ''} ${query.question ?? ''}` : `${item} ${query.language}`;
    return keyed(
      key,
      html`<setu-article .desk=${this.desk} .slug=${item === 'new' ? null : item} .language=${query.language ?? this.language}
        .languages=${this.known?.languages ?? []} .from=${query} @saved=${() => this.load()}></setu-article>`,
    );
  }

  render() {
    const { item } = this.place;
    const title = this.t('articles.title');
    return html`<div class="wb-split articles ${item ? 'has-item' : ''}">
      <section class="wb-list" aria-label=${title}>
        <header>${item ? html`<h2>${title}</h2>` : html`<h1>${title}</h1>`}
          <a class="button small" href=${at('articles', 'new')}>${icon('plus')}<span>${this.t('articles.new')}</span></a></header>
        ${this.tabs()}
        <div class="scroll" tabindex="0" role="region" aria-label=${this.t(`articles.tabs.${this.tab}`)}>${this.list()}</div>
      </section>
      ${this.pane()}
    </div>`;
  }
}

customElements.define('setu-page-articles', Articles);
