// What became of the open message so far, asked for when somebody wants to know.

import { html, nothing } from '../../vendor/lit.js';
import { DeskElement } from '../../desk/element.js';
import { icon } from '../icons.js';
import { at } from '../route.js';
import { said, Vocabulary } from './vocabulary.js';

/** What happened, each [when, what], the oldest first; what goes on now is without a time. Pure. */
export function events({ first_at: firstAt, source, entries, change }) {
  const found = [[firstAt, { kind: source === 'import' ? 'imported' : 'written' }]];
  for (const label of entries) {
    found.push([label.at, { kind: label.settles ? 'decided' : 'labelled', label }]);
    if (label.undone_at) found.push([label.undone_at, { kind: 'undone', label }]);
  }
  if (change) found.push([change.created_at, { kind: 'taken', change, who: change.author }]);
  if (change?.settled_at) found.push([change.settled_at, { kind: change.state, change, who: change.reviewer }]);
  return found.sort(([a], [b]) => new Date(a) - new Date(b));
}

class Past extends DeskElement {
  static properties = { message: {}, told: { state: true }, failed: { state: true }, open: { state: true } };

  willUpdate(changed) {
    if (!changed.has('message')) return;
    this.told = null;
    this.failed = null;
    if (this.open) this.load();
  }

  toggled(event) {
    this.open = event.target.open;
    if (this.open) this.load();
  }

  async load() {
    const { message } = this;
    try {
      const told = await this.desk.api.history(message);
      if (message === this.message) [this.told, this.failed] = [told, null];
    } catch (error) {
      if (error.status === 401) this.desk.leave();
      if (message === this.message) this.failed = error;
    }
  }

  sentence({ kind, label, change, who }) {
    const vocabulary = Vocabulary.of(this.desk);
    const values = {
      name: (label?.agent ?? who)?.name || this.t('history.nobody'),
      what: label ? said(label, vocabulary, this.texts.t) : '',
      title: change?.title ?? '',
    };
    return this.t(`labelling.past.${kind}`, values);
  }

  event([when, event]) {
    return html`<li>
      <p><bdi>${this.sentence(event)}</bdi>${event.change ? html` <a class="link" href=${at('changes', event.change.id)}>${this.t('history.see')}</a>` : nothing}</p>
      <time class="hint" datetime=${when} title=${this.texts.moment(when)}>${this.texts.short(when)}</time>
    </li>`;
  }

  model({ name, run, intent }) {
    const what = intent ? Vocabulary.of(this.desk).title(intent) : this.t('queue.unread');
    return html`<li>
      <p>
        <bdi>${run ? this.t('labelling.past.read_by_run', { number: run.number, what }) : this.t('labelling.past.read_by', { model: name, what })}</bdi>
        ${run ? html`<a class="link" href=${at('runs', run.id)}>${this.t('history.see')}</a>` : nothing}
      </p>
    </li>`;
  }

  body() {
    const { told, failed } = this;
    if (failed) return html`<p class="hint" role="alert">${this.desk.say(failed)}</p>`;
    if (!told) return html`<p class="hint" aria-busy="true">${this.t('queue.loading')}</p>`;
    return html`<ol>${events(told).map((one) => this.event(one))}${told.model ? this.model(told.model) : nothing}</ol>
      ${told.hidden ? html`<p class="hint">${this.t('labelling.past.hidden')}</p>` : nothing}`;
  }

  render() {
    return html`<details class="wl-past" @toggle=${this.toggled}>
      <summary>${icon('history')}${this.t('labelling.past.title')}</summary>
      ${this.open ? this.body() : nothing}
    </details>`;
  }
}

customElements.define('setu-label-past', Past);
