// The door: e-mail and password, and a clear word when it does not open.

import { html, nothing } from '../vendor/lit.js';
import { DeskElement } from './element.js';
import { icon } from './icons.js';

class SignIn extends DeskElement {
  static properties = { busy: { state: true }, problem: { state: true } };

  constructor() {
    super();
    this.busy = false;
    this.problem = null;
  }

  firstUpdated() {
    this.querySelector('input').focus();
  }

  async submit(event) {
    event.preventDefault();
    const { email, password } = Object.fromEntries(new FormData(event.target));
    if (!email.trim() || !password) {
      this.problem = this.t('sign_in.incomplete');
      return this.querySelector(email.trim() ? '#password' : '#email').focus();
    }
    this.busy = true;
    this.problem = null;
    try {
      await this.desk.signIn(email.trim(), password);
    } catch (error) {
      this.problem = this.desk.say(error);
      this.busy = false;
      await this.updateComplete;
      this.querySelector('#password').select();
    }
    return undefined;
  }

  render() {
    const { busy, problem } = this;
    return html`<main class="sign-in">
      <form @submit=${this.submit} novalidate aria-describedby=${problem ? 'problem' : nothing}>
        <span class="mark">${icon('bridge')}</span>
        <h1>${this.t('sign_in.title')}</h1>
        <p class="lead">${this.t('sign_in.lead')}</p>
        <div class="problem" role="alert" id="problem">
          ${problem ? html`${icon('alert')}<span>${problem}</span>` : nothing}
        </div>
        <label for="email">${this.t('sign_in.email')}</label>
        <input id="email" name="email" type="email" autocomplete="username" inputmode="email" spellcheck="false" />
        <label for="password">${this.t('sign_in.password')}</label>
        <input id="password" name="password" type="password" autocomplete="current-password" />
        <button class="button primary wide" ?disabled=${busy} aria-busy=${busy}>
          ${busy ? this.t('sign_in.busy') : this.t('sign_in.go')}
        </button>
      </form>
    </main>`;
  }
}

customElements.define('setu-sign-in', SignIn);
