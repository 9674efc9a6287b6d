// The conversation in the middle: its head with the moves, its messages, the composer below.

import { html, keyed, nothing, repeat } from '../vendor/lit.js';
import { brief } from './brief.js';
import './earlier.js';
import { DeskElement } from './element.js';
import { head } from './head.js';
import { icon } from './icons.js';
import { row } from './message.js';
import { nameOf } from './parts.js';
import { allowed } from './moves.js';
import { last, senderOf, timeline } from './thread.js';

const NEAR_END_PX = 80; // this close to the newest message, the view follows it
const NEAR_TOP_PX = 300;
const FETCHES = 10; // pages looked through for a quoted message

class Talk extends DeskElement {
  static properties = { below: { state: true }, over: { state: true } };

  constructor() {
    super();
    this.over = 0; // how deep something dragged is inside the pane
    this.below = false; // there are newer messages below the visible part
    this.readTo = Infinity; // the newest number read before the talk was opened
    this.atEnd = true; // the view follows what is new
    this.sizes = new ResizeObserver(() => this.follow());
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.sizes.disconnect();
  }

  follow() {
    const scroll = this.querySelector('.scroll');
    if (scroll && this.atEnd) scroll.scrollTop = scroll.scrollHeight;
  }

  /** Remembers where the view stands, so that messages put in above it do not move what is being read. */
  willUpdate() {
    const { id } = this.state.route;
    const scroll = this.querySelector('.scroll');
    const thread = this.state.threads[id];
    if (id !== this.shown) Object.assign(this, { shown: id, fresh: true, atEnd: true, below: false, readTo: Infinity });
    const conversation = this.state.conversations[id];
    if (this.fresh && thread?.loaded && conversation?.unread) this.readTo = conversation.read_by_agent ?? Infinity;
    this.was = { first: this.now?.first, height: scroll?.scrollHeight, top: scroll?.scrollTop };
  }

  updated() {
    const scroll = this.querySelector('.scroll');
    const thread = this.state.threads[this.shown];
    if (!scroll || !thread?.loaded) return;
    const now = { first: thread.messages[0]?.number, last: last(thread), pending: thread.pending.length };
    if (this.fresh) this.watchSizes(scroll);
    else if (now.pending > this.now.pending) this.atEnd = true;
    else if (now.first < this.was.first) scroll.scrollTop = this.was.top + scroll.scrollHeight - this.was.height;
    if (!this.fresh && now.last > this.now.last) {
      this.below = !this.atEnd;
      this.announce(thread);
    }
    this.fresh = false;
    this.now = now;
    this.follow();
  }

  /** Whatever grows, be it a picture, a typing sign or the field below, leaves the newest message in view. */
  watchSizes(scroll) {
    this.sizes.disconnect();
    this.sizes.observe(scroll);
    this.sizes.observe(scroll.firstElementChild);
  }

  /** New words of the customer are read out; the whole log as a live region would repeat itself. */
  announce(thread) {
    const message = thread.messages.at(-1);
    if (message?.sender !== 'customer') return;
    const name = nameOf(this.state.conversations[this.shown] ?? {}, this.texts.t);
    this.querySelector('.announce').textContent = this.t('talk.says', { name, text: brief(message, this.texts.t) });
  }

  async scrolled(event) {
    const scroll = event.target;
    const up = scroll.scrollTop < this.top; // a pane that shrinks below us is no reason to stop following
    this.top = scroll.scrollTop;
    this.atEnd = fromEnd(scroll) < NEAR_END_PX || (this.atEnd && !up);
    if (this.atEnd) this.below = false;
    if (scroll.scrollTop > NEAR_TOP_PX || this.fetching || this.fresh) return;
    this.fetching = true;
    await this.desk.talks.older(this.shown).catch((error) => this.desk.trouble(error));
    this.fetching = false;
  }

  toEnd() {
    const scroll = this.querySelector('.scroll');
    scroll.scrollTo({ top: scroll.scrollHeight, behavior: 'smooth' });
  }

  typing(id) {
    const now = this.state.typing[id] ?? {};
    const conversation = this.state.conversations[id];
    const lines = Object.entries(now)
      .filter(([who, { name }]) => who !== 'agent' || name !== this.state.me.name)
      .map(([who, { name }]) =>
        this.t(`talk.typing.${who}`, { name: name || nameOf(conversation, this.texts.t) }),
      );
    if (!lines.length) return nothing;
    return html`<div class="typing"><span class="dots" aria-hidden="true"><i></i><i></i><i></i></span>${lines.join(' · ')}</div>`;
  }

