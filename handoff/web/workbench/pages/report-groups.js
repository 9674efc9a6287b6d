// Intents, languages and scripts: how well each is understood, before and now; those with few messages stand apart.

import { html, nothing } from '../../vendor/lit.js';
import { bar, interval } from '../charts.js';

const SHOWN = 15;
const REACH = 0.2; // of the axis of differences

const order = (a, b) => (a.difference?.value ?? 0) - (b.difference?.value ?? 0) || b.n - a.n;

function table(rows, { name, value, head, label }, with_) {
  const { t, write, before, after } = with_;
  const old = rows.some((one) => one.champion);
  const row = (one) => {
    const [was, now, spread] = [one.champion?.[value], one.challenger?.[value], one.difference];
    const tone = !spread ? '' : spread.high < 0 ? 'bad' : spread.low > 0 ? 'good' : '';
    return html`<tr class=${one.enough === false ? 'few' : ''}>
      <th scope="row">${name(one)}${one.enough === false ? html` <span class="badge">${t('few')}</span>` : nothing}</th>
      <td class="number" data-label=${t('count')}>${write.count(one.n)}</td>
      ${old ? html`<td class="number" data-label=${before}>${write.share(was)}</td>` : nothing}
      <td class="number now" data-label=${after}>${write.share(now)}</td>
      <td class="spread">${spread
        ? html`<span class="delta ${tone}">${write.signed(spread.value * 100)}</span>${spread.low === undefined
            ? nothing
            : interval(spread, REACH, t('figures.between', { low: write.points(spread.low), high: write.points(spread.high) }))}`
        : bar(now)}</td>
    </tr>`;
  };
  return html`<div class="table-frame" tabindex="0" role="group" aria-label=${label ?? head}><table class="wb-table groups-table">
    <thead><tr><th scope="col">${head}</th><th scope="col" class="number">${t('count')}</th>
      ${old ? html`<th scope="col" class="number">${before}</th>` : nothing}<th scope="col" class="number">${after}</th>
      <th scope="col">${old ? t('change') : html`<span class="unseen">${after}</span>`}</th></tr></thead>
    <tbody>${rows.map(row)}</tbody>
  </table></div>`;
}

export function intents(told, with_) {
  const all = told.intents ?? [];
  if (!all.length) return nothing;
  const { t, write } = with_;
  const shape = { name: ({ intent, title }) => title || intent, value: 'f1', head: t('intents.head') };
  const judged = all.filter(({ enough }) => enough !== false).sort(order);
  const few = all.filter(({ enough }) => enough === false).sort((a, b) => b.n - a.n);
  const [first, rest] = [judged.slice(0, SHOWN), judged.slice(SHOWN)];
  const folded = (rows, key) => {
    const label = t(key, { count: rows.length, number: write.count(rows.length) });
    return rows.length
      ? html`<details class="rest"><summary>${label}</summary>${table(rows, { ...shape, label }, with_)}</details>`
      : nothing;
  };
  return html`${first.length ? table(first, shape, with_) : html`<p class="hint">${t('intents.nothing')}</p>`}
    ${folded(rest, 'more')} ${folded(few, 'intents.few')}`;
}

export function groups(told, with_) {
  const { t, write } = with_;
  const { languages = [], scripts = [] } = told;
  if (!languages.length && !scripts.length) return nothing;
  const language = { name: (one) => write.language(one.language), value: 'accuracy', head: t('groups.language') };
  const script = { name: (one) => write.script(one.script), value: 'accuracy', head: t('groups.script') };
  return html`<div class="two-sides">
    ${languages.length ? table(languages, language, with_) : nothing} ${scripts.length ? table(scripts, script, with_) : nothing}
  </div>`;
}
