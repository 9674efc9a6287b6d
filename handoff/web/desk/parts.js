// Small pieces that several panes share: avatars, mood, badges, plain text with links, choices of one's own menu.

import { html, nothing } from '../vendor/lit.js';
import { icon } from './icons.js';
import { moodOf } from './views.js';

const THEMES = ['system', 'light', 'dark'];
const TINTS = 8;
const LINK = /(https?:\/\/[^\s<>"']+)/g;

const hash = (text) => [...text].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) >>> 0, 7);

const initials = (name) =>
  name
    .split(/\s+/)
    .filter(Boolean)
    .slice(0, 2)
    .map((word) => [...word][0].toUpperCase())
    .join('');

export const avatar = (name, id, extra = '') =>
  html`<span
    class="avatar tint-${hash(id || name) % TINTS} ${extra}"
    data-initials=${initials(name) || '?'}
    aria-hidden="true"
  ></span>`;

export function mood(score, t) {
  const word = moodOf(score);
  if (!word) return nothing;
  const label = t(`mood.${word}`);
  return html`<span class="mood mood-${word}" role="img" aria-label=${label} title=${label}>${icon(word)}</span>`;
}

/** Plain text with web addresses as links; everything else, markup included, stays text. */
export const linked = (text) =>
  (text ?? '')
    .split(LINK)
    .map((part, i) =>
      i % 2 ? html`<a href=${part} target="_blank" rel="noopener noreferrer nofollow">${part}</a>` : part,
    );

/** One of several, all in sight. @param options [[value, content]] */
export const segments = ({ name, label, options, value, choose }) =>
  html`<div class="segments" role="radiogroup" aria-label=${label}>
    ${options.map(
      ([one, content]) =>
        html`<label><input type="radio" name=${name} .checked=${one === value} @change=${() => choose(one)} /><span>${content}</span></label>`,
    )}
  </div>`;

/** The same below its name, in one's own menu. */
export const captioned = (choice) => html`<p class="caption" aria-hidden="true">${choice.label}</p>
  ${segments(choice)}`;

export const themes = ({ texts, settings }) =>
  captioned({
    name: 'theme',
    label: texts.t('menu.theme'),
    options: THEMES.map((theme) => [theme, texts.t(`menu.themes.${theme}`)]),
    value: settings.values.theme,
    choose: (theme) => settings.set({ theme }),
  });

export const keys = (combination) =>
  html`<span class="keys">${combination.split(' ').map((key) => html`<kbd>${key}</kbd>`)}</span>`;

/** Whether what is typed goes into this element. */
export const takesKeys = (element) =>
  Boolean(element.closest?.('input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]'));

export const nameOf = (conversation, t) => conversation.contact?.name || t('list.visitor');
