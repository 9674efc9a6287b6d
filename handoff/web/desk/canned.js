// Canned replies: found by what follows a "/", their variables filled from the talk. Pure.

const TRIGGER = /(?:^|\s)\/([\p{L}\p{N}_-]*)$/u;

/** What is typed after the "/" before the cursor, with where it starts; null when there is none. */
export function asked(text, cursor) {
  const match = TRIGGER.exec(text.slice(0, cursor));
  return match && { word: match[1].toLowerCase(), start: cursor - match[1].length - 1 };
}

/** The replies that fit a word: by shortcut first, then by what they say. */
export function matching(replies, word, limit = 7) {
  const begins = replies.filter((reply) => reply.shortcut.toLowerCase().startsWith(word));
  const holds = replies.filter(
    (reply) => !begins.includes(reply) && `${reply.shortcut} ${reply.text}`.toLowerCase().includes(word),
  );
  return [...begins, ...holds].slice(0, limit);
}

/** `{customer}` and the like filled in; what is not known stays visible as it is, to be completed by hand. */
export const filled = (text, values) =>
  text.replace(/\{(\w+)\}/g, (whole, name) => (values[name] ? String(values[name]) : whole));

/** The variables of a talk, as data/desk/canned.*.yml uses them. */
export function variables({ conversation, card, me }) {
  const name = card?.customer?.name ?? conversation?.contact?.name ?? '';
  const order = card?.orders?.[0];
  return {
    customer: name,
    first_name: name.split(/\s+/)[0],
    agent: me?.name,
    order: card?.slots?.order_number ?? order?.number,
    order_status: order?.status_text,
    email: card?.customer?.email,
  };
}
