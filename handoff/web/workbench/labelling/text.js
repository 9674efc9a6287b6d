// A message's text by characters as the server counts them (code points), its words, and what lies on them. Pure.

const EDGES = /^[\p{P}\p{S}]+|[\p{P}\p{S}]+$/gu;

/** The words: [{start, end}], without punctuation at their edges. */
export function words(text) {
  const found = [];
  const letters = [...text];
  let start = null;
  for (let i = 0; i <= letters.length; i += 1) {
    const blank = i === letters.length || /\s/u.test(letters[i]);
    if (!blank && start === null) start = i;
    if (blank && start !== null) {
      const word = trimmedWord(letters.slice(start, i).join(''), start);
      if (word) found.push(word);
      start = null;
    }
  }
  return found;
}

function trimmedWord(word, at) {
  const bare = word.replace(EDGES, '');
  if (!bare) return null;
  const start = at + [...word.slice(0, word.indexOf(bare))].length;
  return { start, end: start + [...bare].length };
}

/** The range without blanks at its edges; null where nothing is left. */
export function trimmed(text, start, end) {
  const letters = [...text];
  let [from, to] = [Math.max(0, Math.min(start, end)), Math.min(letters.length, Math.max(start, end))];
  while (from < to && /\s/u.test(letters[from])) from += 1;
  while (to > from && /\s/u.test(letters[to - 1])) to -= 1;
  return to > from ? { start: from, end: to } : null;
}

export const overlaps = (a, b) => a.start < b.end && b.start < a.end;

/** `marks` with one more, in order; what it overlaps gives way. */
export const withMark = (marks, mark) =>
  [...marks.filter((other) => !overlaps(other, mark)), mark].sort((a, b) => a.start - b.start);

/** The part of the text, by code points. */
export const part = (text, { start, end }) => [...text].slice(start, end).join('');

/**
 * The text cut wherever a layer begins or ends: [{start, end, text, …the range of each layer that covers it}].
 * @param {Object<string, Array<{start, end}>>} layers
 */
export function pieces(text, layers) {
  const letters = [...text];
  const cuts = new Set([0, letters.length]);
  for (const { start, end } of Object.values(layers).flat()) {
    cuts.add(Math.min(letters.length, Math.max(0, start)));
    cuts.add(Math.min(letters.length, Math.max(0, end)));
  }
  const ordered = [...cuts].sort((a, b) => a - b);
  return ordered.slice(1).map((end, i) => {
    const start = ordered[i];
    const covering = Object.entries(layers).map(([name, ranges]) => [
      name,
      ranges.find((range) => range.start <= start && range.end >= end) ?? null,
    ]);
    return { start, end, text: letters.slice(start, end).join(''), ...Object.fromEntries(covering) };
  });
}
