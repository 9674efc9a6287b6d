// Around the list: what was done today and is ready, importing, and the dialogs.

import { html, nothing } from '../../vendor/lit.js';
import { icon } from '../icons.js';
import './importing.js';
import './propose.js';

export const Beside = (Base) => class extends Base {
  static properties = { overlay: { state: true }, making: { state: true } };

  constructor() {
    super();
    this.overlay = null; // null | import | propose
  }

  import() {
    this.overlay = 'import';
  }

  async makeChange() {
    this.making = true;
    try {
      const { id } = await this.desk.api.fromLabels();
      this.desk.go('changes', id);
    } catch (error) {
      this.desk.trouble(error);
    }
    this.making = false;
    this.work.figures(true);
  }

  /** What was labelled and will not be learnt from, and why. */
  left() {
    const left = Object.entries(this.work.progress?.left ?? {});
    if (!left.length) return nothing;
    const count = left.reduce((sum, [, n]) => sum + n, 0);
    return html`<button class="button small quiet" popovertarget="labels-left">${this.t('queue.left', { count })}</button>
      <div id="labels-left" class="wl-left" popover role="dialog" aria-label=${this.t('queue.left', { count })}>
        <strong>${this.t('queue.left_title')}</strong>
        <ul>
          ${left.map(([code, n]) => html`<li><b>${this.texts.number(n)}</b>${this.texts.label('labels.left', code)}</li>`)}
        </ul>
      </div>`;
  }

  progress() {
    const { progress, outbox } = this.work;
    const { unsent } = outbox;
    const mine = progress?.by_agent?.find(({ agent }) => agent.id === this.desk.me.id)?.today ?? 0;
    return html`<div class="wl-progress">
      <span role="status" class="wl-unsent">${unsent && !this.state.online ? html`${icon('clock')}${this.t('queue.unsent', { count: unsent })}` : nothing}</span>
      ${progress ? html`<span class="wl-today" title=${this.t('queue.today_all', { count: progress.today })}>${this.t('queue.today', { count: mine, n: this.texts.number(mine) })}</span>` : nothing}
      ${progress?.ready
        ? html`<button class="button small primary" ?disabled=${this.making} title=${this.t('queue.ready_hint')} @click=${this.makeChange}>
            ${icon('changes')}${this.t('queue.ready', { count: progress.ready, n: this.texts.number(progress.ready) })}
          </button>`
        : nothing}
      ${this.left()}
      <button class="button small" @click=${this.import}>${icon('upload')}${this.t('queue.import')}</button>
      <button class="icon-button" aria-label=${this.t('help.title')} title="${this.t('help.title')} (?)" @click=${() => this.desk.show('help')}>${icon('keyboard')}</button>
    </div>`;
  }

  dialogs() {
    const close = () => (this.overlay = null);
    if (this.overlay === 'import') {
      return html`<setu-importing .desk=${this.desk} @close=${close} @imported=${() => this.reload()}></setu-importing>`;
    }
    if (this.overlay !== 'propose') return nothing;
    return html`<setu-propose .desk=${this.desk} .made=${(proposal) => this.proposed(proposal)} @close=${close}></setu-propose>`;
  }
};
