// The files of a message: pictures that open large, voice notes to hear, the rest to download, and why one is missing.
// Templates only. Every address is our own gateway's: one from outside would learn who reads, and when.

import { html, nothing } from '../vendor/lit.js';
import { kindOf } from './brief.js';
import { icon } from './icons.js';

const SHAPES = { image: 'picture', audio: 'audio', video: 'video', file: 'file' };

/** @param {object} context texts, and `show(files, index)` which opens the pictures large */
export function attached(files, context) {
  if (!files?.length) return nothing;
  const pictures = files.filter((file) => file.state === 'ready' && kindOf(file) === 'image');
  return html`<ul class="files ${pictures.length > 1 ? 'album' : ''}">
    ${files.map((file) => html`<li>${one(file, pictures, context)}</li>`)}
  </ul>`;
}

function one(file, pictures, { texts, show }) {
  const { t } = texts;
  const kind = kindOf(file);
  if (file.state !== 'ready') return missing(file, kind, texts);
  const source = addressOf(file);
  if (kind === 'image') {
    return html`<button class="picture" aria-label=${t('files.enlarge', { name: file.name || t('files.kinds.image') })}
      @click=${() => show(pictures, pictures.indexOf(file))}
    ><img src=${source} alt=${file.name || t('files.kinds.image')} loading="lazy" width=${file.width ?? nothing} height=${file.height ?? nothing} /></button>`;
  }
  if (kind === 'audio') {
    return html`<figure class="sound">
      <figcaption>${icon('audio')}${t('files.kinds.audio')}</figcaption>
      <audio controls preload="none" src=${source} aria-label=${file.name || t('files.kinds.audio')}></audio>
      ${download(file, source, texts)}
    </figure>`;
  }
  if (kind === 'video') {
    return html`<figure class="film">
      <video controls preload="metadata" src=${source} aria-label=${file.name || t('files.kinds.video')}></video>
      ${download(file, source, texts)}
    </figure>`;
  }
  return download(file, source, texts);
}

const download = (file, source, texts) => html`<a class="download" href=${source} download=${file.name || ''}>
  ${icon('download')}<span class="what" dir="auto">${file.name || texts.t(`files.kinds.${kindOf(file)}`)}</span>
  <small>${texts.size(file.size)}</small><span class="unseen"> ${texts.t('files.download')}</span>
</a>`;

const missing = (file, kind, texts) => html`<p class="missing ${file.state}">
  ${icon(file.state === 'waiting' ? 'clock' : SHAPES[kind])}
  <span><b dir="auto">${file.name || texts.t(`files.kinds.${kind}`)}</b> <small dir="auto">${texts.label('files.states', file.state)}</small></span>
</p>`;

export const addressOf = ({ id }) => `/files/${encodeURIComponent(id)}`;
