// The message that is open: its words with what is marked and masked, chosen by mouse or word by word with the keys.

import { html, nothing } from '../../vendor/lit.js';
import { icon } from '../icons.js';
import { overlaps, part, pieces, trimmed, words } from './text.js';

/** The bot's own finds that nobody has marked, of entities that can be marked. */
export function suggested(item, marks, vocabulary) {
  return (item.reading?.entities ?? []).filter(
    (one) => Number.isInteger(one.start) && one.end > one.start && vocabulary.titles.has(one.entity) && !marks.some((mark) => overlaps(mark, one)),
  );
}

/** @param page gives work, marking ({from, to} in words, or null) and what to do */
export function message(page, item) {
  const { work, texts, marking } = page;
  const { t } = texts;
  const { entities } = work.draft(item.id);
  const offers = suggested(item, entities, work.vocabulary);
  const cursor = marking ? [page.marked] : [];
  const cut = pieces(item.text, { mark: entities, offer: offers, mask: item.spans ?? [], cursor });
  const last = (name, i) => cut[i][name] && cut[i + 1]?.[name] !== cut[i][name];
  return html`<div class="wl-message ${marking ? 'marking' : ''}" dir="auto" lang=${item.language ?? nothing} @mouseup=${(event) => page.selected(event, item)}
    >${cut.map((piece, i) => {
      const { mark, offer, mask } = piece;
      const kind = mark ?? offer;
      const classes = `piece ${mark ? `marked ${work.vocabulary.tint(mark.entity)}` : ''} ${offer ? 'offer' : ''} ${mask ? 'mask' : ''} ${piece.cursor ? 'cursor' : ''}`;
      const name = kind && last(mark ? 'mark' : 'offer', i) ? work.vocabulary.entity(kind.entity) : '';
      const title = mask ? t('labelling.masked', { kind: texts.label('labelling.masks', mask.kind) }) : nothing;
      return html`<span class=${classes} data-start=${piece.start} title=${title}>${piece.text}</span>${name
          ? mark
            ? html`<button class="mark-name ${work.vocabulary.tint(mark.entity)}" data-label=${name} aria-label=${t('labelling.unmark', { entity: name, text: part(item.text, mark) })} @click=${() => work.unmark(mark)}></button>`
            : html`<button class="mark-name offered" data-label=${name} aria-label=${t('labelling.take_mark', { entity: name, text: part(item.text, offer) })} @click=${() => work.mark({ start: offer.start, end: offer.end }, offer.entity)}></button>`
          : nothing}`;
    })}</div
  >`;
}

/** What the mouse has selected within the message, in code points; null if nothing. */
export function selection(root, text) {
  const chosen = getSelection();
  if (!chosen || chosen.isCollapsed || !root.contains(chosen.anchorNode) || !root.contains(chosen.focusNode)) return null;
  const place = (node, offset) => {
    const piece = (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest('.piece');
    if (!piece) return null;
    const before = node.nodeType === Node.TEXT_NODE ? [...node.data.slice(0, offset)].length : 0;
    return Number(piece.dataset.start) + before;
  };
  const from = place(chosen.anchorNode, chosen.anchorOffset);
  const to = place(chosen.focusNode, chosen.focusOffset);
  return from === null || to === null ? null : trimmed(text, from, to);
}

/** The range of the words from one to another. */
export function spanOf(text, { from, to }) {
  const all = words(text);
  const [a, b] = [Math.min(from, to), Math.max(from, to)];
  return all.length ? { start: all[Math.min(a, all.length - 1)].start, end: all[Math.min(b, all.length - 1)].end } : { start: 0, end: 0 };
}

/** Which entity is it? A small list beside the message, by number or by mouse. */
export function entityChoice(page, item) {
  const { picking, texts, vocabulary } = page;
  if (!picking) return nothing;
  const { t } = texts;
  return html`<div class="wl-pick" role="dialog" aria-label=${t('labelling.which_entity')}>
    <p>${t('labelling.which_entity')} <q><bdi>${part(item.text, picking)}</bdi></q></p>
    <div class="wl-pick-list">
      ${vocabulary.entities.map(
        ({ name, title, examples = [] }, i) => html`<button
          class="pick ${vocabulary.tint(name)}"
          title=${examples.slice(0, 3).join(', ')}
          @click=${() => page.pick(name)}
        >
          ${i < 26 ? html`<kbd>${letterOf(i)}</kbd>` : nothing}${title}
        </button>`,
      )}
    </div>
    <button class="icon-button small close" aria-label=${t('common.close')} @click=${() => page.pick(null)}>${icon('close')}</button>
  </div>`;
}

/** Letters stand for the entities: there are more of them than digits. */
export const letterOf = (i) => String.fromCharCode(97 + i);
