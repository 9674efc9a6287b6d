// The list of messages: the views with their counts, what it is narrowed to, why each message is worth a look.

import { html, nothing, repeat } from '../../vendor/lit.js';
import { icon } from '../icons.js';
import { languageName, said } from './vocabulary.js';

export const VIEWS = ['useful', 'random', 'second', 'contradicting', 'mine', 'labelled'];
export const REASONS = ['unsure', 'close', 'disagree', 'handed_over', 'disliked', 'new_topic', 'contradicting', 'random'];
const SHAPES = { useful: 'spark', random: 'dice', second: 'agreement', contradicting: 'alert', mine: 'mine', labelled: 'check', topic: 'topics' };

export function views(page) {
  const { t, number } = page.texts;
  const { counts } = page.work.loader;
  const { view } = page.query;
  const shown = view === 'topic' ? ['topic', ...VIEWS] : VIEWS;
  return html`<nav class="wl-views scroll" aria-label=${t('queue.views_label')}>
    ${shown.map((name) => {
      const count = counts?.[name];
      return html`<a
        href=${page.address(name === 'topic' ? {} : { view: name, topic: null })}
        class="wl-view"
        aria-current=${name === view ? 'page' : nothing}
        title=${t(`queue.views_hint.${name}`)}
        >${icon(SHAPES[name])}<span>${t(`queue.views.${name}`)}</span>${count ? html`<b>${number(count)}</b>` : nothing}</a
      >`;
    })}
  </nav>`;
}

export function filters(page) {
  const { t } = page.texts;
  const { query, vocabulary } = page;
  const narrow = (name) => (event) => page.narrow({ [name]: event.target.value });
  const select = (name, options) => html`<select
    aria-label=${t(`queue.filters.${name}`)}
    class=${query[name] ? 'set' : ''}
    @change=${narrow(name)}
  >
    <option value="" ?selected=${!query[name]}>${t(`queue.filters.any_${name}`)}</option>
    ${options.map(([value, label]) => html`<option value=${value} ?selected=${query[name] === value}>${label}</option>`)}
  </select>`;
  return html`<div class="wl-filters" role="search" aria-label=${t('queue.filters.label')}>
    <div class="wl-search">
      ${icon('search')}
      <input
        type="search"
        id="queue-search"
        aria-label=${t('queue.filters.q')}
        placeholder=${t('queue.filters.q')}
        .value=${query.q ?? ''}
        @change=${narrow('q')}
        @keydown=${(event) => event.key === 'Escape' && event.target.blur()}
      />
    </div>
    <div class="wl-selects">
      ${select('language', vocabulary.languages.map((code) => [code, languageName(code, page.texts)]))}
      ${select('reason', REASONS.map((code) => [code, t(`queue.reasons.${code}`)]))}
      ${select('intent', vocabulary.intents.map(({ name, title }) => [name, title]))}
    </div>
  </div>`;
}

export const chips = (item, t) => item.reasons.map((code) => html`<span class="badge why-${code}" title=${t(`queue.reasons_hint.${code}`)}>${t(`queue.reasons.${code}`)}</span>`);

