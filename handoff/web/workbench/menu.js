// The trainer's own menu: theme, language, shortcuts, keys, sign out.

import { html } from '../vendor/lit.js';
import { DeskElement } from '../desk/element.js';
import { avatar, themes } from '../desk/parts.js';
import { icon } from './icons.js';

/** A language as it calls itself. */
const ownName = (code) => new Intl.DisplayNames([code], { type: 'language' }).of(code);

class Menu extends DeskElement {
  language() {
    const now = this.texts.language.split('-')[0];
    return html`<label class="option" for="own-language"><span>${this.t('menu.language')}</span>
      <select id="own-language" @change=${(event) => this.desk.speak(event.target.value)}>
        ${this.state.languages.map((code) => html`<option value=${code} ?selected=${code === now}>${ownName(code)}</option>`)}
      </select>
    </label>`;
  }

  render() {
    const { me } = this.state;
    const { shortcuts } = this.desk.settings.values;
    const help = () => {
      this.querySelector('[popover]').hidePopover();
      this.desk.show('help');
    };
    return html`
      <button class="me" popovertarget="own-menu" aria-label=${this.t('menu.label', { name: me.name })} title=${me.name}>
        ${avatar(me.name, me.id)}
      </button>
      <div id="own-menu" class="menu" popover role="dialog" aria-label=${this.t('menu.title')}>
        <div class="who">
          ${avatar(me.name, me.id)}
          <div><strong>${me.name}</strong><small>${this.texts.label('roles', me.role)}</small></div>
        </div>
        ${themes(this.desk)} ${this.language()}
        <label class="option">
          <span>${this.t('menu.shortcuts')}<small>${this.t('menu.shortcuts_hint')}</small></span>
          <input
            type="checkbox"
            role="switch"
            .checked=${shortcuts}
            @change=${(event) => this.desk.settings.set({ shortcuts: event.target.checked })}
          />
        </label>
        <hr />
        <button class="item" @click=${help}>${icon('keyboard')}${this.t('help.title')}</button>
        ${['supervisor', 'operator'].includes(me.role)
          ? html`<a class="item" href="/desk/">${icon('reply')}${this.t('menu.desk')}</a>`
          : ''}
        <button class="item" @click=${() => this.desk.signOut()}>${icon('return')}${this.t('menu.sign_out')}</button>
      </div>
    `;
  }
}

customElements.define('setu-bench-menu', Menu);
