// One article in one language: written on one side, seen as customers will on the other, kept as a change.

import { html, nothing } from '../../vendor/lit.js';
import { segments } from '../../desk/parts.js';
import { figures } from '../figures.js';
import { icon } from '../icons.js';
import { Page } from '../page.js';
import { at } from '../route.js';
import { articles, slugOf } from './articles-calls.js';

const PAUSE_MS = 500; // after the last key, until it is shown
const EMPTY = { title: '', topics: [], questions: [], text: '' };
const RTL = ['fa', 'ar', 'he', 'ur'];

/** What the gateway made of Markdown, cleaned there, as elements; links open beside the page. */
function nodes(markup) {
  const { body } = new DOMParser().parseFromString(markup, 'text/html');
  for (const link of body.querySelectorAll('a')) Object.assign(link, { target: '_blank', rel: 'noopener' });
  return [...body.childNodes].map((node) => document.importNode(node, true));
}

class Article extends Page {
  static properties = {
    slug: { attribute: false }, language: { attribute: false }, languages: { attribute: false }, from: { attribute: false },
    one: { state: true }, fields: { state: true }, shown: { state: true }, topics: { state: true }, busy: { state: true }, problem: { state: true }, beside: { state: true },
  };

  constructor() {
    super();
    this.one = null; // as the gateway has it; null for a new one
    this.fields = null;
    this.shown = null; // the preview
    this.topics = [];
    this.busy = false;
    this.problem = null;
    this.beside = 'preview';
    this.edited = false;
  }

