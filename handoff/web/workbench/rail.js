// The outer edge: the sections with their counts, and one's own menu. On a phone it lies at the bottom.

import { html, nothing } from '../vendor/lit.js';
import { DeskElement } from '../desk/element.js';
import { icon } from './icons.js';
import './menu.js';
import { at } from './route.js';
import { GROUPS, LETTERS } from './sections.js';

class Rail extends DeskElement {
  updated() {
    const { page } = this.state.route;
    if (page === this.shown) return;
    this.shown = page;
    this.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }

  section(name) {
    const { route, counts } = this.state;
    const count = counts[name];
    const label = this.t(`sections.${name}`);
    return html`<a
      href=${at(name)}
      class="view"
      aria-current=${route.page === name ? 'page' : nothing}
      title="${label} (G ${LETTERS[name].toUpperCase()})"
    >
      ${icon(name)}<span class="label">${label}</span>
      ${count
        ? html`<span class="count">${count > 99 ? '99+' : this.texts.number(count)}<span class="unseen"> ${this.t('rail.waiting')}</span></span>`
        : nothing}
    </a>`;
  }

  render() {
    return html`<nav class="rail" aria-label=${this.t('rail.label')}>
      <span class="mark">${icon('bridge')}</span>
      <div class="views scroll">
        ${GROUPS.map(
          ([group, names]) => html`<div class="views-group" role="group" aria-label=${this.t(`rail.${group}`)}>
            ${names.map((name) => this.section(name))}
          </div>`,
        )}
      </div>
      <setu-bench-menu .desk=${this.desk}></setu-bench-menu>
    </nav>`;
  }
}

customElements.define('setu-bench-rail', Rail);
