// The page: starts the desk and shows the sign-in, or the panes. One desk per page, handed to every element.

import { html, LitElement, nothing } from '../vendor/lit.js';
import './card.js';
import './composer.js';
import './dialogs.js';
import './help.js';
import './inboxes.js';
import './lightbox.js';
import './links.js';
import './list.js';
import './palette.js';
import './rail.js';
import './sign-in.js';
import './talk.js';
import './toasts.js';
import { Desk } from './desk.js';
import { listen } from './keyboard.js';
import { isPage, unreadTotal } from './views.js';

class SetuDesk extends LitElement {
  static properties = { overlay: { state: true } };

  constructor() {
    super();
    this.overlay = null; // the open dialog: {name, conversation?, number?, pictures?, index?}
    this.desk = new Desk();
    this.desk.show = (name, conversation = null, more = {}) => {
      this.overlay = name && { name, conversation, ...more };
    };
    this.desk.store.subscribe(() => this.requestUpdate());
    this.desk.settings.subscribe(() => this.requestUpdate());
    this.desk.start();
    listen(this.desk, () => this.querySelector('dialog[open]') !== null);
  }

  createRenderRoot() {
    return this;
  }

  updated() {
    const { phase, conversations, me } = this.desk.state;
    const unread = phase === 'ready' ? unreadTotal(conversations, me) : 0;
    const title = this.desk.texts.has('title') ? this.desk.texts.t('title') : 'Setu';
    document.title = unread ? `(${unread}) ${title}` : title;
  }

  render() {
    const { phase, failure } = this.desk.state;
    if (phase === 'starting') return html`<main class="starting" aria-busy="true"></main>`;
    if (phase === 'signed-out') return html`<setu-sign-in .desk=${this.desk}></setu-sign-in>`;
    if (phase === 'failed') return this.failed(failure);
    return this.panes();
  }

  failed(message) {
    const again = () => location.reload();
    const label = this.desk.texts.has('again') ? this.desk.texts.t('again') : '↻';
    return html`<main class="starting">
      <div class="failure" role="alert">
        <p>${message}</p>
        <button class="button" @click=${again}>${label}</button>
      </div>
    </main>`;
  }

  talks() {
    const { desk } = this;
    return html`
      <setu-list .desk=${desk}></setu-list>
      <setu-talk .desk=${desk}></setu-talk>
      <setu-card .desk=${desk}></setu-card>
    `;
  }

  panes() {
    const { desk, overlay } = this;
    const { route } = desk.state;
    const close = () => desk.show(null);
    const opened = (name) => overlay?.name === name;
    return html`
      <div class="desk ${isPage(route.view) ? `has-page ${route.item ? 'has-item' : ''}` : ''} ${route.id ? 'has-talk' : ''} ${desk.cardShown ? 'has-card' : ''}">
        <setu-rail .desk=${desk}></setu-rail>
        ${isPage(route.view) ? html`<setu-inboxes .desk=${desk}></setu-inboxes>` : this.talks()}
      </div>
      <setu-toasts .desk=${desk}></setu-toasts>
      ${opened('palette') ? html`<setu-palette .desk=${desk} @close=${close}></setu-palette>` : nothing}
      ${opened('links') ? html`<setu-links .desk=${desk} .id=${overlay.conversation} @close=${close}></setu-links>` : nothing}
      ${opened('lightbox')
        ? html`<setu-lightbox .desk=${desk} .pictures=${overlay.pictures} .index=${overlay.index} @close=${close}></setu-lightbox>`
        : nothing}
      ${opened('help') ? html`<setu-help .desk=${desk} @close=${close}></setu-help>` : nothing}
      ${['hand-back', 'snooze', 'transfer', 'resolve', 'delete'].includes(overlay?.name)
        ? html`<setu-move .desk=${desk} .move=${overlay.name} .id=${overlay.conversation} .number=${overlay.number} @close=${close}></setu-move>`
        : nothing}
    `;
  }
}

customElements.define('setu-desk', SetuDesk);
