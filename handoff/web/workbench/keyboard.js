// The workbench by keyboard. A page gives `commands`: [{keys: ['o'], label, run(event), when?: boolean, group?}], keys as
// KeyboardEvent.key in small letters, with `shift+` before those that are no letters or signs. Everywhere: ? and G + letter.

import { takesKeys } from '../desk/parts.js';
import { LETTERS, SECTIONS } from './sections.js';

const GO_MS = 1500; // so long after G its letter is waited for
const OWN = 'button, a[href], summary, select, [role=tab], [role=menuitem], input[type=radio], input[type=checkbox]';

/** The name of a stroke, as commands give it: `o`, `?`, `enter`, `shift+arrowdown`. Pure. */
export function stroke({ key, shiftKey }) {
  return shiftKey && key.length > 1 ? `shift+${key.toLowerCase()}` : key.toLowerCase();
}

/** All commands for the help: [[group, [[label, key, …]]]]. */
export function allCommands(bench, page) {
  const { t } = bench.texts;
  const groups = new Map();
  for (const { keys, label, group = 'page' } of page?.commands ?? []) {
    groups.set(group, [...(groups.get(group) ?? []), [label, keys.map(shown)]]);
  }
  const places = SECTIONS.map((name) => [t(`sections.${name}`), [`G ${LETTERS[name].toUpperCase()}`]]);
  return [...groups, ['anywhere', [[t('help.title'), ['?']], ...places]]];
}

const NAMES = { arrowdown: '↓', arrowup: '↑', arrowleft: '←', arrowright: '→', enter: 'Enter', escape: 'Esc', ' ': 'Space' };
const shown = (key) =>
  key
    .split(/\+(?=.)/)
    .map((part) => NAMES[part] ?? (part.length === 1 ? part.toUpperCase() : part[0].toUpperCase() + part.slice(1)))
    .join(' ');

/** Listens on the page. `page()` is the open page's element; `covered()` tells whether a dialog holds the keys. */
export function listen(bench, { page, covered }) {
  let going = 0;
  addEventListener('keydown', (event) => {
    if (bench.state.phase !== 'ready' || event.isComposing || covered()) return;
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (takesKeys(event.target)) return;
    if (['Enter', ' '].includes(event.key) && event.target.closest?.(OWN)) return;
    if (!bench.settings.values.shortcuts && event.key.length === 1) return;
    const name = stroke(event);
    const place = Date.now() - going < GO_MS && SECTIONS.find((section) => LETTERS[section] === name);
    going = 0;
    const command = !place && (page()?.commands ?? []).find(({ keys, when = true }) => when && keys.includes(name));
    if (place) bench.go(place);
    else if (command) command.run(event);
    else if (name === 'g') going = Date.now();
    else if (name === '?') bench.show('help');
    else return;
    event.preventDefault();
  });
}
