// One change: what it does to each file, what is wrong with it, and what can be done with it now.

import { html, nothing } from '../../vendor/lit.js';
import { icon } from '../icons.js';
import { changes } from './data-calls.js';
import { shown } from '../diff.js';
import { figures } from '../figures.js';
import { Page } from '../page.js';
import { at } from '../route.js';

const LOOK_MS = 10_000;

class Change extends Page {
  static properties = { id: {}, change: { state: true }, news: { state: true }, busy: { state: true } };

  constructor() {
    super();
    this.change = null;
    this.news = null; // what happened to it meanwhile, by somebody else
    this.busy = false;
  }

  connectedCallback() {
    super.connectedCallback();
    this.load();
    this.every(LOOK_MS, () => this.again());
  }

  async load() {
    this.change = (await this.look(changes.get(this.id))) ?? this.change;
  }

  /** Looks whether somebody else changed it meanwhile; says so, and shows what it is now. */
  async again() {
    if (this.busy || !this.change || this.asking) return;
    const now = await changes.get(this.id).catch(() => null);
    if (!now || !this.change) return;
    if (now.version !== this.change.version || now.state !== this.change.state) this.news = 'meanwhile';
    if (now.version !== this.change.version || now.state !== this.change.state || now.stale !== this.change.stale) this.change = now;
  }

  /** Does it; who comes too late is told, and sees what it is now. */
  async move(asked, said) {
    this.busy = true;
    try {
      const answer = await asked;
      if (answer?.id && answer.id !== this.id) return this.elsewhere(answer, said);
      this.change = answer?.id === this.id ? answer : ((await this.look(changes.get(this.id))) ?? this.change);
      this.news = null;
      this.desk.toast(this.t(said));
      this.dispatchEvent(new Event('changed'));
    } catch (error) {
      if (error.status === 409) {
        this.news = 'late';
        this.reason = error.told ? error.message : '';
        await this.load();
      } else this.desk.trouble(error);
    } finally {
      this.busy = false;
    }
    return true;
  }

  /** Taking a change back makes a draft of its own, which is looked at like any other. */
  elsewhere(change, said) {
    this.desk.toast(this.t(said));
    this.dispatchEvent(new Event('changed'));
    this.desk.go('changes', change.id);
    return true;
  }

  remake() {
    const { id, version } = this.change;
    return this.move(changes.edit(id, version, {}), 'changes.done.remade');
  }

  apply() {
    const { id, version, title, problems } = this.change;
    const wrong = problems?.some(({ severity }) => severity === 'error');
    this.asking = {
      title: this.t('changes.apply'),
      lead: this.t('changes.apply_lead'),
      go: this.t('changes.apply_go'),
      fields: html`${wrong ? html`<p class="problem">${icon('alert')}${this.t('changes.with_errors')}</p>` : nothing}<label class="option"><span>${this.t('changes.commit')}<small>${this.t('changes.commit_hint')}</small></span>
          <input type="checkbox" role="switch" name="commit" data-first /></label>
        <label class="field-label" for="message">${this.t('changes.message')}</label>
        <input id="message" name="message" type="text" maxlength="200" dir="auto" .value=${title} />`,
      run: ({ commit, message }) => this.move(changes.apply(id, version, { commit: commit === 'on', message: commit ? message.trim() : '' }), 'changes.done.applied'),
    };
  }

  ask(what) {
    const { id, version } = this.change;
    this.asking = {
      title: this.t(`changes.${what}`),
      lead: this.t(`changes.${what}_lead`),
      go: this.t(`changes.${what}`),
      danger: true,
      run: () => this.move(changes[what](id, version), `changes.done.${what}`),
    };
  }

  rename(event) {
    const title = event.target.value.trim();
    const { id, version } = this.change;
    if (title && title !== this.change.title) this.move(changes.edit(id, version, { title }), 'changes.done.renamed');
    else event.target.value = this.change.title;
  }

  notices() {
    const { change, news } = this;
    const notice = (kind, title, text, more = nothing) => html`<div class="notice ${kind}" role="status">${icon('alert')}<div><strong>${title}</strong><p>${text}</p>${more}</div></div>`;
    const anew = html`<button class="button small" ?disabled=${this.busy} @click=${this.remake}>${icon('again')}${this.t('changes.remake')}</button>`;
    return html`
      ${news ? notice('warn', this.t(`changes.news.${news}`), html`${news === 'late' ? this.reason : ''} ${this.t('changes.news.shown')}`) : nothing}
      ${change.stale && change.state === 'draft' ? notice('warn', this.t('changes.stale'), this.t('changes.stale_hint'), anew) : nothing}
      ${change.reverts ? html`<p class="hint"><a class="link" href=${at('changes', change.reverts)}>${this.t('changes.reverts')}</a></p>` : nothing}
    `;
  }

