// What can be done with one message: answer it, change it, take it back. A row of buttons that shows on hover and focus;
// only the newest is a stop of the Tab key, arrow keys go on from there.

import { html, nothing } from '../vendor/lit.js';
import { icon } from './icons.js';

/** Which actions a message allows. Pure; `can` is what the channel can, undefined while it is unknown. */
export function possible(message, who, { working, can = {} }) {
  if (!working || !message.number || message.deleted_at || message.state) return [];
  const arrived = !message.delivery || ['sent', 'unsure'].includes(message.delivery.state);
  const own = who === 'you' && arrived;
  const words = message.text && !message.rich?.template && !message.rich?.files?.length;
  return [
    can.replies !== false && ['customer', 'you', 'colleague', 'bot', 'elsewhere'].includes(who) && 'quote',
    own && can.edits && words && 'edit',
    own && can.deletions && 'trash',
  ].filter(Boolean);
}

export function actions(message, who, context) {
  const names = possible(message, who, context);
  if (!names.length) return nothing;
  const { texts, changes, id } = context;
  const run = {
    quote: () => changes.quote(id, message.number),
    edit: () => changes.edit(id, message),
    trash: () => context.desk.show('delete', id, { number: message.number }),
  };
  return html`<div class="acts" role="toolbar" aria-label=${texts.t('message.actions')} @keydown=${between}>
    ${names.map((name, i) => {
      const label = texts.t(`message.do.${name}`);
      const stop = i === 0 && message.number === context.newest;
      return html`<button class="icon-button small" tabindex=${stop ? 0 : -1} aria-label=${label} title=${label} @click=${run[name]}>
        ${icon(name)}
      </button>`;
    })}
  </div>`;
}

const STEPS = { ArrowUp: ['row', -1], ArrowDown: ['row', 1], ArrowLeft: ['in', -1], ArrowRight: ['in', 1] };

function between(event) {
  const [where, by] = STEPS[event.key] ?? [];
  if (!where) return;
  event.preventDefault();
  const bar = event.currentTarget;
  if (where === 'in') {
    const buttons = [...bar.children];
    const way = getComputedStyle(bar).direction === 'rtl' ? -by : by;
    buttons[(buttons.indexOf(event.target) + way + buttons.length) % buttons.length].focus();
    return;
  }
  const bars = [...bar.closest('.log').querySelectorAll('.acts')];
  bars[bars.indexOf(bar) + by]?.firstElementChild.focus();
}
