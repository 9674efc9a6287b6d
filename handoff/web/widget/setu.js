/**
 * The one tag a page needs:
 *   <script type="module" src="https://support.example/widget/setu.js" data-inbox="ID"></script>
 * Optional: data-locale, data-theme (light | dark | auto), data-open, data-identity (signed identity as JSON).
 * A page that wants the element in its own hands imports this module and makes <setu-chat inbox="ID"> itself.
 */
import {SetuChat} from "./chat.js";

if (!customElements.get("setu-chat")) customElements.define("setu-chat", SetuChat);

for (const script of document.querySelectorAll("script[data-inbox]")) {
  if (script.src.split("#")[0] !== import.meta.url.split("#")[0] || script.dataset.placed) continue;
  script.dataset.placed = "";
  const chat = document.createElement("setu-chat");
  for (const name of ["inbox", "locale", "theme", "open"]) {
    if (name in script.dataset) chat.setAttribute(name, script.dataset[name]);
  }
  if (script.dataset.identity) chat.identity = JSON.parse(script.dataset.identity);
  document.body.append(chat);
}
