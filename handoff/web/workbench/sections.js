// The sections of the workbench in the order of the work: understand, teach, go live. Pure but for what is defined.

export const GROUPS = [
  ['understand', ['queue', 'agreement', 'topics']],
  ['teach', ['data', 'changes', 'talks', 'articles']],
  ['live', ['runs', 'models', 'history']],
];

/** The key after G that leads there. */
export const LETTERS = {
  queue: 'q', agreement: 'a', topics: 't', data: 'd', changes: 'c', talks: 's', articles: 'k', runs: 'r', models: 'm', history: 'h',
};

const there = (name) => customElements.get(`setu-page-${name}`) !== undefined;

/** [[group, [names]]] of the sections whose page is registered. */
export const groups = () => GROUPS.map(([group, names]) => [group, names.filter(there)]).filter(([, names]) => names.length);

export const sections = () => groups().flatMap(([, names]) => names);
