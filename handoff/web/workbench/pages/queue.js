// Labelling: the list of messages worth a label, and the one that is open. Made for the keyboard.

import { html, nothing } from '../../vendor/lit.js';
import { DeskElement } from '../../desk/element.js';
import { keep, recall } from '../../desk/memory.js';
import { icon } from '../icons.js';
import { Beside } from '../labelling/beside.js';
import { choices } from '../labelling/chooser.js';
import { hint } from '../labelling/hint.js';
import { Marking } from '../labelling/marking.js';
import { filters, list, nothingLeft, views } from '../labelling/list.js';
import { pane } from '../labelling/pane.js';
import { Work } from '../labelling/work.js';
import { labellingCommands } from '../labelling/commands.js';
import { at } from '../route.js';

const LISTED = ['view', 'topic', 'language', 'reason', 'intent', 'q'];

class QueuePage extends Marking(Beside(DeskElement)) {
  static properties = { route: { attribute: false }, overlay: { state: true } };

  constructor() {
    super();
    this.narrowPage = matchMedia('(max-width: 760px)'); // as in labelling.css: one pane at a time
    this.calm();
    this.similar = recall('labelling.similar', false);
    this.overlay = null; // null | import | propose
  }

  connectedCallback() {
    super.connectedCallback();
    this.work ??= new Work(this.desk, () => this.changedWork());
    this.work.vocabulary.need().then(
      () => this.requestUpdate(),
      (error) => this.desk.trouble(error),
    );
    if (this.state.can.assign && !this.team) {
      this.desk.api.team().then((team) => {
        this.team = team;
        this.requestUpdate();
      }, () => {});
    }
    this.work.figures(true);
    if (this.listed !== undefined && this.route) this.reload(); // back from another page
  }

  /** Nothing is begun: no typing, no marking, no second wish. */
  calm() {
    this.typed = '';
    this.at = 0;
    this.wishes = [];
    this.two = false;
    this.marking = null; // {from, to}: numbers of words
    this.picking = null; // {start, end}: waits for its entity
    this.tongue = false;
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

  get choices() {
    return choices(this.item, this.vocabulary, this.typed);
  }

  get pointed() {
    return this.choices[this.at]?.intent ?? null;
  }

  get commands() {
    return labellingCommands(this);
  }

  // --- where one is ---------------------------------------------------------------------------------------

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

  // --- saying something -----------------------------------------------------------------------------------

  type(text) {
    this.typed = text;
    this.at = 0;
    this.requestUpdate();
  }

  point(i) {
    if (i === this.at) return;
    this.at = i;
    this.requestUpdate();
  }

  pointAt(name) {
    this.typed = '';
    this.point(this.choices.findIndex(({ intent }) => intent.name === name));
  }

  step(by) {
    const { length } = this.choices;
    if (length) this.point((this.at + by + length) % length);
  }

  field() {
    this.querySelector('#intent')?.focus();
  }

  keyInField(event) {
    const { key } = event;
    if (key === 'ArrowDown' || key === 'ArrowUp') this.step(key === 'ArrowDown' ? 1 : -1);
    else if (key === 'Enter') {
      if (this.pointed) this.take(this.pointed);
    } else if (key === 'Escape') {
      this.type('');
      event.target.blur();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** This is what it means; or one of the two things. */
  take(intent) {
    if (!intent || !this.work.targets.length) return;
    if (this.two) {
      if (this.wishes.includes(intent.name) || intent.proposed) return;
      this.wishes = [...this.wishes, intent.name];
      this.typed = '';
      this.at = 0;
      if (this.wishes.length === 2) this.say({ kind: 'two_wishes', wishes: this.wishes });
      else this.requestUpdate();
      return;
    }
    this.say({ kind: intent.proposed ? 'proposed' : 'intent', intent: intent.name });
  }

  takeRanked(number) {
    const ranked = this.choices.find((one) => one.number === number);
    if (ranked) this.take(ranked.intent);
  }

  kind(kind) {
    if (kind === 'proposed') this.overlay = 'propose';
    else if (kind === 'two_wishes') {
      this.two = true;
      this.requestUpdate();
    } else this.say({ kind });
  }

  say(meaning, options = {}) {
    const outcome = this.work.say(meaning, { similar: this.similar && !this.work.chosen.size, ...options });
    this.calm();
    document.activeElement?.closest('.wl-chooser, .wl-actions')?.querySelector(':focus')?.blur();
    if (outcome.next) this.goTo(outcome.next.id);
    else if (outcome.labels?.some(({ utterance }) => utterance === this.route.item)) this.finished();
    this.requestUpdate();
  }

  /** Nothing is left to say in this view: back to the list, and whether there is more. */
  async finished() {
    this.work.current = null;
    history.replaceState(null, '', this.address());
    this.desk.follow();
    await this.work.loader.more();
  }

  insist(label) {
    const { utterance, anyway: _, ...meaning } = label;
    if (utterance !== this.route.item) this.goTo(utterance);
    this.say(meaning, { anyway: true });
  }

  proposed(proposal) {
    this.vocabulary.use({ ...this.vocabulary, proposals: [...this.vocabulary.proposals, proposal] });
    this.say({ kind: 'proposed', intent: proposal.name });
  }

  async undo() {
    const id = await this.work.undo();
    if (!id) return;
    this.calm();
    this.desk.toast(this.t('labelling.undone'));
    this.goTo(id);
  }

  toggleSimilar() {
    this.similar = !this.similar;
    keep('labelling.similar', this.similar);
    this.requestUpdate();
  }

  toggleTongue() {
    this.tongue = !this.tongue;
    this.requestUpdate();
  }

  speakIn(code) {
    this.work.edit({ language: code === this.item.language ? null : code });
    this.tongue = false;
  }

  // --- choosing many --------------------------------------------------------------------------------------

  move(by, choosing = false) {
    const next = this.work.neighbour(by);
    if (!next) return;
    if (choosing) {
      this.work.choose(this.work.current, true);
      this.work.choose(next.id, true);
    }
    this.goTo(next.id);
  }

  /** Gives the chosen messages to somebody: nobody else is shown them. */
  async assign(to) {
    const ids = [...this.work.chosen];
    if (!to || !ids.length) return;
    try {
      const { assigned } = await this.desk.api.assign({ to, ids });
      const { name } = this.team.find(({ id }) => id === to);
      this.desk.toast(this.t('labelling.assigned', { count: assigned, name }));
      await this.reload();
    } catch (error) {
      this.desk.trouble(error);
    }
  }

  clickedRow(event, item) {
    if (event.shiftKey) {
      event.preventDefault();
      this.chooseTo(item);
    } else if (!this.narrowPage.matches && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      if (event.detail) event.currentTarget.blur(); // by mouse: Enter is to say what it means, not to open it again
      this.goTo(item.id);
    }
  }

  clickedBox(event, item) {
    if (event.shiftKey) this.chooseTo(item);
    else this.work.choose(item.id);
    event.target.blur();
  }

  /** All from the open one to this. */
  chooseTo(item) {
    const ids = this.work.items.map(({ id }) => id);
    const [a, b] = [ids.indexOf(this.work.current), ids.indexOf(item.id)].sort((x, y) => x - y);
    for (const id of ids.slice(Math.max(0, a), b + 1)) this.work.choose(id, true);
  }

  escape() {
    if (this.picking || this.marking || this.two || this.tongue || this.typed) this.calm();
    else if (this.work.chosen.size) this.work.chooseNone();
    else if (this.narrowPage.matches) this.desk.go('queue', null, this.route.query);
    this.requestUpdate();
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
