// How many examples each intent has in each language: gaps and imbalance at a glance.

import { html, nothing } from '../../vendor/lit.js';
import { DeskElement } from '../../desk/element.js';
import { icon } from '../icons.js';
import { figures } from '../figures.js';
import { at } from '../route.js';

const ENOUGH = 20; // examples of an intent in a language
const ORDERS = ['name', 'fewest', 'uneven', 'problems'];
const MANY = 3; // times the middle of its language

const sum = (counts) => Object.values(counts).reduce((total, count) => total + count, 0);

function middle(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

/** How a count stands: none, few, many (far more than others of the language) or enough. Pure. */
export function level(count, typical) {
  if (!count) return 'none';
  if (count < ENOUGH) return 'few';
  return count > MANY * Math.max(typical, ENOUGH) ? 'many' : 'enough';
}

/** How far apart the languages of an intent are: 0 even … 1 one has none. Pure. */
export function unevenness(counts, languages) {
  const all = languages.map((language) => counts[language] ?? 0);
  const most = Math.max(...all, 1);
  return 1 - Math.min(...all) / most;
}

class Overview extends DeskElement {
  static properties = { known: { attribute: false }, order: { state: true }, filter: { state: true } };

  constructor() {
    super();
    this.order = 'name';
    this.filter = '';
  }

  rows() {
    const { intents, languages } = this.known;
    const asked = this.filter.trim().toLocaleLowerCase();
    const fits = ({ name, title }) => !asked || name.includes(asked) || (title ?? '').toLocaleLowerCase().includes(asked);
    const least = ({ counts }) => Math.min(...languages.map((language) => counts[language] ?? 0));
    const by = {
      name: (a, b) => (a.title || a.name).localeCompare(b.title || b.name, this.texts.language),
      fewest: (a, b) => least(a) - least(b) || sum(a.counts) - sum(b.counts),
      uneven: (a, b) => unevenness(b.counts, languages) - unevenness(a.counts, languages),
      problems: (a, b) => (b.problems ?? 0) - (a.problems ?? 0) || by.name(a, b),
    };
    return intents.filter(fits).sort(by[this.order]);
  }

  cell(intent, language, typical) {
    const count = intent.counts[language] ?? 0;
    const kind = level(count, typical);
    const said = kind === 'enough' ? nothing : this.t(`data.levels.${kind}`);
    return html`<td class="count ${kind}">
      <a href=${at('data', 'examples', { intent: intent.name, language })} title=${said}>${this.texts.number(count)}${
        said === nothing ? nothing : html`<span class="unseen"> ${said}</span>`
      }</a>
    </td>`;
  }

  render() {
    const { known, texts } = this;
    const { languages, intents } = known;
    const { language: name } = figures(texts);
    const typical = Object.fromEntries(languages.map((one) => [one, middle(intents.map(({ counts }) => counts[one] ?? 0))]));
    const rows = this.rows();
    const totals = Object.fromEntries(languages.map((one) => [one, intents.reduce((all, { counts }) => all + (counts[one] ?? 0), 0)]));
    const gaps = intents.reduce((all, { counts }) => all + languages.filter((one) => (counts[one] ?? 0) < ENOUGH).length, 0);
    return html`<div class="wb-tools">
        <label class="search-box"><span class="unseen">${this.t('data.filter')}</span>${icon('search')}
          <input type="search" placeholder=${this.t('data.filter')} .value=${this.filter} @input=${(event) => (this.filter = event.target.value)} /></label>
        <label class="pick"><span>${this.t('data.order.label')}</span>
          <select @change=${(event) => (this.order = event.target.value)}>
            ${ORDERS.map((order) => html`<option value=${order} ?selected=${order === this.order}>${this.t(`data.order.${order}`)}</option>`)}
          </select></label>
      </div>
      <p class="wb-said">${this.t('data.summary', {
        examples: texts.number(sum(totals)),
        intents: texts.number(intents.length),
        languages: texts.number(languages.length),
      })} ${gaps ? this.t('data.gaps', { count: gaps, number: texts.number(gaps), enough: texts.number(ENOUGH) }) : this.t('data.no_gaps', { enough: texts.number(ENOUGH) })}</p>
      <ul class="legend counts">
        ${['none', 'few', 'many'].map((kind) => html`<li class=${kind}><i></i>${this.t(`data.levels.${kind}`)}</li>`)}
      </ul>
      ${rows.length
        ? html`<div class="table-frame" tabindex="0" role="group" aria-label=${this.t('data.tabs.overview')}><table class="wb-table counts">
            <thead><tr>
              <th scope="col">${this.t('data.intent')}</th>
              ${languages.map((one) => html`<th scope="col" class="number"><abbr title=${name(one)}>${one}</abbr></th>`)}
              <th scope="col" class="number">${this.t('data.total')}</th>
              <th scope="col" class="number">${this.t('data.problems_short')}</th>
            </tr></thead>
            <tbody>
              ${rows.map(
                (intent) => html`<tr>
                  <th scope="row"><a href=${at('data', 'examples', { intent: intent.name })}>${intent.title || intent.name.replaceAll('_', ' ')}</a><small dir="ltr">${intent.name}</small></th>
                  ${languages.map((one) => this.cell(intent, one, typical[one]))}
                  <td class="number">${texts.number(sum(intent.counts))}</td>
                  <td class="number">${intent.problems
                    ? html`<a class="badge why" href=${at('data', 'problems', { intent: intent.name })}>${texts.number(intent.problems)}</a>`
                    : html`<span class="faint">${intent.problems === null ? '…' : texts.number(0)}</span>`}</td>
                </tr>`,
              )}
            </tbody>
            <tfoot><tr>
              <th scope="row">${this.t('data.all')}</th>
              ${languages.map((one) => html`<td class="number">${texts.number(totals[one])}</td>`)}
              <td class="number">${texts.number(sum(totals))}</td>
              <td></td>
            </tr></tfoot>
          </table></div>`
        : html`<p class="hint">${this.t('data.nothing')}</p>`}`;
  }
}

customElements.define('setu-data-overview', Overview);
