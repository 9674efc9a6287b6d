import {html, nothing, live, ref} from "../vendor/lit.js";
import {tray} from "./files.js";
import {icons} from "./icons.js";

const NEAR = 0.8; // of the limit: from here on the counter shows

/** The field to write in, files to go with it, its counter, the button that sends, and the way to a person. */
export function composer(chat) {
  const {words, draft, limit} = chat;
  const left = limit - draft.length;
  const near = draft.length >= limit * NEAR;
  const canAsk = ["bot", "nobody"].includes(chat.connection.conversation.owner);
  const keys = (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    chat.send();
  };
  return html`
    <form class="composer" @submit=${(event) => (event.preventDefault(), chat.send())}>
      ${tray(chat)}
      <div class="field">
        <textarea ${ref(chat.field)} rows="1" dir=${draft ? "auto" : nothing} enterkeyhint="send" aria-label=${words.say("write")}
          placeholder=${words.say("write")} aria-invalid=${left < 0} aria-describedby="counter"
          .value=${live(draft)} @input=${chat.write} @keydown=${keys} @paste=${chat.uploads.pasted}></textarea>
        ${chat.uploads.limit ? html`<button class="icon attach" type="button" aria-label=${words.say("attach")} title=${words.say("attach")}
          @click=${chat.uploads.choose}>${icons.clip}</button>` : nothing}
        <button class="send" type="submit" aria-label=${words.say("send")} title=${words.say("send")}
          ?disabled=${!chat.sendable}>${icons.send}</button>
      </div>
      <div class="below">
        ${canAsk ? html`<button class="ask" type="button" @click=${chat.askPerson}>${icons.person}${words.say("ask_person")}</button>` : nothing}
        <span id="counter" class="counter" role="status" data-over=${left < 0}>
          ${near ? words.say(left < 0 ? "over" : "left", {count: Math.abs(left)}) : ""}
        </span>
      </div>
    </form>`;
}
