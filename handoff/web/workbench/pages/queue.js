// Labelling: the list of messages worth a label, and the one that is open. Made for the keyboard.

import { html, nothing } from '../../vendor/lit.js';
import { DeskElement } from '../../desk/element.js';
import { keep, recall } from '../../desk/memory.js';
import { icon } from '../icons.js';
import { choices } from '../labelling/chooser.js';
import { hint } from '../labelling/hint.js';
import '../labelling/importing.js';
import { filters, list, nothingLeft, views } from '../labelling/list.js';
import { letterOf, selection, spanOf, suggested } from '../labelling/message.js';
import { pane } from '../labelling/pane.js';
import '../labelling/propose.js';
import { words } from '../labelling/text.js';
import { Work } from '../labelling/work.js';
import { labellingCommands } from '../labelling/commands.js';
import { at } from '../route.js';

const LISTED = ['view', 'topic', 'language', 'reason', 'intent', 'q'];

class QueuePage extends DeskElement {
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

  get marked() {
    return this.marking ? spanOf(this.item.text, this.marking) : null;
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

  // --- marking details ------------------------------------------------------------------------------------

  selected(_event, item) {
    const range = selection(this.querySelector('.wl-message'), item.text);
    if (!range) return;
    this.picking = range;
    this.marking = null;
    this.requestUpdate();
  }

  mark() {
    if (!words(this.item.text).length) return;
    this.marking = { from: 0, to: 0 };
    this.requestUpdate();
  }

  moveMark(by, widen) {
    const last = words(this.item.text).length - 1;
    const to = Math.min(last, Math.max(0, this.marking.to + by));
    this.marking = { from: widen ? this.marking.from : to, to };
    this.requestUpdate();
  }

  pickMarked() {
    this.picking = this.marked;
    this.marking = null;
    this.requestUpdate();
  }

  unmarkHere() {
    const { start, end } = this.marked;
    const marks = this.work.draft().entities.filter((mark) => mark.start < end && start < mark.end);
    for (const mark of marks) this.work.unmark(mark);
  }

  /** All that the bot found is right. */
  takeSuggested() {
    for (const one of suggested(this.item, this.work.draft().entities, this.vocabulary)) {
      this.work.mark({ start: one.start, end: one.end }, one.entity);
    }
    this.escape();
  }

  pick(entity) {
    if (entity && this.picking) this.work.mark(this.picking, entity);
    this.picking = null;
    getSelection()?.removeAllRanges();
    this.requestUpdate();
  }

  pickLetter(letter) {
    const entity = this.vocabulary.entities.find((_, i) => letterOf(i) === letter);
    if (entity) this.pick(entity.name);
  }

  escape() {
    if (this.picking || this.marking || this.two || this.tongue || this.typed) this.calm();
    else if (this.work.chosen.size) this.work.chooseNone();
    else if (this.narrowPage.matches) this.desk.go('queue', null, this.route.query);
    this.requestUpdate();
  }

  // --- beside ---------------------------------------------------------------------------------------------

  import() {
    this.overlay = 'import';
  }

  async makeChange() {
    this.making = true;
    this.requestUpdate();
    try {
      const { id } = await this.desk.api.fromLabels();
      this.desk.go('changes', id);
    } catch (error) {
      this.desk.trouble(error);
    }
    this.making = false;
    this.work.figures(true);
  }

  /** What was labelled and will not be learnt from, and why. */
  left() {
    const left = Object.entries(this.work.progress?.left ?? {});
    if (!left.length) return nothing;
    const count = left.reduce((sum, [, n]) => sum + n, 0);
    return html`<button class="button small quiet" popovertarget="labels-left">${this.t('queue.left', { count })}</button>
      <div id="labels-left" class="wl-left" popover role="dialog" aria-label=${this.t('queue.left', { count })}>
        <strong>${this.t('queue.left_title')}</strong>
        <ul>
          ${left.map(([code, n]) => html`<li><b>${this.texts.number(n)}</b>${this.texts.label('labels.left', code)}</li>`)}
        </ul>
      </div>`;
  }

  progress() {
    const { progress, outbox } = this.work;
    const { unsent } = outbox;
    const mine = progress?.by_agent?.find(({ agent }) => agent.id === this.desk.me.id)?.today ?? 0;
    return html`<div class="wl-progress">
      <span role="status" class="wl-unsent">${unsent && !this.state.online ? html`${icon('clock')}${this.t('queue.unsent', { count: unsent })}` : nothing}</span>
      ${progress ? html`<span class="wl-today" title=${this.t('queue.today_all', { count: progress.today })}>${this.t('queue.today', { count: mine, n: this.texts.number(mine) })}</span>` : nothing}
      ${progress?.ready
        ? html`<button class="button small primary" ?disabled=${this.making} title=${this.t('queue.ready_hint')} @click=${this.makeChange}>
            ${icon('changes')}${this.t('queue.ready', { count: progress.ready, n: this.texts.number(progress.ready) })}
          </button>`
        : nothing}
      ${this.left()}
      <button class="button small" @click=${this.import}>${icon('upload')}${this.t('queue.import')}</button>
      <button class="icon-button" aria-label=${this.t('help.title')} title="${this.t('help.title')} (?)" @click=${() => this.desk.show('help')}>${icon('keyboard')}</button>
    </div>`;
  }

  dialogs() {
    const close = () => (this.overlay = null);
    if (this.overlay === 'import') {
      return html`<setu-importing .desk=${this.desk} @close=${close} @imported=${() => this.reload()}></setu-importing>`;
    }
    if (this.overlay !== 'propose') return nothing;
    return html`<setu-propose .desk=${this.desk} .made=${(proposal) => this.proposed(proposal)} @close=${close}></setu-propose>`;
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
