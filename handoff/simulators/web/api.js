/** What the simulators are told and tell. */

/** Does one thing; resolves to its id, or throws an Error in their words. */
export async function act(what, given = {}) {
  const answer = await fetch("/_sim/do", {
    method: "POST",
    headers: {"Content-Type": "application/json"},
    body: JSON.stringify({what, ...given}),
  });
  const told = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(told.error || answer.statusText);
  return told.id;
}

/** Calls `seen(view)` at once and at each change; `lost(true)` while nothing comes. */
export function watch(seen, lost) {
  const stream = new EventSource("/_sim/events");
  stream.addEventListener("open", () => lost(false));
  stream.addEventListener("message", ({data}) => seen(JSON.parse(data)));
  stream.addEventListener("error", () => lost(true));
  return () => stream.close();
}

export async function texts(language) {
  const answer = await fetch(`/_sim/texts?language=${encodeURIComponent(language)}`);
  return answer.json();
}

/** A file's bytes as Base64. */
export async function encoded(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const parts = [];
  for (let start = 0; start < bytes.length; start += 0x8000) parts.push(String.fromCharCode(...bytes.subarray(start, start + 0x8000)));
  return btoa(parts.join(""));
}
