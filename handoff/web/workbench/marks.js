// Entities in a text: shown as marks, kept in place while the text is edited. Pure but for the templates.

import { html } from '../vendor/lit.js';

/** The server counts letters, the browser half letters of the rarer ones: places as the browser counts them. */
export function inUnits(text, entities = []) {
  const letters = [...text];
  if (letters.length === text.length) return entities;
  const to = (at) => letters.slice(0, at).join('').length;
  return entities.map((entity) => ({ ...entity, start: to(entity.start), end: to(entity.end) }));
}

/** Places as the server counts them. */
export function inLetters(text, entities = []) {
  if ([...text].length === text.length) return entities;
  const to = (at) => [...text.slice(0, at)].length;
  return entities.map((entity) => ({ ...entity, start: to(entity.start), end: to(entity.end) }));
}

/** The text cut at its entities: [{text, entity?}]. Entities that overlap an earlier one are left out. */
export function pieces(text, entities = []) {
  const found = [];
  let end = 0;
  for (const entity of [...entities].sort((a, b) => a.start - b.start)) {
    if (entity.start < end || entity.end > text.length || entity.start >= entity.end) continue;
    if (entity.start > end) found.push({ text: text.slice(end, entity.start) });
    found.push({ text: text.slice(entity.start, entity.end), entity });
    end = entity.end;
  }
  if (end < text.length) found.push({ text: text.slice(end) });
  return found;
}

/** The entities of `before` where they are in `after`: those that the edit did not touch. */
export function rebased(entities, before, after) {
  let head = 0;
  const least = Math.min(before.length, after.length);
  while (head < least && before[head] === after[head]) head += 1;
  let tail = 0;
  while (tail < least - head && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  const shift = after.length - before.length;
  return entities.flatMap((entity) => {
    if (entity.end <= head) return [entity];
    if (entity.start >= before.length - tail) return [{ ...entity, start: entity.start + shift, end: entity.end + shift }];
    const held = entity.start < head && entity.end > before.length - tail; // edited within
    return held ? [{ ...entity, end: entity.end + shift, value: undefined }] : [];
  });
}

/** The selection without blanks at its edges; null where nothing is left. */
export function trimmed(text, start, end) {
  const chosen = text.slice(start, end);
  const from = start + chosen.length - chosen.trimStart().length;
  const to = start + chosen.trimEnd().length;
  return to > from ? { start: from, end: to } : null;
}

const same = (a, b) =>
  a.start === b.start && a.end === b.end && a.entity === b.entity && (a.role ?? '') === (b.role ?? '') && (a.value ?? '') === (b.value ?? '');

export const sameEntities = (a, b) => a.length === b.length && a.every((one, i) => same(one, b[i]));

/** A text with its entities, each with its name. */
export const marked = (text, entities, name = (entity) => entity) =>
  html`<bdi class="example-text" dir="auto"
    >${pieces(text, entities).map((piece) =>
      piece.entity
        ? html`<mark class="entity">${piece.text}<span class="entity-name">${name(piece.entity.entity)}</span></mark>`
        : piece.text,
    )}</bdi
  >`;
