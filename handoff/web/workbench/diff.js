// A unified diff to be read by people: lines with their numbers, what changed within a line, entities as marks.

import { html, nothing } from '../vendor/lit.js';

const HUNK = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@ ?(.*)$/;
const MARKUP = /\[([^\][]+)\](?:\(([^():]+)(?::[^()]*)?\)|\{([^{}]+)\}|\[(\{[^\][]+\})\])/g;
const LEAD = /^(\s*(?:- )?)(.*)$/s;

/** Where two lines differ, as [start, end of a, end of b]. */
function between(a, b) {
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < Math.min(a.length, b.length) - head && a.at(-1 - tail) === b.at(-1 - tail)) tail += 1;
  return [head, a.length - tail, b.length - tail];
}

/** Removed lines beside as many added ones: each pair is told where it differs, if much of it stayed. */
function compare(removed, added) {
  if (removed.length !== added.length) return;
  removed.forEach((line, i) => {
    const [head, endA, endB] = between(line.text, added[i].text);
    const changed = Math.max(endA, endB) - head;
    if (changed * 3 > Math.max(line.text.length, added[i].text.length) * 2) return;
    line.changed = [head, endA];
    added[i].changed = [head, endB];
  });
}

/** The lines of a unified diff: {kind: gap|same|removed|added, text, before, after, changed: [start, end]?}. Pure. */
export function lines(diff) {
  const found = [];
  let [before, after, removed, added] = [0, 0, [], []];
  const settle = () => {
    compare(removed, added);
    [removed, added] = [[], []];
  };
  let inside = false;
  for (const line of diff.replace(/\n$/, '').split('\n')) {
    const hunk = HUNK.exec(line);
    if (hunk) {
      settle();
      [before, after, inside] = [Number(hunk[1]), Number(hunk[2]), true];
      found.push({ kind: 'gap', text: hunk[3] });
      continue;
    }
    if (!inside || line.startsWith('\\')) continue;
    const [sign, text] = [line[0], line.slice(1)];
    if (sign === '-') {
      if (added.length) settle();
      removed.push({ kind: 'removed', text, before });
      found.push(removed.at(-1));
      before += 1;
    } else if (sign === '+') {
      added.push({ kind: 'added', text, after });
      found.push(added.at(-1));
      after += 1;
    } else {
      settle();
      found.push({ kind: 'same', text, before, after });
      before += 1;
      after += 1;
    }
  }
  settle();
  return found;
}

const entityOf = (braces) => /["']?entity["']?\s*:\s*["']?([\w-]+)/.exec(braces)?.[1] ?? braces;

/** A line cut at entities and at the edges of what changed: [{text, entity?, changed}]. Pure. */
export function cut(text, changed = [0, 0]) {
  const edges = new Set([0, text.length, ...changed]);
  const marks = new Map();
  for (const match of text.matchAll(MARKUP)) {
    marks.set(match.index, { end: match.index + match[0].length, text: match[1], entity: match[2] ?? entityOf(match[3] ?? match[4]) });
    edges.add(match.index);
  }
  const within = (at) => at >= changed[0] && at < changed[1];
  const found = [];
  let at = 0;
  while (at < text.length) {
    const mark = marks.get(at);
    const start = at;
    const end = mark?.end ?? Math.min(...[...edges].filter((edge) => edge > start));
    const touched = within(start) || (mark !== undefined && changed[0] < end && changed[1] > start);
    found.push({ text: mark?.text ?? text.slice(start, end), entity: mark?.entity, changed: touched });
    at = end;
  }
  return found;
}

const piece = ({ text, entity, changed }) => {
  const inner = entity ? html`<mark class="entity">${text}<span class="entity-name">${entity}</span></mark>` : text;
  return changed ? html`<em>${inner}</em>` : inner;
};

function row(line, said) {
  if (line.kind === 'gap') return html`<tr class="gap"><td colspan="3">⋯</td></tr>`;
  const [, lead, rest] = LEAD.exec(line.text);
  const changed = line.changed?.map((at) => Math.max(0, at - lead.length));
  return html`<tr class=${line.kind}>
    <td class="number">${line.before ?? ''}</td>
    <td class="number">${line.after ?? ''}</td>
    <td class="line">${line.kind === 'same' ? nothing : html`<span class="unseen">${said[line.kind]}</span>`}<span class="lead">${lead}</span
      ><bdi dir="auto">${cut(rest, changed).map(piece)}</bdi></td>
  </tr>`;
}

/** @param {string} diff unified @param {{label: string, added: string, removed: string}} said words for who listens */
export const shown = (diff, said) =>
  html`<div class="diff scroll" tabindex="0" role="region" aria-label=${said.label}>
    <table>
      <tbody>
        ${lines(diff).map((line) => row(line, said))}
      </tbody>
    </table>
  </div>`;
