// The base of the desk's elements: light DOM (one set of styles), drawn again when the store changes.

import { LitElement } from '../vendor/lit.js';

export class DeskElement extends LitElement {
  static properties = { desk: { attribute: false } };

  createRenderRoot() {
    return this;
  }

  /** An element just taken from the page has nothing left to show: what it showed may be gone. */
  shouldUpdate() {
    return this.isConnected;
  }

  get state() {
    return this.desk.store.state;
  }

  get texts() {
    return this.desk.texts;
  }

  /** A text of the catalogue. */
  t(key, values) {
    return this.desk.texts.t(key, values);
  }

  connectedCallback() {
    super.connectedCallback();
    const again = () => this.requestUpdate();
    this.unsubscribe = [this.desk.store.subscribe(again), this.desk.settings.subscribe(again)];
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    for (const stop of this.unsubscribe) stop();
  }
}
