// Narrows the lists to one channel or inbox; there only where there are several. A template only.

import { html, nothing } from '../vendor/lit.js';
import { channelIcon } from './icons.js';

export function filter(desk) {
  const { inboxes, filter: chosen } = desk.state;
  const { t, label } = desk.texts;
  if (inboxes.length < 2) return nothing;
  const channels = [...new Set(inboxes.map(({ channel }) => channel))];
  const shown = inboxes.find(({ id }) => id === chosen)?.channel ?? chosen?.slice(1);
  return html`<label class="filter ${chosen ? 'on' : ''}">
    ${shown ? channelIcon(shown) : nothing}<span class="unseen">${t('list.filter')}</span>
    <select @change=${(event) => desk.rows.narrow(event.target.value || null)}>
      <option value="" .selected=${!chosen}>${t('list.everywhere')}</option>
      ${channels.map((channel) => {
        const own = inboxes.filter((inbox) => inbox.channel === channel);
        const all = `*${channel}`;
        return html`<optgroup label=${label('channels', channel)}>
          ${own.length > 1 ? html`<option value=${all} .selected=${chosen === all}>${t('list.all_of', { channel: label('channels', channel) })}</option>` : nothing}
          ${own.map((inbox) => html`<option value=${inbox.id} .selected=${chosen === inbox.id}>${inbox.name}</option>`)}
        </optgroup>`;
      })}
    </select>
  </label>`;
}
