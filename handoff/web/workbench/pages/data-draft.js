// Edits of examples, gathered in this browser until they are made one change for review.

import { keep, recall } from '../../desk/memory.js';
import { inLetters, sameEntities } from '../marks.js';

const bare = (text, entities) =>
  inLetters(text, entities ?? []).map(({ start, end, entity, value, role, group }) =>
    JSON.parse(JSON.stringify({ start, end, entity, value, role, group })),
  );

/** What has to be done to make `before` into `after`; null stands for "not there". Pure. */
export function operations(before, after) {
  if (!before && !after) return [];
  if (!before) {
    const { intent, language, text, entities } = after;
    return [{ op: 'add_example', intent, language, text, entities: bare(text, entities) }];
  }
  const { intent, language, text, file } = before;
  const which = { intent, language, text, ...(file && { file }) };
  if (!after) return [{ op: 'remove_example', ...which }];
  const found = [];
  if (after.text !== text || !sameEntities(after.entities ?? [], before.entities ?? [])) {
    found.push({ op: 'edit_example', ...which, new_text: after.text, new_entities: bare(after.text, after.entities) });
  }
  if (after.intent !== intent) found.push({ op: 'move_example', ...which, text: after.text, to: after.intent });
  return found;
}

/** Whether an edit adds, removes, moves or changes an example. Pure. */
export function kindOf({ before, after }) {
  if (!before) return 'added';
  if (!after) return 'removed';
  return after.intent === before.intent ? 'changed' : 'moved';
}

export const keyOf = ({ intent, language, text }) => `${intent}\n${language}\n${text}`;

export class Draft {
  /** @param {string} who the agent's id: another one's edits are none of ours @param {() => void} changed */
  constructor(who, changed) {
    this.place = `draft.${who}`;
    this.changed = changed;
    this.edits = recall(this.place, []); // [{key, before, after} | {key, fix, said}]
  }

  get size() {
    return this.edits.length;
  }

  of(example) {
    return this.edits.find(({ key }) => key === keyOf(example));
  }

  save(edits) {
    this.edits = edits;
    keep(this.place, edits);
    this.changed();
  }

  put(edit) {
    const rest = this.edits.filter(({ key }) => key !== edit.key);
    this.save([...rest, edit]);
  }

  /** The example as it shall be; null removes it. An edit that leaves all as it was is none. */
  change(example, after) {
    const key = keyOf(example);
    if (operations(example, after).length) this.put({ key, before: example, after });
    else this.drop(key);
  }

  add(example) {
    this.put({ key: `new\n${keyOf(example)}`, before: null, after: example });
  }

  /** A problem's remedy, as the server gave it. */
  mend(problem) {
    this.put({ key: `fix\n${problem.code}\n${problem.text}`, fix: problem.fix, said: problem.text });
  }

  mends(problem) {
    return this.edits.some(({ key }) => key === `fix\n${problem.code}\n${problem.text}`);
  }

  drop(key) {
    this.save(this.edits.filter((edit) => edit.key !== key));
  }

  clear() {
    this.save([]);
  }

  get operations() {
    return this.edits.flatMap((edit) => edit.fix ?? operations(edit.before, edit.after));
  }
}
