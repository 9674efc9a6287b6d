// One inbox: how it does and why, its address, a test, its settings, what was made up for it.

import { html, nothing } from '../vendor/lit.js';
import { DeskElement } from './element.js';
import { channelIcon, icon } from './icons.js';
import { calls } from './inboxes-calls.js';
import { fields, typed } from './inboxes-form.js';
import { channelName, copyable, health, settingHelp, settingLabel, told } from './inboxes-parts.js';
import './inboxes-test.js';
import { href } from './route.js';

class Inbox extends DeskElement {
  static properties = {
    known: { attribute: false },
    id: {},
    made: { attribute: false },
    busy: { state: true },
    asking: { state: true },
    problem: { state: true },
  };

  /** Who moves here by keyboard or with a screen reader is told where they are. */
  firstUpdated() {
    this.querySelector('h1').focus({ preventScroll: true });
  }

  /** Do something whose answer is the inbox as it is now. */
  async act(what, call, done) {
    this.busy = what;
    this.problem = null;
    try {
      const { inbox, made } = await call();
      if (made) this.made = { ...this.made, ...made };
      this.known.put(inbox);
      if (done) this.desk.toast(done(inbox));
    } catch (error) {
      if (what === 'save') this.problem = this.desk.say(error);
      else this.desk.trouble(error);
    }
    this.busy = null;
  }

  check() {
    const said = ({ health: { problem } }) => this.t(problem ? 'inboxes.checked_bad' : 'inboxes.checked_well');
    return this.act('check', () => calls.check(this.id), said);
  }

  switch(inbox) {
    if (inbox.disabled) return this.act('switch', () => calls.enable(this.id), () => this.t('inboxes.enabled'));
    this.asking = {
      title: this.t('inboxes.disable_title', { name: inbox.name }),
      lead: this.t(inbox.webhook ? 'inboxes.disable_lead' : 'inboxes.disable_own_lead'),
      go: this.t('inboxes.disable'),
      run: () => this.act('switch', () => calls.disable(this.id), () => this.t('inboxes.disabled')),
    };
    return undefined;
  }

  renew(label, what) {
    this.asking = {
      title: this.t('inboxes.renew_title', { what: label }),
      lead: this.t('inboxes.renew_lead'),
      go: this.t('inboxes.renew'),
      run: () => this.act('renew', () => calls.renew(this.id, what), () => this.t('inboxes.renewed')),
    };
  }

  async save(event, kind) {
    event.preventDefault();
    const form = event.target;
    const { name, settings } = typed(form, kind);
    await this.act('save', () => calls.change(this.id, name, settings), () => this.t('inboxes.saved'));
    if (this.problem) return;
    for (const input of form.querySelectorAll('input[type=password]')) input.value = '';
  }

  signs({ health: { state, signs, problem, dead_error: dead, dead_code: code, token_expires_at: ends, refused } }) {
    if (!signs.length) return nothing;
    const values = { count: this.texts.number(refused), date: ends ? this.texts.date(ends) : '' };
    const words = { problem: told(this.texts, null, problem), dead: told(this.texts, code, dead) };
    return html`<ul class="signs">
      ${signs.map(
        (sign, i) => html`<li class=${state === 'bad' && i === 0 ? 'bad' : ''}>
          ${icon(sign === 'quiet' ? 'clock' : 'alert')}
          <div>
            <strong>${this.t(`inboxes.signs.${sign}.title`, values)}</strong>
            <p>${this.t(`inboxes.signs.${sign}.hint`, values)}</p>
            ${words[sign] ?? nothing}
          </div>
        </li>`,
      )}
    </ul>`;
  }

  figures(inbox, kind) {
    const { health: h } = inbox;
    const moment = (at) => (at ? html`<time datetime=${at} title=${this.texts.moment(at)}>${this.texts.short(at)}</time>` : this.t('inboxes.never'));
    const tries = h.sent + h.failed;
    const number = (value) => this.texts.number(value);
    const rows = [
      kind?.webhook && ['last_webhook', moment(h.last_webhook_at)],
      ['sent', tries ? this.t('inboxes.of', { good: number(h.sent), all: number(tries) }) : this.t('inboxes.nothing')],
      tries && ['error_rate', this.texts.percent(h.error_rate)],
      h.dead && ['dead', number(h.dead)],
      h.outgoing && ['outgoing', number(h.outgoing)],
      kind?.webhook && ['waiting', number(h.waiting)],
      kind?.webhook && h.refused && ['refused', number(h.refused)],
      kind?.webhook && h.unknown && ['unknown', number(h.unknown)],
      h.token_expires_at && ['token', this.texts.date(h.token_expires_at)],
      kind?.checked && ['checked', moment(h.checked_at)],
    ].filter(Boolean);
    return html`<dl class="figures">
      ${rows.map(([key, value]) => html`<div><dt>${this.t(`inboxes.figures.${key}`)}</dt><dd>${value}</dd></div>`)}
    </dl>`;
  }

