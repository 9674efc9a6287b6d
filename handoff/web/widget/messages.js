/** What was said, as it is shown: days, system lines, bubbles, buttons, pictures, marks. All texts are escaped. */
import {html, nothing, repeat, classMap} from "../vendor/lit.js";
import {carousel} from "./cards.js";
import {attached} from "./files.js";
import {icons} from "./icons.js";
import {linked, safeUrl} from "./links.js";

export function transcript(chat) {
  const {thread, typist} = chat.connection;
  const chosen = thread.chosen();
  const rows = thread.rows();
  return html`
    ${welcome(chat)}
    ${repeat(rows, (row) => row.key, (row) => show(row, chat, chosen))}
    ${typist ? typing(chat, typist) : nothing}
    ${rows.length ? nothing : starters(chat)}`;
}

/** What a talk can begin with; the way to a person has its own place. */
function starters({connection, tap, words}) {
  const buttons = connection.offered;
  return buttons.length ? html`<div class="chips starters" role="group" aria-label=${words.say("choices")}>
    ${buttons.map((button) => chip(button, {open: true, tap, words}))}</div>` : nothing;
}

function welcome({words, connection}) {
  const {name, welcome: greeting} = connection.started.options ?? {};
  return html`<div class="welcome">
    <span class="mark" aria-hidden="true">${icons.bridge}</span>
    <p class="hello" dir="auto">${greeting || words.say("welcome", {name})}</p>
    <p class="small">${words.say("automated")}</p>
  </div>`;
}

function show(row, chat, chosen) {
  const {words} = chat;
  const {message} = row;
  if (row.kind === "day") return html`<div class="day"><span>${words.day(message.created_at)}</span></div>`;
  if (row.kind === "system") {
    return html`<div class="system" data-key=${message.rich?.key ?? nothing}><span dir="auto">${linked(message.text)}</span></div>`;
  }
  const sender = message.sender ?? "customer";
  return html`<div class=${classMap({row: true, [sender]: true, first: row.first, last: row.last})}>
    ${sender === "customer" ? own(row, chat) : theirs(row, chat, chosen.get(message.id))}
  </div>`;
}

function own({message, first, last, latest}, chat) {
  const {words} = chat;
  const text = message.title || message.text; // of a tapped button: its title, until the gateway says the same
  return html`
    ${first ? html`<span class="sr">${words.say("you")}</span>` : nothing}
    ${said(message, text, words)}
    ${attached(message, chat)}
    ${message.failed ? failed(message, chat) : last || latest || message.edited_at ? html`<div class="meta">
      ${stamp(message, words)}${latest ? mark(message, chat) : nothing}
    </div>` : nothing}`;
}

/** The words in their bubble; what is left when they were taken back; nothing where there were none. */
function said(message, text, words) {
  if (message.deleted_at) return html`<div class="bubble gone">${words.say("deleted")}</div>`;
  return text ? html`<div class="bubble" dir="auto" data-pending=${!message.id}>${linked(text)}</div>` : nothing;
}

function stamp({created_at: at, edited_at: edited, deleted_at: deleted}, words) {
  return html`<time datetime=${at}>${words.time(at)}</time>${edited && !deleted ? html`<span class="edited">${words.say("edited")}</span>` : nothing}`;
}

/** How far the newest own message got. */
function mark(message, {words, connection}) {
  const {read_by_agent: read = 0} = connection.conversation;
  const state = !message.id ? (connection.online ? "sending" : "waits") : message.number <= read ? "read" : "delivered";
  const sign = {sending: icons.clock, waits: icons.clock, delivered: icons.check, read: icons.checks}[state];
  return html`<span class="tick" data-state=${state}>${sign}${words.say(`mark_${state}`)}</span>`;
}

function failed(message, {words, connection}) {
  return html`<div class="meta failed">
    ${icons.alert}<span>${message.reason || words.say("mark_failed")}</span>
    <button type="button" class="text" @click=${() => connection.outbox.retry(message.client_id)}>${words.say("retry")}</button>
    <button type="button" class="text" @click=${() => connection.outbox.discard(message.client_id)}>${words.say("discard")}</button>
  </div>`;
}

function theirs({message, first, last}, chat, taps) {
  const {words} = chat;
  const {buttons, cards, image} = message.rich ?? {};
  const name = message.author?.name || words.say(`sender_${message.sender}`);
  return html`
    ${first ? html`<div class="author">${name}<span class="kind">${words.say(`kind_${message.sender}`)}</span></div>` : nothing}
    ${last ? html`<span class="avatar ${message.sender === "agent" ? "person" : ""}" aria-hidden="true">
      ${message.sender === "agent" ? [...name][0] : icons.bridge}</span>` : nothing}
    ${said(message, message.text, words)}
    ${attached(message, chat)}
    ${image ? picture(image, chat) : nothing}
    ${cards?.length ? carousel(cards, taps, chat) : nothing}
    ${buttons?.length ? chips(buttons, taps, message, chat) : nothing}
    ${last || message.edited_at ? html`<div class="meta">${stamp(message, words)}</div>` : nothing}`;
}

function picture(image, {words, server, connection}) {
  const url = safeUrl(image.url ?? image, connection.base ?? server);
  return url ? html`<img class="picture" src=${url} alt=${image.alt ?? words.say("picture")} loading="lazy" />` : nothing;
}

/** Buttons of a message: open while it is the bot's newest word, then the chosen one stays visible. */
function chips(buttons, taps, message, chat) {
  const {thread, conversation} = chat.connection;
  const later = (other) => other.sender === "customer" && other.number > message.number;
  const open = !taps && conversation.owner !== "agent" && !thread.pending.length && !thread.messages.some(later);
  return html`<div class="chips" role="group" aria-label=${chat.words.say("choices")}>
    ${buttons.map((button) => chip(button, {chosen: taps?.has(button.payload), open, tap: chat.tap, words: chat.words}))}
  </div>`;
}

export function chip(button, {chosen = false, open, tap, words}) {
  return html`<button type="button" class="chip" dir="auto" data-chosen=${chosen} ?disabled=${!open} @click=${() => tap(button)}>
    ${chosen ? html`${icons.check}<span class="sr">${words.say("chosen")}</span>` : nothing}${button.title}
  </button>`;
}

function typing({words}, {who, name}) {
  const text = words.say(who === "agent" ? "typing_agent" : "typing_bot", {name});
  return html`<div class="row typing ${who} first last">
    <span class="avatar ${who === "agent" ? "person" : ""}" aria-hidden="true">${who === "agent" && name ? [...name][0] : icons.bridge}</span>
    <div class="bubble"><i></i><i></i><i></i><span class="sr">${text}</span></div>
  </div>`;
}
