// The sections of the workbench in the order of the work: understand, teach, go live. Pure.

/** [[group, [names]]]: each name is a page of pages.js. */
export const GROUPS = [
  ['understand', ['queue', 'agreement', 'topics']],
  ['teach', ['data', 'changes', 'talks', 'articles']],
  ['live', ['runs', 'models', 'history']],
];

export const SECTIONS = GROUPS.flatMap(([, names]) => names);

/** The key after G that leads there. */
export const LETTERS = {
  queue: 'q', agreement: 'a', topics: 't', data: 'd', changes: 'c', talks: 's', articles: 'k', runs: 'r', models: 'm', history: 'h',
};
