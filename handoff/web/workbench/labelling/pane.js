// The message that is open, with everything that can be said of it.

import { html, nothing } from '../../vendor/lit.js';
import { keys } from '../../desk/parts.js';
import { icon } from '../icons.js';
import { about, alike, context } from './about.js';
import { againstData } from './against.js';
import { chooser } from './chooser.js';
import { chips } from './list.js';
import { entityChoice, message } from './message.js';
import './past.js';
import { languageName, said } from './vocabulary.js';

const KINDS = [
  ['out_of_scope', 'o', 'outside'],
  ['two_wishes', 'w', 'two'],
  ['proposed', 'n', 'plus'],
  ['skip', 's', 'skip'],
];

function head(page, item) {
  const { t, number, short } = page.texts;
  const { reading } = item;
  const language = page.work.draft(item.id).language ?? item.language;
  return html`<header class="wl-head">
    <a class="icon-button back" href=${page.address()} aria-label=${t('queue.back')}>${icon('back')}</a>
    <div class="chips">${chips(item, t)}</div>
    <p class="facts">
      ${item.count > 1 ? html`<span>${t('queue.times', { count: item.count, n: number(item.count) })}</span>` : nothing}
      ${item.last_at ? html`<time datetime=${item.last_at}>${short(item.last_at)}</time>` : nothing}
      ${item.source === 'import' ? html`<span>${t('queue.imported')}</span>` : nothing}
      ${reading?.doubtful ? html`<span>${t('labelling.asked_back')}</span>` : nothing}
    </p>
    <button
      class="button small wl-language ${page.tongue ? 'on' : ''}"
      aria-expanded=${Boolean(page.tongue)}
      @click=${() => page.toggleTongue()}
    >
      ${icon('web')}${languageName(language, page.texts) || t('labelling.no_language')}${keys('L')}
    </button>
  </header>`;
}

function tongues(page, item) {
  if (!page.tongue) return nothing;
  const { t } = page.texts;
  const now = page.work.draft(item.id).language ?? item.language;
  return html`<div class="wl-tongues" role="group" aria-label=${t('labelling.which_language')}>
    <span>${t('labelling.which_language')}</span>
    ${page.vocabulary.languages.map(
      (code, i) => html`<button class="button small" aria-pressed=${code === now} @click=${() => page.speakIn(code)}>
        <kbd>${i + 1}</kbd>${languageName(code, page.texts)}
      </button>`,
    )}
  </div>`;
}

/** What others have said, where it may be seen; what contradicts; what was refused. */
function notices(page, item) {
  const { work, texts } = page;
  const { t } = texts;
  const { contradiction, others = [], second, frozen, sampled } = item;
  const given = work.given.get(item.id);
  const label = work.said(item);
  const refused = given?.state === 'refused' ? given : null;
  return html`
    ${refused
      ? html`<div class="wl-notice bad" role="alert">
          ${icon('alert')}
          <p><strong>${t('labelling.not_taken')}</strong> ${work.why(refused.code)}</p>
          ${refused.code === 'labelled_meanwhile'
            ? html`<button class="button small" @click=${() => page.insist(refused.label)}>${t('labelling.anyway')}</button>`
            : nothing}
        </div>`
      : nothing}
    ${label && !refused
      ? html`<div class="wl-notice good">
          ${icon(given?.state === 'saving' ? 'clock' : 'check')}
          <p>${t('labelling.you_said', { what: said(label, page.vocabulary, t) })}${item.state === 'labelled' && second ? ` ${t('labelling.waits_second')}` : nothing}</p>
          <button class="button small" @click=${() => page.undo()}>${icon('undo')}${t('common.undo')}${keys('U')}</button>
        </div>`
      : nothing}
    ${others.length
      ? html`<div class="wl-notice">
          ${icon('agreement')}
          <p>${others.map((one) => html`<span class="wl-other">${t('labelling.other_said', { name: one.agent.name, what: said(one, page.vocabulary, t) })}</span>`)}</p>
        </div>`
      : second && !label
        ? html`<div class="wl-notice">${icon('agreement')}<p>${t('labelling.blind')}</p></div>`
        : nothing}
    ${contradiction?.labels?.length
      ? html`<div class="wl-notice warn">
          ${icon('alert')}
          <p>
            ${t('labelling.contradicting')}
            ${contradiction.labels.map(({ intent, count }) => html`<span class="badge">${page.vocabulary.title(intent)} · ${texts.number(count)}</span> `)}
          </p>
        </div>`
      : nothing}
    ${againstData(page, item)}
    ${sampled || frozen ? html`<p class="hint wl-frozen">${icon('dice')}${t('labelling.sampled')}</p>` : nothing}
  `;
}

