// The middle list: a view's conversations, live, with what an agent needs to choose the next one.

import { html, nothing, repeat } from '../vendor/lit.js';
import { brief } from './brief.js';
import { DeskElement } from './element.js';
import { filter } from './filter.js';
import { channelIcon, icon } from './icons.js';
import { avatar, keys, mood, nameOf } from './parts.js';
import { href } from './route.js';
import { listOf, waitLevel } from './views.js';

class List extends DeskElement {
  connectedCallback() {
    super.connectedCallback();
    this.ticking = setInterval(() => this.state.route.view === 'queue' && this.requestUpdate(), 1000);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearInterval(this.ticking);
  }

  updated() {
    const { id } = this.state.route;
    if (id === this.shown) return;
    this.shown = id;
    this.querySelector('.row[aria-current]')?.scrollIntoView({ block: 'nearest' });
  }

  snippet(conversation) {
    const message = conversation.last_message;
    if (!message) return this.t('list.empty_talk');
    const own = message.sender === 'agent' && message.author?.id === this.state.me.id;
    const elsewhere = message.rich?.elsewhere && 'elsewhere';
    const who = message.private ? 'note' : own ? 'you' : elsewhere || message.sender;
    const text = brief(message, this.texts.t);
    if (who === 'customer') return text;
    return html`<span class="by">${this.t(`list.by.${who}`, { name: message.author?.name ?? '' })}</span> <bdi>${text}</bdi>`;
  }

  when(conversation) {
    if (conversation.status === 'queued' && conversation.queued_at) {
      const seconds = (Date.now() - new Date(conversation.queued_at)) / 1000;
      return html`<span class="wait ${waitLevel(seconds)}" title=${this.t('list.waiting')}
        >${icon('clock')}<span class="unseen">${this.t('list.waiting')} </span>${this.texts.waited(seconds)}</span
      >`;
    }
    const at = conversation.last_message?.created_at;
    return at ? html`<time datetime=${at}>${this.texts.short(at)}</time>` : nothing;
  }

  /** Icon and name of the inbox; the kind of channel is said in words too. */
  channel({ inbox, also }) {
    const kind = this.texts.label('channels', inbox?.channel);
    return html`<span class="channel" title="${kind}: ${inbox?.name ?? ''}"
      >${channelIcon(inbox?.channel)}<span class="unseen">${kind}: </span><span class="inbox">${inbox?.name}</span>${also?.length
        ? html`<span class="also" title=${this.t('list.also', { count: also.length })}>+${also.length}</span>`
        : nothing}</span
    >`;
  }

  badges(conversation) {
    const { status, reason, snoozed_until: until, agent } = conversation;
    const { me } = this.state;
    const language = conversation.language ?? conversation.contact?.locale?.split('-')[0];
    return html`<span class="badges">
      ${reason && status !== 'bot' ? html`<span class="badge why">${this.texts.label('reasons', reason)}</span>` : nothing}
      ${status === 'snoozed'
        ? html`<span class="badge">${icon('clock')}${until ? this.texts.until(until) : this.t('status.snoozed')}</span>`
        : nothing}
      ${agent && agent.id !== me.id ? html`<span class="badge">${agent.name}</span>` : nothing}
      <span class="facts">
        ${mood(conversation.mood, this.texts.t)}
        ${language ? html`<abbr class="language" title=${this.texts.label('languages', language)}>${language}</abbr>` : nothing}
        ${this.channel(conversation)}
      </span>
    </span>`;
  }

  row(conversation) {
    const { route } = this.state;
    const { id, unread } = conversation;
    const name = nameOf(conversation, this.texts.t);
    const claim = () => this.desk.moves.claim(id);
    return html`<li class="item ${unread ? 'unread' : ''}">
      <a class="row" href=${href(route.view, id)} aria-current=${route.id === id ? 'true' : nothing} data-id=${id}>
        ${avatar(name, conversation.contact?.id ?? id)}
        <span class="head"><span class="name" dir="auto">${name}</span>${this.when(conversation)}</span>
        <span class="snippet" dir="auto">${this.snippet(conversation)}</span>
        ${this.badges(conversation)}
        ${unread
          ? html`<span class="unread-count">${this.texts.number(unread)}<span class="unseen"> ${this.t('list.unread', { count: unread })}</span></span>`
          : nothing}
      </a>
      ${conversation.status === 'queued'
        ? html`<button class="button small claim" @click=${claim} aria-label=${this.t('list.claim_who', { name })}>
            ${this.t('list.claim')}
          </button>`
        : nothing}
    </li>`;
  }

  body(rows, page) {
    const { view } = this.state.route;
    const narrowed = this.state.filter;
    if (!rows.length && !page?.loaded) return html`<div class="skeleton rows" aria-hidden="true">${SKELETON}</div>`;
    if (!rows.length) {
      return html`<div class="empty">
        ${icon(view)}<strong>${this.t(narrowed ? 'list.none_fits' : `list.none.${view}`)}</strong
        ><span>${this.t(narrowed ? 'list.none_fits_hint' : `list.none_hint.${view}`)}</span>
      </div>`;
    }
    const more = () => this.desk.rows.page(view, rows.at(-1).id);
    return html`<ul class="rows">
        ${repeat(rows, (c) => c.id, (c) => this.row(c))}
      </ul>
      ${page?.more ? html`<button class="button quiet more" @click=${more}>${this.t('list.more')}</button>` : nothing}`;
  }

  render() {
    const { route, conversations, me, pages, counts, filter: narrowed } = this.state;
    const page = pages[route.view];
    const rows = listOf(conversations, route.view, me, narrowed);
    const count = narrowed ? rows.length : Math.max(counts[route.view] ?? 0, rows.length);
    const title = html`${this.t(`views.${route.view}`)} <span class="total">${count ? this.texts.number(count) : ''}</span>`;
    // The open conversation is what the page is about; without one it is the list.
    return html`<section
      class="list"
      role=${route.id ? 'region' : 'main'}
      aria-label=${this.t('list.label')}
      aria-busy=${Boolean(page?.loading)}
    >
      <header>
        ${route.id ? html`<h2>${title}</h2>` : html`<h1>${title}</h1>`}
        <button class="search-field" @click=${() => this.desk.show('palette')}>
          ${icon('search')}<span>${this.t('list.search')}</span>${keys('Ctrl K')}
        </button>
        ${filter(this.desk)}
      </header>
      <div class="scroll">${this.body(rows, page)}</div>
    </section>`;
  }
}

const SKELETON = Array.from({ length: 6 }, () => html`<div class="ghost"><i></i><b></b><b></b></div>`);

customElements.define('setu-list', List);
