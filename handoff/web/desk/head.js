// The head of the open conversation: who it is, who has it, and what can be done. A template only.

import { html, nothing } from '../vendor/lit.js';
import { channelIcon, icon } from './icons.js';
import { allowed } from './moves.js';
import { avatar, mood, nameOf } from './parts.js';
import { href } from './route.js';

const MOVES = [
  ['handBack', 'hand-back', 'return', 'B'],
  ['snooze', 'snooze', 'clock', 'S'],
  ['transfer', 'transfer', 'transfer', 'T'],
  ['resolve', 'resolve', 'resolved', 'E'],
];

/** The person's other channels, with the way to what joins them. */
function others({ id, contact }, desk) {
  const { texts, state } = desk;
  const rest = (state.cards[id]?.contacts ?? []).filter((one) => one.id !== contact.id);
  if (!rest.length) return nothing;
  const names = rest.map(({ channel }) => texts.label('channels', channel)).join(', ');
  return html`<button class="others" aria-label=${texts.t('links.also', { names })} title="${texts.t('links.also', { names })} (L)" @click=${() => desk.show('links', id)}>
    ${rest.map(({ channel }) => channelIcon(channel))}
  </button>`;
}

export function head(conversation, desk) {
  const { t } = desk.texts;
  const { route, me } = desk.state;
  const { id, status, agent, contact, inbox } = conversation;
  const can = allowed(conversation, me);
  const name = nameOf(conversation, t);
  const owner = status === 'assigned' && agent?.id === me.id ? 'status.mine' : `status.${status}`;
  return html`<header class="talk-head">
    <a class="icon-button back" href=${href(route.view)} aria-label=${t('talk.back')}>${icon('back')}</a>
    ${avatar(name, contact.id)}
    <div class="title">
      <h1 dir="auto">${name}</h1>
      <p>
        <span class="status ${status}">${t(owner, { name: agent?.name ?? '' })}</span>
        <span class="channel" title=${desk.texts.label('channels', inbox.channel)}
          >${channelIcon(inbox.channel)}<span class="unseen">${desk.texts.label('channels', inbox.channel)} </span><span class="inbox">${inbox.name}</span></span
        >
        ${others(conversation, desk)}
        ${mood(conversation.mood, t)}
      </p>
    </div>
    <div class="moves">
      ${can.claim
        ? html`<button class="button primary" @click=${() => desk.moves.claim(id)} aria-keyshortcuts="C">
            ${t(`talk.claim.${status}`)}
          </button>`
        : nothing}
      ${MOVES.filter(([right]) => can[right]).map(
        ([, move, shape, key]) => html`<button
          class="button ${move} ${move === 'resolve' && can.reply ? 'primary' : ''}"
          title="${t(`talk.${move}`)} (${key})"
          aria-keyshortcuts=${key}
          @click=${() => desk.show(move, id)}
        >
          ${icon(shape)}<span>${t(`talk.${move}`)}</span>
        </button>`,
      )}
      <button
        class="icon-button toggle-card"
        aria-label=${t('talk.card')}
        aria-expanded=${desk.cardShown}
        title="${t('talk.card')} (I)"
        @click=${() => desk.toggleCard()}
      >
        ${icon('card')}
      </button>
    </div>
  </header>`;
}
