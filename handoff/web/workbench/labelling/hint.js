// A word on a first visit, gone for good once it is read.

import { html, nothing } from '../../vendor/lit.js';
import { keep, recall } from '../../desk/memory.js';
import { icon } from '../icons.js';

/** @param name its texts are `hints.<name>.title` and `hints.<name>.text` */
export function hint(page, name) {
  if (recall(`hint.${name}`, false)) return nothing;
  const gone = () => {
    keep(`hint.${name}`, true);
    page.requestUpdate();
  };
  return html`<div class="wl-hint" role="note">
    ${icon('bulb')}
    <p><strong>${page.t(`hints.${name}.title`)}</strong> ${page.t(`hints.${name}.text`)}</p>
    <button class="button small" @click=${gone}>${page.t('common.hint_gone')}</button>
  </div>`;
}
