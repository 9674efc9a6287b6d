// How far a message of ours got on its way to the customer: a tick, in words for whoever cannot see it; for one that
// did not get there the reason and a way to send it again.

import { html, nothing } from '../vendor/lit.js';
import { icon } from './icons.js';

const SHAPES = { sending: 'clock', waiting: 'clock', retrying: 'clock', sent: 'check', delivered: 'checks', read: 'checks', stored: 'check' };

/**
 * Pure. Messages that the widget fetches itself have no delivery: they are there (`stored`), or read.
 * `failed` is one that will not arrive, `unsure` one of which the platform never said whether it took it.
 */
export function stageOf(message, readByCustomer = 0) {
  if (message.state) return message.state === 'failed' ? 'unsent' : 'sending';
  const { delivery } = message;
  if (!delivery) return message.number <= readByCustomer ? 'read' : 'stored';
  if (delivery.state === 'dead' || delivery.mark === 'failed') return 'failed';
  if (delivery.state === 'unsure' || delivery.state === 'dropped') return delivery.state;
  if (delivery.mark === 'read' || (delivery.mark && message.number <= readByCustomer)) return 'read';
  if (delivery.state === 'sent') return delivery.mark ?? 'sent';
  return delivery.error ? 'retrying' : 'waiting';
}

/** What went wrong, in words; an unknown code says that it did not arrive. */
export const explained = ({ delivery }, texts) =>
  texts.has(`undelivered.${delivery?.code}`) ? texts.t(`undelivered.${delivery.code}`) : texts.t('undelivered.other');

/** @param {{texts, readByCustomer, outbox, changes, id}} context */
export function ticks(message, context) {
  const { texts, outbox, changes, id } = context;
  const { t } = texts;
  const stage = stageOf(message, context.readByCustomer);
  if (stage === 'unsent') {
    return html`<span class="trouble" role="alert">${icon('alert')}${t('talk.failed')}</span>
      <button class="link" @click=${() => outbox.deliver(id, message)}>${t('talk.retry')}</button>
      <button class="link" @click=${() => outbox.discard(id, message)}>${t('talk.discard')}</button>`;
  }
  if (stage === 'failed' || stage === 'unsure') {
    const why = stage === 'failed' ? explained(message, texts) : t('undelivered.unsure');
    return html`<span class="trouble ${stage}" title=${message.delivery.error ?? nothing}
        >${icon(stage === 'failed' ? 'alert' : 'unsure')}<span><b>${t(`delivery.${stage}`)}</b> ${why}</span></span
      >
      <button class="link" ?disabled=${changes.busy(id, message.number)} @click=${() => changes.resend(id, message.number)}>
        ${t('delivery.resend')}
      </button>`;
  }
  if (stage === 'dropped') return html`<span class="trouble quiet">${icon('dropped')}${t('delivery.dropped')}</span>`;
  return tick(SHAPES[stage], t(`delivery.${stage}`), stage);
}

export const tick = (name, label, extra = '') =>
  html`<span class="tick ${extra}" role="img" aria-label=${label} title=${label}>${icon(name)}</span>`;
