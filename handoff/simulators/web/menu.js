/** A `<details>` that is a menu: it closes by Escape, and when the focus leaves it. */
export function closeOnEscape(event) {
  if (event.key !== "Escape") return;
  event.currentTarget.removeAttribute("open");
  event.currentTarget.querySelector("summary").focus();
}

export function closeOutside(event) {
  if (!event.currentTarget.contains(event.relatedTarget)) event.currentTarget.removeAttribute("open");
}
