import {html} from "../vendor/lit.js";

const LINK = /\bhttps?:\/\/[^\s<>"']+|\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+/gi;
const TAIL = /[.,;:!?)\]}»”’।]+$/;

/** The address if it may be opened or shown, else null. Only http and https; relative ones belong to `base`. */
export function safeUrl(address, base) {
  try {
    const url = new URL(address, base);
    return url.protocol === "https:" || url.protocol === "http:" ? url.href : null;
  } catch {
    return null;
  }
}

/** A text with its addresses as links. All of it stays text: nothing in it can become markup. */
export function linked(text) {
  const parts = [];
  let end = 0;
  for (const found of text.matchAll(LINK)) {
    const label = found[0].replace(TAIL, "");
    const href = label.includes("://") ? safeUrl(label) : `mailto:${label}`;
    if (!href) continue;
    parts.push(
      text.slice(end, found.index),
      html`<a href=${href} target="_blank" rel="noopener noreferrer nofollow ugc" dir="ltr">${label}</a>`,
    );
    end = found.index + label.length;
  }
  return [...parts, text.slice(end)];
}
