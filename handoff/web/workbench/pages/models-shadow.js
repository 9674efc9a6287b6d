// A model that reads along: how often it would have done as the live one did, and where not. A template only.

import { html, nothing } from '../../vendor/lit.js';
import { bar } from '../charts.js';
import { figures } from '../figures.js';
import { icon } from '../icons.js';

const SHOWN = 10;

export function shadow({ compared, texts, titles, busy, end }) {
  const { t } = texts;
  const { when, count, share, plain, ms } = figures(texts);
  const { model, live, since, until, same = 0, differ = 0, differs = [] } = compared;
  const read = compared.read ?? same + differ;
  const title = (one) => titles.get(one?.intent) || one?.intent?.replaceAll('_', ' ') || '–';
  const said = (one) => (one?.doubtful ? t('runs.report.messages.asked') : title(one));
  const { live: handsLive, shadow: handsShadow } = compared.hand_offs ?? {};
  const latency = compared.latency ?? {};
  const p95 = (one) => one?.p95 ?? one;
  const row = (one) => html`<li>
    <p class="said"><bdi dir="auto">${one.text}</bdi></p>
    <p class="facts"><span class="from-to"><span>${t('models.shadow.live')}: ${said(one.live)}</span><span class="arrow" aria-hidden="true"></span><span>${t('models.shadow.new')}: ${said(one.shadow)}</span></span></p>
  </li>`;
  const figure = (name, ...values) => html`<div><dt>${t(`models.shadow.${name}`)}</dt><dd>${values}</dd></div>`;
  return html`<section class="wb-card" aria-labelledby="shadow-head">
    <header><h2 id="shadow-head">${t('models.shadow.title')} <span dir="ltr" class="faint">${model}</span></h2>
      <button class="button small" ?disabled=${busy} @click=${end}>${icon('close')}${t('models.shadow.end')}</button></header>
    <p class="hint">${t('models.shadow.means', { live })}</p>
    <p class="wb-said">${t('models.shadow.runs', { since: when(since), until: when(until) })}</p>
    ${read
      ? html`<div class="same-share">${bar(same / read, 'good')}<strong>${t('models.shadow.same', { share: share(same / read) })}</strong></div>
          <dl class="figures">
            ${figure('read', count(read))} ${figure('differ', count(differ))}
            ${handsShadow === undefined || handsShadow === null ? nothing : figure('hand_offs', t('models.shadow.of', { live: plain(handsLive), new: plain(handsShadow) }))}
            ${compared.doubts ? figure('doubts', t('models.shadow.of', { live: plain(compared.doubts.live), new: plain(compared.doubts.shadow) })) : nothing}
            ${latency.shadow === undefined || latency.shadow === null ? nothing : figure('latency', t('models.shadow.of', { live: ms(p95(latency.live)), new: ms(p95(latency.shadow)) }))}
          </dl>
          ${differs.length
            ? html`<h3>${t('models.shadow.examples')}</h3><ul class="cases">${differs.slice(0, SHOWN).map(row)}</ul>
                ${differs.length > SHOWN ? html`<details class="rest"><summary>${t('runs.report.more', { count: differs.length - SHOWN, number: count(differs.length - SHOWN) })}</summary><ul class="cases">${differs.slice(SHOWN).map(row)}</ul></details>` : nothing}`
            : nothing}`
      : html`<p class="hint">${t('models.shadow.nothing')}</p>`}
  </section>`;
}
