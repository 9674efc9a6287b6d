// The parts of the composer: the field with its tools, canned replies over it, what is answered or changed. Templates only.

import { html, live, nothing } from '../vendor/lit.js';
import { brief } from './brief.js';
import { filled } from './canned.js';
import { icon } from './icons.js';
import { keys } from './parts.js';

/** Canned replies that fit what is typed after a "/"; worked from the field with the arrow keys. */
export function cannedList({ asked, matches, chosen, values, pick, texts }) {
  if (!asked) return nothing;
  if (!matches.length) return html`<div class="suggestions"><p class="hint">${texts.t('composer.no_canned')}</p></div>`;
  return html`<ul class="suggestions" id="canned" role="listbox" aria-label=${texts.t('composer.canned')}>
    ${matches.map(
      (reply, i) => html`<li
        class="suggestion"
        role="option"
        id="canned-${i}"
        aria-selected=${i === chosen}
        @mousedown=${(event) => event.preventDefault()}
        @click=${() => pick(reply)}
      >
        <strong>/${reply.shortcut}</strong><span>${filled(reply.text, values)}</span>
      </li>`,
    )}
  </ul>`;
}

/** What this reply is about: a message that it answers, or one of ours that it changes. */
export function about({ replied, editing, nameOfSender, leave, texts }) {
  if (!replied && !editing) return nothing;
  const { t } = texts;
  return html`<div class="about">
    ${icon(editing ? 'edit' : 'quote')}
    <span class="what"><b>${editing ? t('composer.editing') : t('composer.answering', { name: nameOfSender(replied) })}</b>
      <span dir="auto">${editing ? editing.before : brief(replied, t)}</span></span>
    <button class="icon-button small" aria-label=${t(editing ? 'composer.leave_edit' : 'composer.leave_answer')} @click=${leave}>${icon('close')}</button>
  </div>`;
}

/** Buttons for files and approved texts, as far as the channel takes them. */
export function tools({ can, templates, choose, openTemplates, texts }) {
  const { t } = texts;
  const takes = !can || can.files || can.images;
  const chosen = (event) => {
    choose(event.target.files);
    event.target.value = '';
  };
  const label = t('composer.attach');
  return html`<span class="tools">
    ${takes
      ? html`<input type="file" multiple hidden tabindex="-1" aria-label=${label} accept=${can && !can.files ? 'image/*' : nothing} @change=${chosen} />
          <button class="icon-button attach" aria-label=${label} title="${label} (F)" aria-keyshortcuts="F"
            @click=${(event) => event.currentTarget.previousElementSibling.click()}>${icon('attach')}</button>`
      : nothing}
    ${templates.length
      ? html`<button class="icon-button" aria-label=${t('composer.template')} title=${t('composer.template')} @click=${openTemplates}>${icon('template')}</button>`
      : nothing}
  </span>`;
}

export function field({ mode, text, over, busy, open, chosen, on, extra, editing, texts }) {
  const { t } = texts;
  const label = editing ? 'composer.edit_label' : `composer.${mode}_label`;
  const send = editing ? 'save' : `send_${mode}`;
  return html`<div class="field">
    <textarea
      rows="1"
      dir=${text ? 'auto' : texts.direction}
      aria-label=${t(label)}
      placeholder=${t(`composer.${mode}_placeholder`)}
      aria-autocomplete="list"
      aria-controls=${open ? 'canned' : nothing}
      aria-activedescendant=${open ? `canned-${chosen}` : nothing}
      aria-invalid=${over}
      .value=${live(text)}
      @input=${on.typed}
      @keydown=${on.key}
      @paste=${on.paste}
      @blur=${on.blur}
    ></textarea>
    ${extra}
    <button class="button primary send" ?disabled=${busy || over} @click=${on.send}>
      ${icon(mode === 'note' ? 'lock' : editing ? 'check' : 'send')}<span>${t(`composer.${send}`)}</span>
    </button>
  </div>`;
}

/** Why no reply can be written now, and the way to change it. */
export function closed({ conversation, claim, texts }) {
  const { status, agent } = conversation;
  return html`<div class="closed">
    <p>${texts.t(`composer.closed.${status}`, { name: agent?.name ?? '' })}</p>
    ${claim
      ? html`<button class="button primary" @click=${claim}>${texts.t(`talk.claim.${status}`)} ${keys('C')}</button>`
      : nothing}
  </div>`;
}
