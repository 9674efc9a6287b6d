// Pictures large, over the page: arrow keys go from one to the next, Escape leaves.

import { html, nothing } from '../vendor/lit.js';
import { addressOf } from './attached.js';
import { icon } from './icons.js';
import { Overlay } from './overlay.js';

class Lightbox extends Overlay {
  static properties = { pictures: {}, index: {} };

  step(by) {
    this.index = (this.index + by + this.pictures.length) % this.pictures.length;
  }

  key(event) {
    const forward = this.texts.direction === 'rtl' ? 'ArrowLeft' : 'ArrowRight';
    const back = this.texts.direction === 'rtl' ? 'ArrowRight' : 'ArrowLeft';
    if (event.key === forward) this.step(1);
    else if (event.key === back) this.step(-1);
    else return;
    event.preventDefault();
  }

  turn(by, shape, key) {
    return html`<button class="icon-button turn ${shape}" aria-label=${this.t(key)} @click=${() => this.step(by)}>${icon('back')}</button>`;
  }

  render() {
    const { pictures, index } = this;
    const file = pictures[index];
    const name = file.name || this.t('files.kinds.image');
    const several = pictures.length > 1;
    const place = several ? this.t('files.place', { n: this.texts.number(index + 1), of: this.texts.number(pictures.length) }) : '';
    return this.frame(
      { title: name, name: 'lightbox' },
      html`<div class="stage" @keydown=${this.key}>
        ${several ? this.turn(-1, 'before', 'files.previous') : nothing}
        <img src=${addressOf(file)} alt=${name} />
        ${several ? this.turn(1, 'after', 'files.next') : nothing}
        <p class="below">
          <span aria-live="polite">${place}</span>
          <a class="button small" data-first href=${addressOf(file)} download=${file.name || ''}>${icon('download')}${this.t('files.download')} <small>${this.texts.size(file.size)}</small></a>
        </p>
      </div>`,
    );
  }
}

customElements.define('setu-lightbox', Lightbox);
