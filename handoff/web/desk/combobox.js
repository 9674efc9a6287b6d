// A field that narrows the list below it by typing, and points into it by the arrow keys (ARIA's combobox).

import { html, live, nothing } from '../vendor/lit.js';

const STEPS = { ArrowDown: 1, ArrowUp: -1 };

/** Where an arrow key leads in a list of that length, round and round; null for any other key. */
export const stepped = ({ key }, at, length) =>
  key in STEPS && length ? (at + STEPS[key] + length) % length : null;

/**
 * The field. `list` is the id of the listbox, whose options have the ids `<list>-<number>`; `at` is the one pointed at,
 * of `length`.
 */
export const narrowing = ({ id = nothing, first = false, list, at, length, label, hint = label, value, typed, key }) =>
  html`<input
    id=${id}
    ?data-first=${first}
    type="text"
    role="combobox"
    aria-expanded="true"
    aria-controls=${list}
    aria-autocomplete="list"
    aria-activedescendant=${length ? `${list}-${at}` : nothing}
    aria-label=${label}
    placeholder=${hint}
    autocomplete="off"
    spellcheck="false"
    .value=${live(value)}
    @input=${typed}
    @keydown=${key}
  />`;
