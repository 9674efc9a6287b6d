// The page of the trainers: starts the workbench and shows the sign-in, or the rail and one page.
//
// A page is one module `pages/<name>.js` that defines the element `setu-page-<name>`, <name> being one of
// sections.js, and one line in pages.js (and its style sheet, if it has one, in index.html). It is loaded when it is
// first opened. It is given `.desk` and `.bench`, both the workbench (bench.js: store, settings, texts, api, me, toast(),
// trouble(), say(), show(), go()), and `.route` {page, item, query}: of #/name/item?query. Derived from
// desk/element.js it is drawn again whenever store, settings or route change. What it wants to do by keyboard it
// gives as `commands`: see keyboard.js; they are in the help too.

import { html, LitElement, nothing } from '../vendor/lit.js';
import '../desk/sign-in.js';
import '../desk/toasts.js';
import './help.js';
import './rail.js';
import { Bench } from './bench.js';
import { icon } from './icons.js';
import { listen } from './keyboard.js';
import { isLoaded, load, loadOthers, tagOf } from './pages.js';

class SetuWorkbench extends LitElement {
  static properties = { overlay: { state: true }, missing: { state: true } };

  constructor() {
    super();
    this.overlay = null; // the open dialog: {name}
    this.page = null; // the element of the page that is open
    this.missing = null; // the name of a page that could not be loaded
    this.bench = new Bench();
    this.bench.show = (name) => {
      this.overlay = name && { name };
    };
    this.bench.store.subscribe(() => this.requestUpdate());
    this.bench.settings.subscribe(() => this.requestUpdate());
    this.bench.start();
    listen(this.bench, {
      page: () => this.page,
      covered: () => this.querySelector('dialog[open]') !== null,
    });
  }

  createRenderRoot() {
    return this;
  }

  updated() {
    const { texts, state } = this.bench;
    const title = texts.has('title') ? texts.t('title') : 'Setu';
    document.title = state.phase === 'ready' ? `${texts.t(`sections.${state.route.page}`)} · ${title}` : title;
  }

  render() {
    const { bench } = this;
    const { phase, failure } = bench.state;
    if (phase === 'starting') return html`<main class="starting" aria-busy="true"></main>`;
    if (phase === 'signed-out') return html`<setu-sign-in .desk=${bench}></setu-sign-in>`;
    if (phase === 'refused') return this.refused();
    if (phase === 'failed') return html`<main class="starting">${this.failed(failure)}</main>`;
    return this.open();
  }

  failed(message) {
    const label = this.bench.texts.has('common.again') ? this.bench.texts.t('common.again') : '↻';
    return html`<div class="failure" role="alert">
      <p>${message}</p>
      <button class="button" @click=${() => location.reload()}>${label}</button>
    </div>`;
  }

  /** Somebody signed in whose work is elsewhere. */
  refused() {
    const { t } = this.bench.texts;
    return html`<main class="starting">
      <div class="failure" role="alert">
        <span class="mark">${icon('bridge')}</span>
        <h1>${t('refused.title')}</h1>
        <p>${t('refused.lead')}</p>
        <a class="button primary" href="/desk/">${t('refused.desk')}</a>
        <button class="button quiet" @click=${() => this.bench.signOut()}>${t('refused.other')}</button>
      </div>
    </main>`;
  }

  /** The page of the address: the same element while its name stays, nothing while its module is on its way. */
  current() {
    const { route } = this.bench.state;
    if (!isLoaded(route.page)) {
      if (this.missing === route.page) return html`<div class="starting">${this.failed(this.bench.texts.t('errors.offline'))}</div>`;
      this.fetch(route.page);
      return nothing;
    }
    const tag = tagOf(route.page);
    if (this.page?.localName !== tag) {
      this.page = document.createElement(tag);
      this.page.desk = this.bench;
      this.page.bench = this.bench;
    }
    this.page.route = route;
    return this.page;
  }

  async fetch(name) {
    this.page = null;
    try {
      await load(name);
      this.requestUpdate();
      loadOthers();
    } catch {
      this.missing = name;
    }
  }

  open() {
    const { bench, overlay } = this;
    const close = () => bench.show(null);
    return html`
      <div class="workbench ${bench.state.route.item ? 'has-item' : ''}">
        <setu-bench-rail .desk=${bench}></setu-bench-rail>
        <main class="page" aria-label=${bench.texts.t(`sections.${bench.state.route.page}`)}>${this.current()}</main>
      </div>
      <setu-toasts .desk=${bench}></setu-toasts>
      ${overlay?.name === 'help'
        ? html`<setu-bench-help .desk=${bench} .page=${this.page} @close=${close}></setu-bench-help>`
        : nothing}
    `;
  }
}

customElements.define('setu-workbench', SetuWorkbench);
