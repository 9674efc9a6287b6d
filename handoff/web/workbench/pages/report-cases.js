// Which messages are understood now that were not, and the other way round; what is taken for what.

import { html, nothing } from '../../vendor/lit.js';
import { bar } from '../charts.js';
import { icon } from '../icons.js';

const SHOWN = 8;

function read(reading, { t, title, write }, right) {
  if (!reading) return nothing;
  return html`<span class="read ${right ? 'right' : 'wrong'}">${icon(right ? 'check' : 'close')}
    ${reading.doubtful ? t('messages.asked') : title(reading.intent)} <small>${write.brief(reading.confidence)}</small></span>`;
}

const OUTSIDE = ['out_of_scope', 'nlu_fallback', null, undefined];

/** Whether a reading is right: the intent that is meant, or a question back where none is. Pure. */
export const isRight = (reading, { truth, wishes }) =>
  OUTSIDE.includes(truth) ? reading.doubtful : !reading.doubtful && (wishes ?? [truth]).includes(reading.intent);

function list(kind, found, with_) {
  const { t, title, write } = with_;
  if (!found.length) return html`<p class="hint">${t(`messages.no_${kind}`)}</p>`;
  const one = (item) => html`<li>
    <p class="said"><bdi dir="auto">${item.text}</bdi> <span class="badge" title=${write.language(item.language)}>${item.language}</span></p>
    <p class="facts"><span>${t('messages.meant', { intent: (item.wishes ?? [item.truth]).map(title).join(' + ') })}</span>
      <span class="from-to">${read(item.champion, with_, kind === 'broken')}<span class="arrow" aria-hidden="true"></span><span class="unseen">${t('after')}:</span>${read(item.challenger, with_, kind === 'fixed')}</span></p>
  </li>`;
  const rest = found.slice(SHOWN);
  return html`<ul class="cases">${found.slice(0, SHOWN).map(one)}</ul>
    ${rest.length ? html`<details class="rest"><summary>${t('more', { count: rest.length, number: write.count(rest.length) })}</summary><ul class="cases">${rest.map(one)}</ul></details>` : nothing}`;
}

export function cases(told, with_) {
  const { fixed, broken } = told;
  if (!told.overall?.champion || !fixed || !broken) return nothing;
  const { t, write } = with_;
  return html`<div class="two-sides">
    <div><h3 class="bad">${t('messages.broken')} <span class="badge">${write.count(told.mcnemar?.broken ?? broken.length)}</span></h3>${list('broken', broken, with_)}</div>
    <div><h3 class="good">${t('messages.fixed')} <span class="badge">${write.count(told.mcnemar?.fixed ?? fixed.length)}</span></h3>${list('fixed', fixed, with_)}</div>
  </div>`;
}

export function confusions(told, { t, title, write }) {
  const now = told.confusions?.challenger ?? [];
  if (!told.confusions) return nothing;
  if (!now.length) return html`<p class="hint">${t('confusions.nothing')}</p>`;
  const pair = ({ truth, read: taken }) => `${truth}\n${taken}`;
  const before = new Map((told.confusions.champion ?? []).map((one) => [pair(one), one.count]));
  const most = Math.max(...now.map(({ count }) => count));
  const row = (one) => {
    const old = before.get(pair(one)) ?? 0;
    return html`<li>
      <p>${t('confusions.one', { truth: title(one.truth), read: title(one.read) })}</p>
      ${bar(one.count / most)}
      <span class="number">${t('confusions.times', { count: one.count, number: write.count(one.count) })}${told.confusions.champion ? html` <small>${t('confusions.was', { number: write.count(old) })}</small>` : nothing}</span>
    </li>`;
  };
  return html`<ul class="confusions">${now.slice(0, 12).map(row)}</ul>
    ${now.length > 12 ? html`<details class="rest"><summary>${t('more', { count: now.length - 12, number: write.count(now.length - 12) })}</summary><ul class="confusions">${now.slice(12).map(row)}</ul></details>` : nothing}`;
}