  /** What message.js and the templates below it need of the talk. */
  context(conversation, thread) {
    const { desk, texts } = this;
    const { me, cards, reach } = this.state;
    const card = cards[conversation.id];
    const working = allowed(conversation, me).reply;
    return {
      desk,
      texts,
      me,
      id: conversation.id,
      titles: new Map((card?.confidence ?? []).map((c) => [c.intent, c.title])),
      contact: { ...conversation.contact, name: nameOf(conversation, texts.t) },
      contacts: new Map((card?.contacts ?? []).map((one) => [one.id, one])),
      readByCustomer: conversation.read_by_customer ?? 0,
      showUnderstanding: desk.settings.values.understanding,
      outbox: desk.outbox,
      changes: desk.changes,
      working,
      can: reach[conversation.id]?.can,
      newest: thread.messages.findLast((m) => !m.deleted_at && !m.private && m.sender !== 'system' && !m.dropped)?.number,
      byNumber: new Map(thread.messages.map((message) => [message.number, message])),
      nameOfSender: (message) => senderOf(message, conversation, texts.t),
      goTo: (number) => this.goTo(number),
      show: (pictures, index) => desk.show('lightbox', null, { pictures, index }),
    };
  }

  /** Brings a message into view, and marks it for a moment; one from before what is loaded is fetched first. */
  async goTo(number) {
    for (let i = 0; i < FETCHES && !this.messageAt(number); i += 1) {
      await this.desk.talks.older(this.shown).catch((error) => this.desk.trouble(error));
      await this.updateComplete;
    }
    const message = this.messageAt(number);
    if (!message) return;
    this.atEnd = false;
    message.scrollIntoView({ block: 'center' });
    message.classList.remove('found');
    requestAnimationFrame(() => message.classList.add('found'));
  }

  messageAt(number) {
    return this.querySelector(`[data-number="${number}"]`);
  }

  dragged(event) {
    if (!event.dataTransfer.types.includes('Files')) return;
    event.preventDefault();
    if (event.type === 'dragenter') this.over += 1;
    if (event.type === 'dragleave') this.over -= 1;
  }

  dropped(event) {
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    this.over = 0;
    this.querySelector('setu-composer').attach(event.dataTransfer.files);
  }

  messages(conversation, thread) {
    const { me } = this.state;
    const context = this.context(conversation, thread);
    return html`
      ${thread.complete ? html`<p class="beginning">${this.t('talk.beginning')}</p>` : html`<p class="beginning">${this.t('talk.loading')}</p>`}
      ${repeat(timeline(thread, me, this.readTo), (item) => item.key, (item) => row(item, context))}
    `;
  }

  render() {
    const { route, conversations, threads } = this.state;
    const conversation = conversations[route.id];
    const thread = threads[route.id];
    if (!route.id) {
      return html`<section class="talk nothing-open" aria-label=${this.t('talk.label')}>
        <div class="empty">${icon('reply')}<strong>${this.t('talk.none')}</strong><span>${this.t('talk.none_hint')}</span></div>
      </section>`;
    }
    if (!conversation || !thread?.loaded) {
      return html`<main class="talk" aria-busy="true">
        <header class="talk-head"></header>
        <div class="scroll skeleton"><i class="left"></i><i class="left"></i><i class="right"></i><i class="left"></i></div>
      </main>`;
    }
    return html`<main class="talk" aria-label=${this.t('talk.label')}
      @dragenter=${this.dragged} @dragover=${this.dragged} @dragleave=${this.dragged} @drop=${this.dropped}>
      ${head(conversation, this.desk)}
      <div class="scroll" tabindex="0" role="log" aria-live="off" aria-label=${this.t('talk.messages')} @scroll=${this.scrolled}>
        ${keyed(route.id, html`<div class="log">${this.messages(conversation, thread)}${this.typing(route.id)}</div>`)}
      </div>
      ${this.below ? html`<button class="button small to-end" @click=${this.toEnd}>${this.t('talk.below')}</button>` : nothing}
      ${this.over > 0 ? html`<div class="drop-here" aria-hidden="true">${icon('attach')}${this.t('files.drop')}</div>` : nothing}
      <div class="announce unseen" aria-live="polite"></div>
      <setu-composer .desk=${this.desk} .id=${route.id}></setu-composer>
    </main>`;
  }
}

const fromEnd = (scroll) => scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight;

customElements.define('setu-talk', Talk);
