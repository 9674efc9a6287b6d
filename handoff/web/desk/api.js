// The desk's HTTP calls. Every failure is an ApiError with a code; no connection has the code "offline".

const TIMEOUT_MS = 15_000;
const GATEWAY_AWAY = [502, 503, 504]; // a proxy answers for a gateway that restarts

export class ApiError extends Error {
  constructor(status, code, message) {
    super(message || code);
    this.status = status;
    this.code = code;
    this.told = Boolean(message); // the server said a sentence for people
  }
}

/** Sends a body as it is, and reads the JSON that comes back. @param {{method, headers?, body?}} what */
export async function send(path, what, timeout = TIMEOUT_MS) {
  let response;
  try {
    response = await fetch(path, { credentials: 'same-origin', signal: AbortSignal.timeout(timeout), ...what });
  } catch {
    throw new ApiError(0, 'offline');
  }
  const data = await response.json().catch(() => undefined);
  if (response.ok && data !== undefined) return data;
  if (response.ok || GATEWAY_AWAY.includes(response.status)) throw new ApiError(response.status, 'offline');
  throw new ApiError(response.status, data?.error?.code ?? `http_${response.status}`, data?.error?.message);
}

export function call(method, path, body, timeout) {
  if (method === 'GET') return send(path, { method }, timeout);
  const headers = { 'Content-Type': 'application/json', 'X-Setu': '1' };
  return send(path, { method, headers, body: JSON.stringify(body ?? {}) }, timeout);
}

/** What of it says something. */
export const given = (values) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined && value !== null && value !== ''));

export const query = (values) => {
  const search = new URLSearchParams(given(values)).toString();
  return search && `?${search}`;
};

const talk = (id, rest = '') => `/api/desk/conversations/${encodeURIComponent(id)}${rest}`;
const narrowed = (filter) => (filter?.startsWith('*') ? { channel: filter.slice(1) } : { inbox: filter });
const get = (path) => call('GET', path);
const post = (path, body) => call('POST', path, body);

export const api = {
  texts: (language) => get(`/api/desk/texts${query({ language })}`),
  me: () => get('/api/desk/me'),
  signIn: (email, password) => post('/api/desk/sign-in', { email, password }),
  signOut: () => post('/api/desk/sign-out'),
  availability: (value) => call('PUT', '/api/desk/me/availability', { value }),
  agents: () => get('/api/desk/agents').then(({ agents }) => agents),
  list: (view, before, filter) => get(`/api/desk/conversations${query({ view, before, ...narrowed(filter) })}`),
  inboxes: () => get('/api/desk/filters').then(({ inboxes }) => inboxes),
  open: (id) => get(talk(id)),
  messages: (id, range) => get(talk(id, `/messages${query(range)}`)).then(({ messages }) => messages),
  claim: (id) => post(talk(id, '/claim')),
  reply: (id, body) => post(talk(id, '/reply'), body),
  note: (id, body) => post(talk(id, '/note'), body),
  handBack: (id, next, note) => post(talk(id, '/hand-back'), { next, note }),
  resolve: (id) => post(talk(id, '/resolve')),
  snooze: (id, until) => post(talk(id, '/snooze'), { until }),
  transfer: (id, agentId, note) => post(talk(id, '/transfer'), { agent_id: agentId, note }),
  read: (id, number) => post(talk(id, '/read'), { number }),
  reach: (id) => get(talk(id, '/reach')),
  resend: (id, number) => post(talk(id, `/messages/${number}/resend`)),
  edit: (id, number, text) => post(talk(id, `/messages/${number}/edit`), { text }),
  remove: (id, number) => post(talk(id, `/messages/${number}/delete`)),
  links: (id) => get(talk(id, '/links')),
  sendCode: (id, contactId) => post(talk(id, '/links/code'), { contact_id: contactId }),
  merge: (id, other) => post(talk(id, '/links/merge'), { conversation_id: other }),
  undoLink: (id, link) => post(talk(id, `/links/${encodeURIComponent(link)}/undo`)),
  canned: (language) => get(`/api/desk/canned${query({ language })}`).then(({ canned }) => canned),
  search: (q) => get(`/api/desk/search${query({ q })}`).then(({ hits }) => hits),
  suggestions: (id) => get(talk(id, '/suggestions')),
  steps: () => get('/api/desk/next-steps').then(({ steps }) => steps),
};
