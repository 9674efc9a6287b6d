// How far the customer can be reached now: the platform's window for answers, as the clock goes on. Pure, and its banner.

import { html, nothing } from '../vendor/lit.js';
import { icon } from './icons.js';

const SOON_MS = 2 * 3_600_000; // so long before it closes, the window is worth a word

/**
 * @param reach the gateway's answer, or null where it is unknown or nothing limits us
 * @returns {{stage: 'open'|'closing'|'human'|'template'|'closed', until: Date|null}}
 */
export function windowOf(reach, now = new Date()) {
  const { open = true, closes_at: closes, human_until: human, template_only: only } = reach?.window ?? {};
  const end = closes && new Date(closes);
  const last = human && new Date(human);
  if (open && !(end && end <= now)) {
    return end && end - now < SOON_MS ? { stage: 'closing', until: end } : { stage: 'open', until: end ?? null };
  }
  if (!only && last && last > now) return { stage: 'human', until: last };
  return { stage: reach.templates?.length ? 'template' : 'closed', until: null };
}

/** When the window next changes by itself, in ms from now; null when only the customer can change it. */
export function nextChange(reach, now = new Date()) {
  const { closes_at: closes, human_until: human } = reach?.window ?? {};
  const times = [closes && new Date(closes) - SOON_MS, closes && Number(new Date(closes)), human && Number(new Date(human))];
  const coming = times.filter((time) => time > now).map((time) => time - now);
  return coming.length ? Math.min(...coming) : null;
}

export function banner({ stage, until }, texts) {
  if (stage === 'open') return nothing;
  const time = until ? texts.until(until) : '';
  const shape = stage === 'closing' || stage === 'human' ? 'clock' : 'lock';
  return html`<p class="window ${stage}" role="status">${icon(shape)}<span>${texts.t(`reach.${stage}`, { time })}</span></p>`;
}