  addresses(inbox, kind) {
    const base = location.origin;
    const all = [];
    if (inbox.webhook) {
      const hint = this.t(kind?.checked ? 'inboxes.webhook_told' : 'inboxes.webhook_hint');
      all.push(copyable(this.desk, 'copy-webhook', this.t('inboxes.webhook'), inbox.webhook, hint));
    }
    if (inbox.channel === 'web') {
      const page = `<script type="module" src="${base}/widget/setu.js" data-inbox="${inbox.id}"></script>`;
      all.push(copyable(this.desk, 'copy-page', this.t('inboxes.web.page'), page, this.t('inboxes.web.page_hint')));
    }
    all.push(copyable(this.desk, 'copy-id', this.t('inboxes.id'), inbox.id));
    return all;
  }

  madeUp(inbox, kind) {
    const names = [...(kind?.own ?? []), ...(kind?.settings ?? []).filter(({ made }) => made).map(({ name }) => name)];
    if (!names.length) return nothing;
    return html`<section>
      <h2>${this.t('inboxes.made_title')}</h2>
      <p class="hint">${this.t('inboxes.made_hint')}</p>
      ${names.map((name) => this.madeOne(inbox, name))}
    </section>`;
  }

  madeOne(inbox, name) {
    const label = settingLabel(this.texts, inbox.channel, name);
    const value = this.made?.[name] ?? inbox.settings[name];
    const again = html`<button type="button" class="button small" @click=${() => this.renew(label, name)}>
      ${icon('again')}${this.t('inboxes.renew')}<span class="unseen"> ${label}</span>
    </button>`;
    const hint = settingHelp(this.texts, inbox.channel, name) ?? nothing;
    if (!value) return html`<div class="made-one"><div><strong>${label}</strong><p class="hint">${hint}</p></div>${again}</div>`;
    return html`<div class="made-one fresh">
      ${copyable(this.desk, `copy-${name}`, label, value, this.made?.[name] ? this.t('inboxes.shown_once') : hint)} ${again}
    </div>`;
  }

  settings(inbox, kind) {
    return html`<section>
      <h2>${this.t('inboxes.settings')}</h2>
      <form class="inbox-form" @submit=${(event) => this.save(event, kind)}>
        <div class="setting">
          <label for="inbox-name">${this.t('inboxes.form.name')}</label>
          <input id="inbox-name" name="inbox-name" type="text" dir="auto" maxlength="80" required .defaultValue=${inbox.name} />
        </div>
        ${fields(this.texts, kind, inbox)}
        <p class="problem" role="alert">${this.problem ?? nothing}</p>
        <footer>
          <button class="button primary" ?disabled=${this.busy === 'save'}>
            ${this.t(this.busy === 'save' ? 'inboxes.form.saving' : 'inboxes.form.save')}
          </button>
        </footer>
      </form>
    </section>`;
  }

  render() {
    const inbox = this.known.of(this.id);
    if (!inbox) return nothing;
    const kind = this.known.kind(inbox.channel);
    return html`<main class="inbox-pane" aria-label=${inbox.name}>
      <header>
        <a class="icon-button back" href=${href('inboxes')} aria-label=${this.t('inboxes.back')}>${icon('back')}</a>
        <span class="inbox-icon ${inbox.health.state}">${channelIcon(inbox.channel)}</span>
        <div class="title">
          <h1 tabindex="-1"><bdi>${inbox.name}</bdi></h1>
          <p><span>${channelName(this.texts, inbox.channel)}</span>${health(this.texts, inbox)}</p>
        </div>
        <div class="inbox-moves">
          ${kind?.checked
            ? html`<button class="button" ?disabled=${this.busy === 'check'} @click=${this.check}>
                ${icon('resolved')}${this.t(this.busy === 'check' ? 'inboxes.checking' : 'inboxes.check')}
              </button>`
            : nothing}
          <button class="button" ?disabled=${this.busy === 'switch'} @click=${() => this.switch(inbox)}>
            ${icon(inbox.disabled ? 'check' : 'dropped')}${this.t(inbox.disabled ? 'inboxes.enable' : 'inboxes.disable')}
          </button>
        </div>
      </header>
      <div class="scroll">
        <div class="inbox-body">
          ${this.signs(inbox)}
          <section><h2>${this.t('inboxes.how')}</h2>${this.figures(inbox, kind)}</section>
          ${inbox.disabled ? nothing : html`<setu-inbox-test .desk=${this.desk} .inbox=${inbox}></setu-inbox-test>`}
          <section><h2>${this.t('inboxes.addresses')}</h2>${this.addresses(inbox, kind)}</section>
          ${this.madeUp(inbox, kind)} ${kind ? this.settings(inbox, kind) : nothing}
        </div>
      </div>
      ${this.asking ? html`<setu-ask .desk=${this.desk} .ask=${this.asking} @close=${() => (this.asking = null)}></setu-ask>` : nothing}
    </main>`;
  }
}

customElements.define('setu-inbox', Inbox);