function row(page, item) {
  const { work, texts } = page;
  const { t } = texts;
  const given = work.given.get(item.id);
  const label = work.said(item);
  const here = item.id === work.current;
  const chosen = work.chosen.has(item.id);
  const done = label ? said(label, work.vocabulary, t) : null;
  return html`<li class="wl-item ${label ? 'done' : ''} ${given?.state ?? ''} ${chosen ? 'chosen' : ''}">
    <label class="wl-check"
      ><input
        type="checkbox"
        tabindex="-1"
        aria-label=${t('queue.choose', { text: item.text })}
        .checked=${chosen}
        @click=${(event) => page.clickedBox(event, item)}
    /></label>
    <a class="wl-row" href=${page.address({}, item.id)} data-id=${item.id} aria-current=${here ? 'true' : nothing} @click=${(event) => page.clickedRow(event, item)}>
      <span class="text" dir="auto">${item.text}</span>
      <span class="facts">
        ${done
          ? html`<span class="said">${icon(given?.state === 'refused' ? 'alert' : given?.state === 'saving' ? 'clock' : 'check')}<bdi>${done}</bdi></span>`
          : html`<span class="reads"
              ><i class="meter" aria-hidden="true"><i class="w-${Math.round((item.reading?.confidence ?? 0) * 20)}"></i></i
              ><bdi>${item.reading?.intent ? work.vocabulary.title(item.reading.intent) : t('queue.unread')}</bdi></span
            >`}
        <span class="end">
          ${item.count > 1 ? html`<span class="times" title=${t('queue.times', { count: item.count })}>${t('queue.times_short', { n: texts.number(item.count) })}</span>` : nothing}
          ${item.language ? html`<abbr title=${languageName(item.language, texts)}>${item.language}</abbr>` : nothing}
        </span>
      </span>
      ${done ? nothing : html`<span class="chips">${chips({ reasons: item.reasons.slice(0, 3) }, t)}</span>`}
    </a>
  </li>`;
}

const ghosts = () =>
  html`<div class="wl-ghosts skeleton" aria-hidden="true">${Array.from({ length: 8 }, () => html`<div><b></b><i></i></div>`)}</div>`;

export function list(page) {
  const { t } = page.texts;
  const { items, loading, next, failed } = page.work.loader;
  if (failed) {
    return html`<div class="empty" role="alert">
      ${icon('alert')}<strong>${page.desk.say(failed)}</strong>
      <button class="button" @click=${() => page.reload()}>${icon('again')}${t('common.again')}</button>
    </div>`;
  }
  if (loading && !items.length) return ghosts();
  return html`<ul class="wl-rows" aria-label=${t('queue.list_label')} aria-busy=${loading}>
      ${repeat(items, ({ id }) => id, (item) => row(page, item))}
    </ul>
    ${next
      ? html`<button class="button quiet wl-more" ?disabled=${loading} @click=${() => page.work.loader.more()}>
          ${t(loading ? 'queue.loading' : 'common.more')}
        </button>`
      : nothing}`;
}

/** What stands in place of the list's first message, and teaches what to do. */
export function nothingLeft(page) {
  const { t } = page.texts;
  const { counts } = page.work.loader;
  const { query } = page;
  const narrowed = query.language || query.reason || query.intent || query.q;
  if (narrowed) {
    return html`<div class="empty">${icon('search')}<strong>${t('queue.empty.narrowed')}</strong>
      <button class="button" @click=${() => page.narrow({ language: '', reason: '', intent: '', q: '' })}>${t('queue.empty.all')}</button>
    </div>`;
  }
  const fresh = counts && !counts.open && !counts.labelled && !counts.settled;
  if (fresh) {
    return html`<div class="empty">
      ${icon('queue')}<strong>${t('queue.empty.fresh')}</strong><span>${t('queue.empty.fresh_hint')}</span>
      <div class="wl-ways">
        <button class="button primary" @click=${() => page.import()}>${icon('upload')}${t('queue.import')}</button>
        <a class="button" href="/" target="_blank" rel="noopener">${icon('reply')}${t('queue.empty.talk')}</a>
      </div>
    </div>`;
  }
  return html`<div class="empty">
    ${icon('resolved')}<strong>${t(`queue.empty.${query.view}`)}</strong><span>${t(`queue.empty.${query.view}_hint`)}</span>
    ${page.work.progress?.ready
      ? html`<button class="button primary" @click=${() => page.makeChange()}>${icon('changes')}${t('queue.make_change')}</button>`
      : query.view !== 'useful'
        ? html`<a class="button" href=${page.address({ view: 'useful', topic: null })}>${t('queue.views.useful')}</a>`
        : nothing}
  </div>`;
}
