// The fields of an inbox's form, from what its channel says of its settings, and what was typed into them.

import { html, nothing } from '../vendor/lit.js';
import { settingHelp, settingLabel } from './inboxes-parts.js';

const TYPES = { text: 'text', url: 'url', number: 'text', lines: 'text' };

/**
 * @param texts
 * @param {{channel: string, settings: object[]}} kind
 * @param {object | null} inbox the one that is changed: secrets of it are set, and not shown
 */
export function fields(texts, kind, inbox = null) {
  return kind.settings.filter((setting) => !setting.made).map((setting) => field(texts, kind.channel, setting, inbox));
}

function field(texts, channel, { name, secret, required, kind }, inbox) {
  const id = `setting-${name}`;
  const kept = Boolean(inbox?.secrets[name]);
  const value = inbox?.settings[name] ?? '';
  const help = settingHelp(texts, channel, name);
  const needed = required && !kept;
  const common = { id, name, placeholder: kept ? texts.t('inboxes.form.kept') : '', described: `${id}-help` };
  return html`<div class="setting">
    <label for=${id}
      >${settingLabel(texts, channel, name)}
      ${required ? nothing : html`<span class="optional">${texts.t('inboxes.form.optional')}</span>`}</label
    >
    ${kind === 'lines' ? lines(common, value) : line(common, { secret, needed, kind, value })}
    <p class="hint" id="${id}-help">${help ?? nothing}${kept ? html` ${texts.t('inboxes.form.kept_hint')}` : nothing}</p>
  </div>`;
}

const line = ({ id, name, placeholder, described }, { secret, needed, kind, value }) => html`<input
  id=${id}
  name=${name}
  type=${secret ? 'password' : TYPES[kind]}
  inputmode=${kind === 'number' ? 'numeric' : nothing}
  pattern=${kind === 'number' ? '[0-9]*' : nothing}
  dir=${secret || kind !== 'text' ? 'ltr' : 'auto'}
  autocomplete=${secret ? 'new-password' : 'off'}
  spellcheck="false"
  maxlength="2000"
  ?required=${needed}
  placeholder=${placeholder}
  aria-describedby=${described}
  .defaultValue=${secret ? '' : String(value)}
/>`;

const lines = ({ id, name, described }, value) => html`<textarea
  id=${id}
  name=${name}
  rows="3"
  dir="ltr"
  spellcheck="false"
  aria-describedby=${described}
  .defaultValue=${(value || []).join('\n')}
></textarea>`;

/** What was typed: `{name, settings}`; of secrets only those that were filled in. */
export function typed(form, kind) {
  const given = Object.fromEntries(new FormData(form));
  const settings = {};
  for (const { name, secret, made } of kind.settings) {
    if (made || !(name in given)) continue;
    if (secret && !given[name]) continue;
    settings[name] = given[name];
  }
  return { name: given['inbox-name'].trim(), settings };
}
