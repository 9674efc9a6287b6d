/** The start call: who we are, and all the widget shows first. */
const WAIT = 15_000; // ms

/** Runs `work` in one tab at a time, so that two tabs opened at once do not become two contacts. */
export const alone = (name, work) => (navigator.locks ? navigator.locks.request(name, work) : work());

/**
 * Answers {started} with the gateway's answer, or {refused: {code, message}} when it will not have us;
 * throws when it could not be reached or asked to be left alone for a while.
 */
export async function start({base, inbox, locale, identity, token}) {
  const response = await fetch(new URL(`api/widget/${encodeURIComponent(inbox)}/start`, base), {
    method: "POST",
    credentials: "omit",
    headers: {"content-type": "application/json"},
    body: JSON.stringify({
      token: token ?? undefined,
      identity: identity ?? undefined,
      locale: locale || undefined,
      page: location.origin + location.pathname,
    }),
    signal: AbortSignal.timeout(WAIT),
  });
  if (response.status >= 500 || response.status === 429) throw new Error(`start: ${response.status}`);
  const answer = await response.json();
  return response.ok ? {started: answer} : {refused: answer.error};
}
