// A conversation test made of a real talk: which part of it, what it shows, and where it is kept.

import { html, nothing } from '../../vendor/lit.js';
import { icon } from '../icons.js';
import { data } from './data-calls.js';
import { Page } from '../page.js';
import { at } from '../route.js';

const FOLDER = /^tests\/stories\/([\w-]+)\//;

class TalkNew extends Page {
  static properties = { asked: { attribute: false }, talks: { attribute: false }, busy: { state: true }, problem: { state: true } };

  constructor() {
    super();
    this.busy = false;
    this.problem = null;
  }

  get folders() {
    const found = this.talks.filter(({ kind }) => kind === 'test').map(({ file }) => FOLDER.exec(file)?.[1]);
    return [...new Set(found.filter(Boolean))].sort();
  }

  async submit(event) {
    event.preventDefault();
    const given = Object.fromEntries(new FormData(event.target));
    const [from, to] = [Number(given.from), Number(given.to)];
    const wrong = (!given.title.trim() && 'no_title') || (!given.conversation.trim() && 'no_talk') || (!(from >= 1 && to >= from) && 'bad_range');
    this.problem = wrong ? this.t(`talks.make.${wrong}`) : null;
    if (wrong) return;
    this.busy = true;
    const asked = { conversation_id: given.conversation.trim(), from, to, title: given.title.trim(), folder: given.folder };
    try {
      const change = await data.testFromTalk(asked);
      this.desk.go('changes', change.id);
    } catch (error) {
      this.problem = this.desk.say(error);
    } finally {
      this.busy = false;
    }
  }

  render() {
    const { conversation = '', from = '', to = '', title = '' } = this.asked;
    return html`<section class="wb-pane">
      <header><a class="icon-button back" href=${at('talks')} aria-label=${this.t('talks.back')}>${icon('back')}</a>
        <div class="title"><h1 id="new-title">${this.t('talks.make.title')}</h1></div></header>
      <div class="scroll wb-body">
        <form class="wb-card wb-form" @submit=${this.submit} novalidate>
          <p class="lead">${this.t('talks.make.lead')}</p>
          <label class="field"><span>${this.t('talks.make.name')}</span>
            <input name="title" type="text" maxlength="120" dir="auto" .value=${title} placeholder=${this.t('talks.make.name_hint')} /></label>
          <label class="field"><span>${this.t('talks.make.folder')}</span>
            <select name="folder">${(this.folders.length ? this.folders : ['talk']).map((folder) => html`<option value=${folder}>${folder}</option>`)}</select></label>
          <label class="field"><span>${this.t('talks.make.conversation')}</span>
            <input name="conversation" type="text" dir="ltr" .value=${conversation} ?readonly=${Boolean(conversation)} />
            ${conversation ? nothing : html`<span class="hint">${this.t('talks.make.conversation_hint')}</span>`}</label>
          <div class="pair">
            <label class="field"><span>${this.t('talks.make.from')}</span><input name="from" type="number" min="1" inputmode="numeric" .value=${from || '1'} /></label>
            <label class="field"><span>${this.t('talks.make.to')}</span><input name="to" type="number" min="1" inputmode="numeric" .value=${to || from || ''} /></label>
          </div>
          <p class="problem" role="alert">${this.problem ?? nothing}</p>
          <footer><a class="button" href=${at('talks')}>${this.t('common.cancel')}</a>
            <button class="button primary" ?disabled=${this.busy}>${this.t('talks.make.go')}</button></footer>
        </form>
      </div>
    </section>`;
  }
}

customElements.define('setu-talk-new', TalkNew);
