// What passes over the page: short words about what happened, and whether the connection stands.

import { html, nothing, repeat } from '../vendor/lit.js';
import { DeskElement } from './element.js';
import { icon } from './icons.js';
import { href } from './route.js';

const LOST_AFTER_MS = 1200; // a short break is nobody's business
const BACK_FOR_MS = 2500;

class Toasts extends DeskElement {
  static properties = { banner: { state: true } };

  constructor() {
    super();
    this.banner = null; // null | lost | back
  }

  willUpdate() {
    const { online } = this.state;
    if (online === this.wasOnline) return;
    clearTimeout(this.changing);
    if (!online) this.changing = setTimeout(() => (this.banner = 'lost'), LOST_AFTER_MS);
    else if (this.banner) {
      this.banner = 'back';
      this.changing = setTimeout(() => (this.banner = null), BACK_FOR_MS);
    }
    this.wasOnline = online;
  }

  toast({ id, text, tone, route }) {
    const gone = () => this.desk.store.dispatch({ type: 'toast gone', id });
    return html`<div class="toast ${tone}">
      ${icon(tone === 'bad' ? 'alert' : 'check')}
      ${route ? html`<a href=${href(route.view, route.id)} @click=${gone}>${text}</a>` : html`<span>${text}</span>`}
      <button class="icon-button small" aria-label=${this.t('toasts.close')} @click=${gone}>${icon('close')}</button>
    </div>`;
  }

  render() {
    return html`
      <div class="banner-place" role="status">
        ${this.banner
          ? html`<p class="banner ${this.banner}">
              ${icon(this.banner === 'lost' ? 'alert' : 'check')}${this.t(`connection.${this.banner}`)}
            </p>`
          : nothing}
      </div>
      <div class="toasts" role="status">${repeat(this.state.toasts, (toast) => toast.id, (toast) => this.toast(toast))}</div>
    `;
  }
}

customElements.define('setu-toasts', Toasts);
