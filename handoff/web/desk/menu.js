// The agent's own menu: availability, theme, sound, notifications, shortcuts, sign out.

import { html, nothing } from '../vendor/lit.js';
import { DeskElement } from './element.js';
import { icon } from './icons.js';
import { allowNotifications, chime } from './notify.js';
import { avatar, captioned, themes } from './parts.js';
import { pagesFor } from './views.js';

class Menu extends DeskElement {
  async available(value) {
    const before = this.state.me.availability;
    this.desk.store.dispatch({ type: 'me', change: { availability: value } });
    try {
      await this.desk.api.availability(value);
    } catch (error) {
      this.desk.store.dispatch({ type: 'me', change: { availability: before } });
      this.desk.trouble(error);
    }
  }

  async toggle(name, on) {
    if (name === 'notify' && on && !(await allowNotifications())) {
      this.desk.toast(this.t('menu.notify_refused'), 'bad');
      return this.requestUpdate();
    }
    if (name === 'sound' && on) chime();
    return this.desk.settings.set({ [name]: on });
  }

  option(name) {
    const change = (event) => this.toggle(name, event.target.checked);
    return html`<label class="option">
      <span>${this.t(`menu.${name}`)}<small>${this.t(`menu.${name}_hint`)}</small></span>
      <input type="checkbox" role="switch" .checked=${this.desk.settings.values[name]} @change=${change} />
    </label>`;
  }

  render() {
    const { me } = this.state;
    const online = me.availability === 'online';
    const help = () => {
      this.querySelector('[popover]').hidePopover();
      this.desk.show('help');
    };
    return html`
      <button class="me" popovertarget="own-menu" aria-label=${this.t('menu.label', { name: me.name })} title=${me.name}>
        ${avatar(me.name, me.id)}<span class="dot ${online ? 'online' : 'away'}"></span>
      </button>
      <div id="own-menu" class="menu" popover role="dialog" aria-label=${this.t('menu.title')}>
        <div class="who">
          ${avatar(me.name, me.id)}
          <div><strong>${me.name}</strong><small>${me.email ?? this.texts.label('roles', me.role)}</small></div>
        </div>
        ${captioned({
          name: 'availability',
          label: this.t('menu.availability'),
          options: ['online', 'away'].map((value) => [
            value,
            html`<i class="dot ${value}"></i>${this.t(`availability.${value}`)}`,
          ]),
          value: me.availability,
          choose: (value) => this.available(value),
        })}
        <p class="hint">${this.t(online ? 'menu.online_hint' : 'menu.away_hint')}</p>
        <hr />
        ${themes(this.desk)}
        ${['sound', 'notify', 'understanding', 'shortcuts'].map((name) => this.option(name))}
        <hr />
        <button class="item" @click=${help}>${icon('keyboard')}${this.t('help.title')}</button>
        ${pagesFor(me).length ? html`<a class="item" href="/workbench/">${icon('edit')}${this.t('menu.workbench')}</a>` : nothing}
        <button class="item" @click=${() => this.desk.signOut()}>${icon('return')}${this.t('menu.sign_out')}</button>
      </div>
    `;
  }
}

customElements.define('setu-menu', Menu);
