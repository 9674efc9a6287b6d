// Texts that the platform has approved: choose one, fill its gaps, see what the customer will read.

import { html, nothing } from '../vendor/lit.js';
import { icon } from './icons.js';

const GAP = /\{\{\s*(\d+)\s*\}\}/g;

/** How many gaps a template has. */
export const gapsOf = ({ variables, body = '' }) => {
  if (Array.isArray(variables)) return variables.length;
  return variables ?? new Set([...body.matchAll(GAP)].map(([, n]) => n)).size;
};

/** What the customer will read; a gap without words stays as it is. */
export const preview = ({ body = '' }, values) => body.replace(GAP, (whole, n) => values[n - 1]?.trim() || whole);

export const keyOf = ({ name, language }) => `${name}/${language}`;

/** The chosen one of a draft `{key, values}`, or the first in the language of the talk, else the first. */
export const chosenOf = (templates, draft, language) =>
  templates.find((one) => keyOf(one) === draft?.key) ??
  templates.find((one) => one.language.split(/[_-]/)[0] === language) ??
  templates[0];

export const isFull = (template, values) =>
  Array.from({ length: gapsOf(template) }, (_, i) => values[i]?.trim()).every(Boolean);

/** @param {{texts, template, templates, values, choose, fill, send, leave}} context `leave` null: nothing else can be sent */
export function picker({ texts, template, templates, values, choose, fill, send, leave }) {
  const { t } = texts;
  const submit = (event) => {
    event.preventDefault();
    if (isFull(template, values)) send();
  };
  return html`<form class="template-form" @submit=${submit}>
    <div class="ask">
      <label for="template-name">${t('templates.choose')}</label>
      <select id="template-name" @change=${(event) => choose(event.target.value)}>
        ${templates.map(
          (one) => html`<option value=${keyOf(one)} .selected=${one === template}>${one.name} · ${texts.label('languages', one.language.split(/[_-]/)[0])}</option>`,
        )}
      </select>
      ${Array.from({ length: gapsOf(template) }, (_, i) => {
        const typed = (event) => fill(values.with(i, event.target.value));
        return html`<label for="gap-${i}">${t('templates.gap', { n: texts.number(i + 1) })}</label>
          <input id="gap-${i}" dir="auto" autocomplete="off" maxlength="200" .value=${values[i]} @input=${typed} />`;
      })}
    </div>
    <figure class="preview">
      <figcaption>${t('templates.preview')}</figcaption>
      <blockquote dir="auto" lang=${template.language.replace('_', '-')} aria-live="polite">${preview(template, values)}</blockquote>
    </figure>
    <footer>
      ${leave ? html`<button type="button" class="button" @click=${leave}>${t('overlay.cancel')}</button>` : nothing}
      <button class="button primary send" ?disabled=${!isFull(template, values)}>${icon('send')}<span>${t('templates.send')}</span></button>
    </footer>
  </form>`;
}
