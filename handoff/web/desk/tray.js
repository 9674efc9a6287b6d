// The files below what is being written: how far each is, and a way to stop it or to take it out. A template only.

import { html, nothing } from '../vendor/lit.js';
import { icon } from './icons.js';

const SHAPES = { image: 'picture', audio: 'audio', video: 'video', file: 'file' };

export function tray(id, uploads, texts) {
  const list = uploads.of(id);
  if (!list.length) return nothing;
  return html`<ul class="tray" aria-label=${texts.t('files.attached')}>
    ${list.map((one) => html`<li class=${one.state}>${row(id, one, uploads, texts)}</li>`)}
  </ul>`;
}

function row(id, one, uploads, texts) {
  const { t } = texts;
  const { key, name, state, problem } = one;
  const label = state === 'sending' ? t('files.stop', { name }) : t('files.remove', { name });
  return html`${one.preview ? html`<img src=${one.preview} alt="" />` : html`<span class="shape">${icon(SHAPES[one.kind])}</span>`}
    <span class="what"><b dir="auto">${name}</b>
      ${state === 'sending'
        ? html`<progress max="1" .value=${one.progress} aria-label=${t('files.sending', { name })}></progress>`
        : html`<small role=${problem ? 'alert' : nothing}>${problem ?? texts.size(one.size)}</small>`}
    </span>
    ${state === 'failed'
      ? html`<button class="link" @click=${one.again}>${t('again')}<span class="unseen"> ${name}</span></button>`
      : nothing}
    <button class="icon-button small" aria-label=${label} title=${label} @click=${() => uploads.drop(id, key)}>${icon('close')}</button>`;
}
