// The page of inboxes: all with their health at a glance; beside them one of them, or the form for a new one.

import { html, keyed, nothing, repeat } from '../vendor/lit.js';
import { DeskElement } from './element.js';
import { channelIcon, icon } from './icons.js';
import { Known } from './inboxes-calls.js';
import './inboxes-new.js';
import './inboxes-one.js';
import { channelName, health } from './inboxes-parts.js';
import { href } from './route.js';

const NEW = /^new(?:-(\w+))?$/;

class Inboxes extends DeskElement {
  static properties = { made: { state: true } };

  constructor() {
    super();
    this.made = {}; // inbox id -> what was made up for it just now, shown until the page is left
    this.known = new Known(() => this.arrived());
  }

  connectedCallback() {
    super.connectedCallback();
    this.known.start();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.known.stop();
  }

  arrived() {
    if (this.known.failed?.status === 401) this.desk.leave();
    for (const element of [this, ...this.querySelectorAll('setu-inbox, setu-new-inbox')]) element.requestUpdate();
  }

  created(inbox, made) {
    this.made = { ...this.made, [inbox.id]: made };
    this.known.put(inbox);
    this.desk.go('inboxes', inbox.id);
  }

  row(inbox) {
    const { item } = this.state.route;
    const { last_webhook_at: at } = inbox.health;
    return html`<li>
      <a class="inbox-row" href=${href('inboxes', inbox.id)} aria-current=${item === inbox.id ? 'true' : nothing} data-id=${inbox.id}>
        <span class="inbox-icon ${inbox.health.state}">${channelIcon(inbox.channel)}</span>
        <span class="head"
          ><strong><bdi>${inbox.name}</bdi></strong>${at ? html`<time datetime=${at}>${this.texts.short(at)}</time>` : nothing}</span
        >
        <span class="what">${channelName(this.texts, inbox.channel)}</span>
        ${health(this.texts, inbox)}
      </a>
    </li>`;
  }

  list() {
    const { inboxes, failed } = this.known;
    if (failed && !inboxes) return html`<p class="problem" role="alert">${this.desk.say(failed)}</p>`;
    if (!inboxes) return html`<div class="skeleton rows" aria-hidden="true">${GHOSTS}</div>`;
    if (!inboxes.length) {
      return html`<div class="empty">
        ${icon('inboxes')}<strong>${this.t('inboxes.none')}</strong><span>${this.t('inboxes.none_hint')}</span>
      </div>`;
    }
    return html`<ul>
      ${repeat(inboxes, (inbox) => inbox.id, (inbox) => this.row(inbox))}
    </ul>`;
  }

  pane(item) {
    const [isNew, channel] = NEW.exec(item ?? '') ?? [];
    if (isNew) {
      return html`<setu-new-inbox
        .desk=${this.desk}
        .known=${this.known}
        .channel=${channel ?? null}
        .created=${(inbox, made) => this.created(inbox, made)}
      ></setu-new-inbox>`;
    }
    const inbox = this.known.of(item);
    if (inbox) {
      return keyed(
        item,
        html`<setu-inbox .desk=${this.desk} .known=${this.known} .id=${item} .made=${this.made[item] ?? null}></setu-inbox>`,
      );
    }
    const [title, hint] = item && this.known.inboxes ? ['gone', 'gone_hint'] : ['choose', 'choose_hint'];
    return html`<section class="inbox-pane nothing-open" aria-busy=${Boolean(item && !this.known.inboxes)}>
      <div class="empty">${icon('inboxes')}<strong>${this.t(`inboxes.${title}`)}</strong><span>${this.t(`inboxes.${hint}`)}</span></div>
    </section>`;
  }

  render() {
    const { item } = this.state.route;
    const title = this.t('views.inboxes');
    return html`
      <section class="inbox-list" role=${item ? 'region' : 'main'} aria-label=${title}>
        <header>
          ${item ? html`<h2>${title}</h2>` : html`<h1>${title}</h1>`}
          <a class="button small" href=${href('inboxes', 'new')}>${icon('plus')}${this.t('inboxes.new')}</a>
        </header>
        <div class="scroll">${this.list()}</div>
      </section>
      ${this.pane(item)}
    `;
  }
}

const GHOSTS = Array.from({ length: 4 }, () => html`<div class="ghost"><i></i><b></b><b></b></div>`);

customElements.define('setu-inboxes', Inboxes);