  connectedCallback() {
    super.connectedCallback();
    this.load();
    articles.topics().then((topics) => (this.topics = topics), () => {});
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.timer);
  }

  async load() {
    if (!this.slug) return this.begin();
    const one = await this.look(articles.one(this.slug, this.language));
    if (!one) return;
    this.one = one;
    this.fields = one.fields ?? { ...EMPTY, topics: one.model?.fields.topics ?? [] };
    if (!one.fields && one.model) this.beside = 'model';
    if (one.fields) this.show();
  }

  /** A new article: from a question, from an agent's answer, or from nothing. */
  async begin() {
    const { conversation, number, question } = this.from;
    if (conversation) {
      const draft = await this.look(articles.draft(conversation, Number(number)));
      if (!draft) return;
      this.language = draft.language;
      this.fields = draft.fields;
      this.show();
    } else {
      this.fields = { ...EMPTY, questions: question ? [question] : [] };
    }
  }

  get file() {
    return this.slug ?? slugOf(this.fields.title);
  }

  get written() {
    const { title, topics, questions, text } = this.fields;
    return { slug: this.file, language: this.language, title, topics, questions: questions.filter((one) => one.trim()), text };
  }

  change(values) {
    this.fields = { ...this.fields, ...values };
    this.edited = true;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.show(), PAUSE_MS);
  }

  async show() {
    const written = this.written;
    try {
      const shown = await articles.preview(written);
      if (this.isConnected) this.shown = shown;
    } catch {
      // the preview is a help, not the work
    }
  }

  async save() {
    this.problem = null;
    this.busy = true;
    try {
      const { change } = await articles.save({ ...this.written, base: this.one?.base ?? null });
      this.edited = false;
      this.dispatchEvent(new CustomEvent('saved', { bubbles: true }));
      this.desk.go('changes', change);
    } catch (error) {
      if (error.status === 401) this.desk.leave();
      this.problem = this.desk.say(error);
    } finally {
      this.busy = false;
    }
  }

  head() {
    const title = this.slug ? (this.fields?.title || this.slug) : this.t('articles.new');
    return html`<header>
      <a class="icon-button back" href=${at('articles', null, { show: this.from.show })} aria-label=${this.t('articles.back')}>${icon('back')}</a>
      <div class="title"><h1><bdi>${title}</bdi></h1>
        <p>${this.one ? html`<code dir="ltr">${this.one.path}</code>` : this.t('articles.new_lead')}${this.one?.answered
          ? html`<span>${this.t('articles.answered', { count: this.one.answered, helped: this.texts.number(this.one.helped), person: this.texts.number(this.one.person) })}</span>`
          : nothing}</p></div>
      <label class="pick"><span class="unseen">${this.t('articles.language')}</span>
        <select @change=${({ target }) => this.speak(target.value)}>
          ${(this.languages.length ? this.languages : [this.language]).map(
            (one) => html`<option value=${one} ?selected=${one === this.language}>${figures(this.texts).language(one)}${this.slug && this.one && !this.one.languages.includes(one) ? ` – ${this.t('articles.not_there')}` : ''}</option>`,
          )}
        </select></label>
      <div class="moves"><button class="button primary" ?disabled=${this.busy || !this.fields} aria-busy=${this.busy} @click=${this.save}>${this.t('articles.save')}</button></div>
    </header>`;
  }

  speak(language) {
    if (this.slug) this.desk.go('articles', this.slug, { ...this.from, language });
    else {
      this.language = language;
      this.show();
    }
  }

  form() {
    const { title, topics, questions, text } = this.fields;
    const dir = RTL.includes(this.language) ? 'rtl' : 'ltr';
    const free = this.topics.filter(({ name }) => !topics.includes(name));
    const named = (name) => this.topics.find((one) => one.name === name)?.title ?? name;
    return html`<form class="article-form" @submit=${(event) => event.preventDefault()} lang=${this.language}>
      <label class="field"><span>${this.t('articles.fields.title')}</span>
        <input type="text" maxlength="200" dir=${dir} .value=${title} @input=${({ target }) => this.change({ title: target.value })} /></label>
      <label class="field grow"><span>${this.t('articles.fields.text')}</span>
        <textarea rows="14" dir=${dir} .value=${text} @input=${({ target }) => this.change({ text: target.value })}></textarea>
        <span class="hint">${this.t('articles.fields.text_hint')}</span></label>
      <label class="field"><span>${this.t('articles.fields.questions')}</span>
        <textarea rows="6" dir=${dir} .value=${questions.join('\n')} @input=${({ target }) => this.change({ questions: target.value.split('\n') })}></textarea>
        <span class="hint">${this.t('articles.fields.questions_hint')}</span></label>
      <fieldset class="field"><legend>${this.t('articles.fields.topics')}</legend>
        <div class="chips">
          ${topics.map(
            (name) => html`<span class="chip on"><bdi>${named(name)}</bdi><button type="button" class="icon-button small" aria-label=${this.t('articles.drop_topic', { topic: named(name) })}
              @click=${() => this.change({ topics: topics.filter((one) => one !== name) })}>${icon('close')}</button></span>`,
          )}
          <select aria-label=${this.t('articles.add_topic')} @change=${({ target }) => {
            if (target.value) this.change({ topics: [...topics, target.value] });
            target.value = '';
          }}><option value="">${this.t('articles.add_topic')}</option>${free.map(({ name, title }) => html`<option value=${name}>${title ?? name}</option>`)}</select>
        </div>
        <span class="hint">${this.t('articles.fields.topics_hint')}</span></fieldset>
    </form>`;
  }

  preview() {
    const { shown } = this;
    if (!shown) return html`<p class="hint">${this.t('articles.preview_empty')}</p>`;
    if (shown.problem) return html`<div class="notice warn">${icon('alert')}<p>${shown.problem}</p></div>`;
    return html`<article class="article-shown" lang=${this.language} dir=${RTL.includes(this.language) ? 'rtl' : 'ltr'}>
        <h2>${shown.title}</h2>
        ${shown.sections.map((part) => html`<section>${part.title ? html`<h3>${part.title}</h3>` : nothing}<div>${nodes(part.html)}</div></section>`)}
      </article>
      ${shown.questions.length
        ? html`<section class="article-checks"><h3>${this.t('articles.checks')}</h3>
            <p class="hint">${this.t('articles.checks_hint')}</p>
            <ul>${shown.questions.map(
              (one) => html`<li class=${one.found ? 'good' : 'bad'}>${icon(one.found ? 'check' : 'alert')}<span><bdi dir="auto">${one.text}</bdi>
                <small>${one.found ? this.t('articles.finds_it') : one.instead ? this.t('articles.finds_other', { other: one.instead }) : this.t('articles.finds_nothing')}</small></span></li>`,
            )}</ul></section>`
        : nothing}`;
  }

  model() {
    const { model } = this.one;
    return html`<article class="article-shown" lang=${model.language} dir=${RTL.includes(model.language) ? 'rtl' : 'ltr'}>
      <h2>${model.fields.title}</h2><pre class="source">${model.fields.text}</pre>
      <h3>${this.t('articles.fields.questions')}</h3><ul>${model.fields.questions.map((one) => html`<li>${one}</li>`)}</ul></article>`;
  }

  asked() {
    const { asked } = this.one;
    if (!asked.length) return html`<p class="hint">${this.t('articles.never')}</p>`;
    return html`<ul class="article-asked">${asked.map(
      (one) => html`<li><bdi dir="auto">${one.text}</bdi><small class=${one.outcome}>${this.t(`articles.outcomes.${one.outcome}`)}</small></li>`,
    )}</ul>`;
  }

  side() {
    const there = ['preview', ...(this.one?.model ? ['model'] : []), ...(this.one ? ['asked'] : [])];
    const beside = there.includes(this.beside) ? this.beside : 'preview';
    const language = this.one?.model ? figures(this.texts).language(this.one.model.language) : '';
    return html`<section class="article-side" aria-label=${this.t(`articles.beside.${beside}`)}>
      ${segments({
        name: 'beside',
        label: this.t('articles.beside.title'),
        options: there.map((one) => [one, this.t(`articles.beside.${one}`, { language })]),
        value: beside,
        choose: (one) => (this.beside = one),
      })}
      ${{ preview: () => this.preview(), model: () => this.model(), asked: () => this.asked() }[beside]()}
    </section>`;
  }

  render() {
    return html`<section class="wb-pane">
      ${this.head()}
      <div class="scroll wb-body" tabindex="0" role="region" aria-label=${this.fields?.title || this.t('articles.new')}>
        ${this.problem ? html`<div class="notice bad" role="alert">${icon('alert')}<p>${this.problem}</p></div>` : nothing}
        ${this.one?.problem ? html`<div class="notice warn">${icon('alert')}<p>${this.one.problem}</p></div>` : nothing}
        ${this.failed && !this.fields ? this.trouble(() => this.load()) : this.fields ? html`<div class="article-split">${this.form()}${this.side()}</div>` : this.waiting()}
      </div>
    </section>`;
  }
}

customElements.define('setu-article', Article);
