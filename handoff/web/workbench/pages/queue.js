// Labelling: the list of messages worth a label, and the one that is open. Made for the keyboard.

import { html, nothing } from '../../vendor/lit.js';
import { DeskElement } from '../../desk/element.js';
import { icon } from '../icons.js';
import { Beside } from '../labelling/beside.js';
import { Choosing } from '../labelling/choosing.js';
import { labellingCommands } from '../labelling/commands.js';
import { hint } from '../labelling/hint.js';
import { filters, list, nothingLeft, views } from '../labelling/list.js';
import { pane } from '../labelling/pane.js';
import { Saying } from '../labelling/saying.js';
import { Work } from '../labelling/work.js';
import { at } from '../route.js';

const LISTED = ['view', 'topic', 'language', 'reason', 'intent', 'q'];

class QueuePage extends Choosing(Saying(Beside(DeskElement))) {
  static properties = { route: { attribute: false } };

  constructor() {
    super();
    this.narrowPage = matchMedia('(max-width: 760px)'); // as in labelling.css: one pane at a time
  }

  connectedCallback() {
    super.connectedCallback();
    this.work ??= new Work(this.desk, () => this.changedWork());
    this.work.vocabulary.need().then(
      () => this.requestUpdate(),
      (error) => this.desk.trouble(error),
    );
    this.work.figures(true);
    if (this.listed !== undefined && this.route) this.reload(); // back from another page
  }

  get vocabulary() {
    return this.work.vocabulary;
  }

  get query() {
    const { query } = this.route;
    return { ...query, view: query.view ?? (query.topic ? 'topic' : 'useful') };
  }

  get item() {
    return this.work.item;
  }

  get commands() {
    return labellingCommands(this);
  }

  /** The address of the list as it is, changed by `change`; with a message, if given. */
  address(change = {}, item = null) {
    const query = { ...this.route.query, ...change };
    return at('queue', item, query);
  }

  willUpdate(changed) {
    if (!changed.has('route') || !this.work) return;
    const listed = JSON.stringify(LISTED.map((name) => this.query[name] ?? ''));
    if (listed !== this.listed) {
      this.listed = listed;
      this.reload();
    }
    if (this.route.item !== this.work.current) {
      this.calm();
      this.work.show(this.route.item);
    }
  }

  reload() {
    const query = Object.fromEntries(LISTED.map((name) => [name, this.query[name]]));
    return this.work.open(query);
  }

  changedWork() {
    this.requestUpdate();
    const { items, loading } = this.work.loader;
    const { absent } = this.work;
    if (absent && !loading && this.isConnected) {
      this.work.absent = null;
      if (absent.code !== 'utterance_unknown' || items.length) this.desk.trouble(absent);
      if (absent.code !== 'offline') this.goTo(null);
    }
    const idle = !this.route?.item && !this.narrowPage.matches && this.isConnected;
    const first = !loading && idle ? items.find((item) => !this.work.said(item)) ?? (this.work.given.size ? null : items[0]) : null;
    if (first) this.goTo(first.id);
  }

  /** To another message without a step in the browser's history. */
  goTo(id) {
    history.replaceState(null, '', this.address({}, id));
    this.desk.follow();
  }

  narrow(change) {
    history.replaceState(null, '', this.address(change));
    this.desk.follow();
  }

  updated() {
    this.querySelector('.wl-row[aria-current]')?.scrollIntoView({ block: 'nearest' });
    this.querySelector('.wl-choice[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }

  escape() {
    if (this.begun) this.calm();
    else if (this.work.chosen.size) this.work.chooseNone();
    else if (this.narrowPage.matches) this.desk.go('queue', null, this.route.query);
  }

  render() {
    const { item, work } = this;
    const { items, loading, failed } = work.loader;
    return html`<div class="wl ${this.route.item ? 'has-open' : ''}">
        <h1 class="unseen">${this.t('sections.queue')}</h1>
        <header class="wl-top">
          <span class="wl-title" aria-hidden="true">${this.t('sections.queue')}</span>
          ${views(this)} ${this.progress()}
        </header>
        <div class="wl-list">
          ${filters(this)}
          <div class="scroll" tabindex="-1">${list(this)}${!loading && !failed && !items.length ? nothingLeft(this) : nothing}</div>
        </div>
        <div class="wl-open">
          ${hint(this, 'queue')}
          ${item
            ? pane(this, item)
            : loading || (this.route.item && !failed)
              ? html`<div class="wl-pane skeleton" aria-hidden="true"><div class="wl-main"><b class="wl-ghost-text"></b><b></b><b></b></div></div>`
              : items.length
                ? html`<div class="empty">${icon('resolved')}<strong>${this.t('queue.all_said')}</strong><span>${this.t('queue.all_said_hint')}</span></div>`
                : nothing}
        </div>
      </div>
      ${this.dialogs()}`;
  }
}

customElements.define('setu-page-queue', QueuePage);
