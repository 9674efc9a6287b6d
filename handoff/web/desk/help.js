// All keys at a glance.

import { html } from '../vendor/lit.js';
import { allCommands } from './keyboard.js';
import { Overlay } from './overlay.js';
import { keys } from './parts.js';

class Help extends Overlay {
  render() {
    const also = [
      [this.t('help.send'), 'Enter'],
      [this.t('help.line'), 'Shift Enter'],
      [this.t('help.canned'), '/'],
      [this.t('help.leave'), 'Esc'],
    ];
    const table = (title, rows) => html`<section>
      <h3>${title}</h3>
      <dl>${rows.map(([label, key]) => html`<div><dt>${label}</dt><dd>${keys(key)}</dd></div>`)}</dl>
    </section>`;
    return this.frame(
      { title: this.t('help.title'), name: 'help' },
      html`<div class="body columns" tabindex="0">
        ${Object.entries(allCommands(this.desk)).map(([group, rows]) => table(this.t(`help.${group}`), rows))}
        ${table(this.t('help.writing'), also)}
      </div>`,
    );
  }
}

customElements.define('setu-help', Help);