function actions(page, item) {
  const { t } = page.texts;
  const { chosen } = page.work;
  const first = page.wishes[0];
  const press = (run) => (event) => {
    event.currentTarget.blur();
    run();
  };
  return html`<div class="wl-actions">
    ${page.wishes.length || page.two
      ? html`<p class="wl-two" role="status">
          ${icon('two')}<span
            >${first ? t('labelling.second_wish', { first: page.vocabulary.title(first) }) : t('labelling.first_wish')}</span
          >
          <button class="button small" @click=${press(() => page.escape())}>${t('common.cancel')}${keys('Esc')}</button>
        </p>`
      : html`<button class="button primary wl-accept" ?disabled=${!page.pointed} @click=${press(() => page.take(page.pointed))}>
            <span class="fits">${chosen.size ? t('labelling.accept_many', { count: chosen.size, intent: page.pointed?.title ?? '' }) : (page.pointed?.title ?? t('labelling.accept'))}</span>${keys('Enter')}
          </button>
          <div class="wl-kinds">
            ${KINDS.map(
              ([kind, key, shape]) => html`<button class="button" title=${t(`labelling.hint.${kind}`)} @click=${press(() => page.kind(kind))}>
                ${icon(shape)}<span>${t(`labelling.kind.${kind}`)}</span>${keys(key.toUpperCase())}
              </button>`,
            )}
          </div>`}
    ${item.similar > 0 && !chosen.size
      ? html`<label class="wl-similar"
          ><input type="checkbox" .checked=${page.similar} @change=${() => page.toggleSimilar()} /><span
            >${t('labelling.apply_similar', { count: item.similar, n: page.texts.number(item.similar) })}</span
          >${keys('A')}</label
        >`
      : nothing}
  </div>`;
}

function many(page) {
  const { chosen } = page.work;
  if (!chosen.size) return nothing;
  const { t } = page.texts;
  return html`<div class="wl-many" role="status">
    ${icon('checks')}<strong>${t('labelling.many', { count: chosen.size })}</strong><span>${t('labelling.many_hint')}</span>
    ${page.state.can.assign && page.team
      ? html`<select aria-label=${t('labelling.assign')} @change=${(event) => page.assign(event.target.value)}>
          <option value="">${t('labelling.assign')}</option>
          ${page.team.map(({ id, name }) => html`<option value=${id}>${name}</option>`)}
        </select>`
      : nothing}
    <button class="button small" @click=${() => page.work.chooseNone()}>${t('labelling.none')}${keys('Esc')}</button>
  </div>`;
}

function marking(page) {
  if (!page.marking) return nothing;
  return html`<p class="wl-marking" role="status">${icon('tag')}<span>${page.t('labelling.marking')}</span></p>`;
}

export function pane(page, item) {
  const { t } = page.texts;
  return html`<article class="wl-pane" tabindex="-1" aria-label=${t('labelling.label')}>
    <div class="wl-main scroll" tabindex="-1">
      ${head(page, item)} ${tongues(page, item)} ${many(page)}
      <div class="wl-said">
        ${message(page, item)} ${marking(page)} ${entityChoice(page, item)}
        ${page.marking || page.picking ? nothing : html`<p class="hint wl-marks-hint">${t('labelling.mark_hint')} ${keys('E')}</p>`}
      </div>
      ${notices(page, item)} ${chooser(page)} ${actions(page, item)}
    </div>
    <aside class="wl-aside scroll" tabindex="0" aria-label=${t('labelling.beside')}>
      ${about(page, page.pointed, item)} ${context(page, item)} ${alike(page, item)}
      <setu-label-past .desk=${page.desk} .message=${item.id}></setu-label-past>
    </aside>
  </article>`;
}
