// The outer edge: the views with their counts, colleagues, availability, settings. On a phone it lies at the bottom.

import { classMap, html, nothing } from '../vendor/lit.js';
import { DeskElement } from './element.js';
import { icon } from './icons.js';
import './menu.js';
import { avatar } from './parts.js';
import { href } from './route.js';
import { pagesFor, viewsFor } from './views.js';

const COLLEAGUES = 5;

class Rail extends DeskElement {
  view(view, index) {
    const { route, counts } = this.state;
    const count = counts[view];
    const label = this.t(`views.${view}`);
    const here = route.view === view;
    return html`<a
      href=${href(view)}
      class="view"
      aria-current=${here ? 'page' : nothing}
      title="${label} (${index + 1})"
    >
      ${icon(view)}<span class="label">${label}</span>
      ${count
        ? html`<span class=${classMap({ count: true, hot: view === 'queue' })}
            >${count > 99 ? '99+' : this.texts.number(count)}<span class="unseen"> ${this.t('views.count', { count })}</span></span
          >`
        : nothing}
    </a>`;
  }

  /** Where nobody answers elsewhere, nothing is said of it. */
  hides(view) {
    return view === 'elsewhere' && !this.state.counts.elsewhere && this.state.route.view !== view;
  }

  colleague(agent) {
    const word = this.t(`availability.${presence(agent)}`);
    const said = `${agent.name}: ${word}`;
    return html`<li title=${said}>
      ${avatar(agent.name, agent.id, 'small')}<span class="dot ${presence(agent)}"></span>
      <span class="unseen">${said}</span>
    </li>`;
  }

  render() {
    const { me, agents } = this.state;
    const others = agents.filter((agent) => agent.id !== me.id).sort((a, b) => rank(a) - rank(b));
    return html`<nav class="rail" aria-label=${this.t('rail.label')}>
      <span class="mark">${icon('bridge')}</span>
      <div class="views">${[...viewsFor(me), ...pagesFor(me)].map((view, i) => (this.hides(view) ? nothing : this.view(view, i)))}</div>
      <ul class="colleagues" aria-label=${this.t('rail.colleagues')}>
        ${others.slice(0, COLLEAGUES).map((agent) => this.colleague(agent))}
      </ul>
      <setu-menu .desk=${this.desk}></setu-menu>
    </nav>`;
  }
}

/** online, away or off: away by choice, off when the desk is not open. */
export function presence(agent) {
  if (agent.present === false && agent.availability === 'online') return 'off';
  return agent.availability === 'online' ? 'online' : 'away';
}

const rank = (agent) => ['online', 'away', 'off'].indexOf(presence(agent));

customElements.define('setu-rail', Rail);
