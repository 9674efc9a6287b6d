// All keys of the open page at a glance.

import { html } from '../vendor/lit.js';
import { Overlay } from '../desk/overlay.js';
import { keys } from '../desk/parts.js';
import { allCommands } from './keyboard.js';

class Help extends Overlay {
  static properties = { page: { attribute: false } };

  render() {
    const title = (group) => this.t(group === 'page' ? `sections.${this.state.route.page}` : `help.${group}`);
    return this.frame(
      { title: this.t('help.title'), name: 'help' },
      html`<div class="body columns" tabindex="0">
        ${allCommands(this.desk, this.page).map(
          ([group, rows]) => html`<section>
            <h3>${title(group)}</h3>
            <dl>
              ${rows.map(
                ([label, combinations]) =>
                  html`<div><dt>${label}</dt><dd>${combinations.map((one) => html`${keys(one)} `)}</dd></div>`,
              )}
            </dl>
          </section>`,
        )}
      </div>`,
    );
  }
}

customElements.define('setu-bench-help', Help);
