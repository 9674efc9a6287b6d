// What it can mean: the model's ranking first, then all others; narrowed by typing; moved in by the arrow keys.

import { html, nothing } from '../../vendor/lit.js';
import { narrowing } from '../../desk/combobox.js';
import { keys } from '../../desk/parts.js';
import { icon } from '../icons.js';
import { found } from './fuzzy.js';

const RANKED = 5;

/** The choices in their order: [{intent, confidence?, number?}]. Pure. */
export function choices(item, vocabulary, typed) {
  const ranking = (item?.reading?.ranking ?? []).filter(({ name }) => vocabulary.byName.has(name)).slice(0, RANKED);
  const ranks = new Map(ranking.map(({ name, confidence }, i) => [name, { confidence, number: i + 1 }]));
  const all = vocabulary.choices;
  if (typed.trim()) return found(typed, all).map((intent) => ({ intent, ...ranks.get(intent.name) }));
  const first = ranking.map(({ name }) => ({ intent: vocabulary.get(name), ...ranks.get(name) }));
  return [...first, ...all.filter(({ name }) => !ranks.has(name)).map((intent) => ({ intent }))];
}

function choice(page, { intent, confidence, number }, i) {
  const { texts } = page;
  const at = i === page.at;
  const wished = page.wishes.includes(intent.name);
  return html`<li
    role="option"
    id="choices-${i}"
    aria-selected=${at}
    class="wl-choice ${wished ? 'wished' : ''}"
    @mousedown=${(event) => event.preventDefault()}
    @mousemove=${() => (page.at = i)}
    @click=${() => page.take(intent)}
  >
    ${number ? html`<kbd>${number}</kbd>` : html`<kbd class="quiet">${intent.key ?? ''}</kbd>`}
    <span class="name"><bdi>${intent.title}</bdi>${intent.proposed ? html`<span class="badge">${page.t('labelling.proposed')}</span>` : nothing}${wished ? icon('check') : nothing}</span>
    ${confidence === undefined
      ? nothing
      : html`<span class="confidence"
          ><i class="meter" aria-hidden="true"><i class="w-${Math.round(confidence * 20)}"></i></i
          ><span>${texts.percent(confidence)}</span></span
        >`}
  </li>`;
}

export function chooser(page) {
  const { t } = page.texts;
  const all = page.choices;
  const split = page.typed.trim() ? -1 : all.findIndex(({ number }) => !number);
  return html`<section class="wl-chooser" aria-label=${t('labelling.means')}>
    <div class="wl-find">
      ${icon('search')}
      ${narrowing({
        id: 'intent',
        list: 'choices',
        at: page.at,
        length: all.length,
        label: t('labelling.find'),
        value: page.typed,
        typed: (event) => page.type(event.target.value),
        key: (event) => page.keyInField(event),
      })}
      ${keys('/')}
    </div>
    <ul id="choices" role="listbox" class="scroll" aria-label=${t('labelling.means')} tabindex="-1">
      ${all.map((one, i) => html`${i === split && split > 0 ? html`<li class="wl-divide" role="presentation">${t('labelling.others')}</li>` : nothing}${choice(page, one, i)}`)}
    </ul>
    ${all.length ? nothing : html`<p class="hint wl-none">${t('labelling.none_found')}</p>`}
  </section>`;
}
