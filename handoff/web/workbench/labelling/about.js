// Beside the message: what the pointed intent means, what else it is mixed up with; and messages that are alike.

import { html, nothing } from '../../vendor/lit.js';
import { icon } from '../icons.js';
import { languageName } from './vocabulary.js';

export function about(page, intent, item) {
  if (!intent) return nothing;
  const { texts, vocabulary } = page;
  const { t } = texts;
  const counts = Object.entries(intent.counts ?? {});
  const total = counts.reduce((sum, [, n]) => sum + n, 0);
  const own = item?.language && intent.examples?.[item.language]?.length ? item.language : null;
  const shown = own ?? Object.keys(intent.examples ?? {})[0];
  const examples = intent.examples?.[shown] ?? [];
  const confused = intent.confused_with ?? [];
  return html`<section class="wl-about" aria-label=${t('labelling.about')}>
    <h2><bdi>${intent.title}</bdi></h2>
    <p class="definition">${intent.definition || t('labelling.no_definition')}</p>
    ${intent.proposed ? html`<p class="hint">${t('labelling.proposed_hint')}</p>` : nothing}
    ${examples.length
      ? html`<h3>${t('labelling.examples')}${shown ? html` <span class="hint">${languageName(shown, texts)}</span>` : nothing}</h3>
          <ul class="wl-examples">${examples.map((text) => html`<li dir="auto">${text}</li>`)}</ul>`
      : nothing}
    ${confused.length
      ? html`<h3>${t('labelling.confused')}</h3>
          <ul class="wl-confused">
            ${confused.map(
              ({ name, title, share }) => html`<li>
                <button class="link" @click=${() => page.pointAt(name)}>${title ?? vocabulary.title(name)}</button>
                <span class="hint">${t('labelling.confused_share', { share: texts.percent(share) })}</span>
              </li>`,
            )}
          </ul>`
      : nothing}
    ${total
      ? html`<p class="hint">${t('labelling.taught', { count: total, n: texts.number(total) })}${counts.length > 1
            ? html` (${counts.map(([code, n]) => `${code} ${texts.number(n)}`).join(', ')})`
            : nothing}</p>`
      : nothing}
  </section>`;
}

export function alike(page, item) {
  const { t } = page.texts;
  const similar = page.work.details.get(item.id)?.similar ?? [];
  if (!similar.length) return nothing;
  return html`<section class="wl-alike">
    <h3>${icon('group')}${t('labelling.similar', { count: item.similar || similar.length })}</h3>
    <ul>
      ${similar.slice(0, 8).map(
        (one) => html`<li dir="auto">${one.text}${one.count > 1 ? html` <span class="hint">${t('queue.times_short', { n: page.texts.number(one.count) })}</span>` : nothing}</li>`,
      )}
    </ul>
  </section>`;
}

/** What was said in the talk around it. */
export function context(page, item) {
  const { t } = page.texts;
  const lines = page.work.details.get(item.id)?.context ?? [];
  if (lines.length < 2) return nothing;
  return html`<section class="wl-context" aria-label=${t('labelling.context')}>
    <h3>${t('labelling.context')}</h3>
    <ol>
      ${lines.map(
        (line) => html`<li class="${line.sender} ${line.this ? 'this' : ''}">
          <span class="by">${page.texts.label('labelling.by', line.sender)}</span><span dir="auto">${line.text}</span>
        </li>`,
      )}
    </ol>
  </section>`;
}
