/** The frame around the talk: launcher, panel, header, what is said about the line and the queue. */
import {html, nothing, ref} from "../vendor/lit.js";
import {composer} from "./composer.js";
import {icons} from "./icons.js";
import {transcript} from "./messages.js";

export function launcher(chat) {
  const {words, open, connection} = chat;
  const count = open ? 0 : connection.thread.unread(connection.seen);
  const unread = count ? words.say("unread", {count}) : "";
  const label = words.say(open ? "close" : "open") + (unread && `, ${unread}`);
  return html`
    <button ${ref(chat.button)} class="launcher" part="launcher" type="button" aria-label=${label}
      aria-haspopup="dialog" aria-expanded=${open} @click=${chat.toggle}>
      ${open ? icons.down : icons.chat}
      ${count ? html`<span class="badge" aria-hidden="true">${words.say("number", {count})}</span>` : nothing}
    </button>
    <span class="sr" role="status">${unread}</span>`;
}

export function panel(chat) {
  const {words, line, below, connection} = chat;
  const notice = connection.refused?.message || (line && words.say(`line_${line}`));
  return html`
    <section class="panel" part="panel" role="dialog" aria-labelledby="name" aria-modal=${chat.modal}
      @keydown=${chat.keys} @dragover=${chat.uploads.dragged} @dragleave=${chat.uploads.dragged} @drop=${chat.uploads.dropped}>
      ${header(chat)}
      <div class="banner" role="status" data-line=${line} ?hidden=${!notice}>${notice}</div>
      <div class="stage">
        <div ${ref(chat.log)} class="log" role="log" aria-live="polite" aria-relevant="additions" tabindex="0"
          aria-label=${words.say("log")} @scroll=${chat.scrolled} ?inert=${chat.search.open}><div class="talk">${transcript(chat)}</div></div>
        ${chat.search.render()}
        ${chat.uploads.dragging ? html`<div class="dropzone">${icons.clip}${words.say("file_drop")}</div>` : nothing}
        ${below ? html`<button class="pill" type="button" @click=${chat.toEnd}>
          ${icons.down}${words.say("below", {count: below})}</button>` : nothing}
      </div>
      ${standing(chat)}
      ${composer(chat)}
    </section>`;
}

function header({words, connection, search, sound, toggleSound, hide}) {
  const {owner, agent} = connection.conversation;
  const person = owner === "agent" && agent?.name;
  return html`
    <div class="head">
      <span class="avatar ${person ? "person" : ""}" aria-hidden="true">${person ? [...person][0] : icons.bridge}</span>
      <div class="who">
        <h2 id="name">${connection.started.options?.name || words.say("title")}</h2>
        <p><span class="dot" data-owner=${owner}></span>${words.say(`owner_${owner}`, {name: agent?.name})}</p>
      </div>
      ${connection.started.help ? html`<button class="icon" type="button" aria-expanded=${search.open}
        aria-label=${words.say(search.open ? "search_close" : "search")} title=${words.say(search.open ? "search_close" : "search")}
        @click=${search.toggle}>${search.open ? icons.chat : icons.search}</button>` : nothing}
      <button class="icon" type="button" aria-pressed=${sound} aria-label=${words.say("sound")} title=${words.say("sound")}
        @click=${toggleSound}>${sound ? icons.bell : icons.mute}</button>
      <button class="icon close" type="button" aria-label=${words.say("close")} title=${words.say("close")}
        @click=${hide}>${icons.close}</button>
    </div>`;
}

/** Where one stands while waiting for a person. */
function standing({words, connection}) {
  const {owner, queue_position: place} = connection.conversation;
  const waiting = owner === "queue";
  return html`<div class="standing" role="status" ?hidden=${!waiting}>
    ${waiting ? html`${icons.clock}<span><b>${words.say(place ? "place" : "waiting", {place})}</b> ${words.say("keep_writing")}</span>` : nothing}
  </div>`;
}

/** The gateway will not have us (a forged or expired identity, an unknown inbox): its sentence, and nothing else. */
export function refusal({open, button, toggle, keys}, {message}) {
  return html`
    ${open ? html`<section class="panel small" role="alertdialog" aria-labelledby="refusal" @keydown=${keys}>
      <p id="refusal">${icons.alert}${message}</p>
    </section>` : nothing}
    <button ${ref(button)} class="launcher" type="button" aria-label=${message} aria-expanded=${open}
      @click=${toggle}>${icons.alert}</button>`;
}
