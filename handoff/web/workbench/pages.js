// The pages, one line each: a page is loaded when it is first opened, the others once the browser has nothing to do.

const PAGES = {
  queue: () => import('./pages/queue.js'),
  agreement: () => import('./pages/agreement.js'),
  topics: () => import('./pages/topics.js'),
  data: () => import('./pages/data.js'),
  changes: () => import('./pages/changes.js'),
  talks: () => import('./pages/talks.js'),
  articles: () => import('./pages/articles.js'),
  runs: () => import('./pages/runs.js'),
  models: () => import('./pages/models.js'),
  history: () => import('./pages/history.js'),
};
const QUIET_MS = 2000; // after this the open page has what it needs

export const tagOf = (name) => `setu-page-${name}`;

export const isLoaded = (name) => customElements.get(tagOf(name)) !== undefined;

/** Rejects where the gateway cannot be reached. */
export const load = (name) => PAGES[name]();

/** The rest, so that going there does not wait. What fails is loaded when it is opened. */
export function loadOthers() {
  setTimeout(async () => {
    for (const name of Object.keys(PAGES)) if (!isLoaded(name)) await load(name).catch(() => null);
  }, QUIET_MS);
}