  problems() {
    const { problems } = this.change;
    if (!problems?.length) return nothing;
    return html`<section class="wb-card"><h2>${this.t('changes.problems')} <span class="badge why">${this.texts.number(problems.length)}</span></h2>
      <p class="hint">${this.t('changes.problems_hint')}</p>
      <ul>${problems.map(
        (problem) => html`<li class="wb-problem ${problem.severity}">${icon('alert')}<div><p><bdi dir="auto">${problem.text}</bdi></p>
          ${problem.file ? html`<p class="places" dir="ltr"><code>${problem.file}${problem.line ? `:${problem.line}` : ''}</code></p>` : nothing}</div></li>`,
      )}</ul></section>`;
  }

  file(file, index) {
    const said = { label: file.path, added: this.t('changes.line_added'), removed: this.t('changes.line_removed') };
    return html`<details class="wb-file" ?open=${index < 12}>
      <summary><code dir="ltr">${file.path}</code><span class="plus" dir="ltr">+${this.texts.number(file.added ?? 0)}</span><span class="minus" dir="ltr">−${this.texts.number(file.removed ?? 0)}</span></summary>
      ${file.diff ? shown(file.diff, said) : html`<p class="hint">${this.t('changes.no_diff')}</p>`}
    </details>`;
  }

  moves() {
    const { state } = this.change;
    if (state === 'draft') {
      return html`<button class="button" ?disabled=${this.busy} @click=${() => this.ask('withdraw')}>${this.t('changes.withdraw')}</button>
        <button class="button primary" ?disabled=${this.busy} @click=${this.apply}>${icon('check')}${this.t('changes.apply')}</button>`;
    }
    if (state === 'applied') {
      return html`<button class="button" ?disabled=${this.busy} @click=${() => this.ask('revert')}>${icon('return')}${this.t('changes.revert')}</button>
        <a class="button primary" href=${at('runs')}>${this.t('changes.train')}</a>`;
    }
    return nothing;
  }

  facts() {
    const { change } = this;
    const { when, count } = figures(this.texts);
    const facts = [
      [this.t('changes.author'), change.author?.name],
      [this.t('changes.made_at'), when(change.created_at)],
      change.reviewer && [this.t('changes.reviewer'), change.reviewer.name],
      change.settled_at && [this.t('changes.settled_at'), when(change.settled_at)],
      change.labels && [this.t('changes.labels'), count(change.labels)],
      change.commit && [this.t('changes.committed'), html`<code dir="ltr">${change.commit.slice(0, 10)}</code>`],
    ].filter(Boolean);
    return html`<dl class="facts-list">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
  }

  render() {
    const { change } = this;
    const back = html`<a class="icon-button back" href=${at('changes')} aria-label=${this.t('changes.back')}>${icon('back')}</a>`;
    if (!change) {
      return html`<section class="wb-pane"><header>${back}<h1>${this.t('changes.one')}</h1></header>
        <div class="wb-body">${this.failed ? this.trouble(() => this.load()) : this.waiting()}</div></section>`;
    }
    const draft = change.state === 'draft';
    return html`<section class="wb-pane">
        <header>
          ${back}
          <div class="title">
            ${draft
              ? html`<h1 id="change-title" class="unseen">${change.title}</h1><input class="in-place" type="text" maxlength="200" dir="auto" aria-label=${this.t('changes.name')} .value=${change.title} @change=${this.rename} />`
              : html`<h1 id="change-title"><bdi>${change.title}</bdi></h1>`}
          </div>
          <span class="badge state ${change.state}">${this.t(`changes.states.${change.state}`)}</span>
          <div class="moves">${this.moves()}</div>
        </header>
        <div class="scroll wb-body" tabindex="0" role="region" aria-label=${change.title}>
          ${this.notices()} ${this.facts()} ${this.problems()}
          ${(change.files ?? []).map((file, index) => this.file(file, index))}
          ${change.files?.length ? nothing : html`<p class="hint">${this.t('changes.no_files')}</p>`}
        </div>
      </section>
      ${this.question()}`;
  }
}

customElements.define('setu-change', Change);
