/** A message on a phone: words, picture, place, cards, what can be tapped, its state. */
import {html, nothing} from "./vendor/lit.js";
import {icons} from "./icons.js";
import {closeOnEscape, closeOutside} from "./menu.js";

const REACTIONS = ["❤️", "👍", "😆"];
const TICKS = {sent: "✓", delivered: "✓✓", read: "✓✓"};

export function message(phone, entry, last) {
  const say = phone.words.say;
  const side = entry.mine ? "mine" : "theirs";
  if (entry.deleted) return html`<div class="row ${side}"><p class="bubble gone">${say("gone")}</p></div>`;
  const tappable = entry.mine ? [] : entry.taps;
  const below = tappable.filter(({how}) => how === "button" || how === "url");
  const choices = tappable.filter(({how}) => how === "choice");
  const rows = tappable.filter(({how}) => how === "row");
  const tap = (found) => phone.act("tap", {message: entry.id, tap: entry.taps.indexOf(found)});
  return html`<div class="row ${side}">
    ${quoted(phone, entry)}
    ${entry.by === "person" ? html`<p class="by">${say("person")}</p>` : nothing}
    ${entry.template ? html`<p class="by">${say("template", {name: entry.template})}</p>` : nothing}
    ${entry.text || entry.file || entry.location
      ? html`<div class="line">
          <div class="bubble">
            ${file(entry.file)} ${place(entry.location, say)}
            ${entry.text ? html`<p dir="auto">${entry.tapped ? html`<span class="unseen">${say("tapped")}: </span>` : nothing}${entry.text}</p>` : nothing}
            ${below.length ? html`<div class="buttons">${below.map((found) => button(found, tap))}</div>` : nothing}
            ${rows.length ? options(entry, rows, tap, say) : nothing}
          </div>
          ${entry.reaction ? html`<span class="reaction">${entry.reaction}</span>` : nothing}
          ${actions(phone, entry)}
        </div>`
      : nothing}
    ${cards(phone, entry)}
    ${choices.length && last ? html`<div class="choices">${choices.map((found) => button(found, tap))}</div>` : nothing}
    <p class="meta">
      ${entry.edited ? html`${say("edited")} · ` : nothing}<time>${phone.words.time(entry.at)}</time>
      ${entry.mine ? html` <span class="ticks ${entry.read ? "read" : ""}" role="img" aria-label=${say(entry.read ? "read" : "sent")}>${TICKS[entry.read ? "read" : "sent"]}</span>` : nothing}
    </p>
  </div>`;
}

function button(tap, run) {
  if (tap.how !== "url") return html`<button type="button" @click=${() => run(tap)}><bdi>${tap.title}</bdi></button>`;
  const safe = /^https?:/i.test(tap.payload) ? tap.payload : "#";
  return html`<a href=${safe} target="_blank" rel="noopener noreferrer"><bdi>${tap.title}</bdi> ${icons.out}</a>`;
}

function options(entry, rows, run, say) {
  return html`<details class="options">
    <summary>${icons.list} <bdi>${entry.menu.trim().length > 1 ? entry.menu : say("open_list")}</bdi></summary>
    ${rows.map(
      (tap) => html`<button type="button" @click=${(event) => (event.currentTarget.closest("details").removeAttribute("open"), run(tap))}>
        <b dir="auto">${tap.title}</b>${tap.description ? html`<span dir="auto">${tap.description}</span>` : nothing}
      </button>`,
    )}
  </details>`;
}

function cards(phone, entry) {
  if (entry.mine || !entry.cards.length) return nothing;
  const all = entry.taps.length;
  let next = all; // the taps of cards are numbered after the message's own
  return html`<div class="cards" tabindex="0" role="group" aria-label=${phone.words.say("messages", {platform: ""})}>
    ${entry.cards.map((card) => {
      const first = next;
      next += card.taps.length;
      const run = (tap) => phone.act("tap", {message: entry.id, tap: first + card.taps.indexOf(tap)});
      return html`<article class="card">
        ${card.image ? html`<img src=${card.image} alt="" loading="lazy">` : nothing}
        <h3 dir="auto">${card.title}</h3>
        ${card.subtitle ? html`<p dir="auto">${card.subtitle}</p>` : nothing}
        ${card.taps.map((tap) => button(tap, run))}
      </article>`;
    })}
  </div>`;
}

function quoted(phone, entry) {
  const to = entry.reply_to && !entry.tapped ? phone.phone.entries.find(({id}) => id === entry.reply_to) : null;
  return to?.text ? html`<blockquote dir="auto">${to.text.slice(0, 90)}</blockquote>` : nothing;
}

function file(found) {
  if (!found) return nothing;
  if (found.kind === "image") return html`<a href=${found.url} target="_blank" rel="noopener"><img class="picture" src=${found.url} alt=${found.name}></a>`;
  if (found.kind === "audio") return html`<audio controls preload="metadata" src=${found.url}></audio>`;
  if (found.kind === "video") return html`<video controls preload="metadata" src=${found.url}></video>`;
  return html`<a class="file" href=${found.url} download=${found.name}>${icons.file} <bdi>${found.name}</bdi></a>`;
}

function place(found, say) {
  if (!found) return nothing;
  const [latitude, longitude, name] = found;
  return html`<p class="place">${icons.place} <span>${name || say("located")}<small dir="ltr">${latitude.toFixed(4)}, ${longitude.toFixed(4)}</small></span></p>`;
}

function actions(phone, entry) {
  const say = phone.words.say;
  const can = (what) => phone.phone.can.includes(what);
  const items = [];
  if (entry.mine && !entry.tapped) {
    if (can("edit") && entry.text && !entry.file) items.push([say("edit"), () => phone.edit(entry)]);
    if (can("unsend")) items.push([say("unsend"), () => phone.act("unsend", {message: entry.id})]);
  }
  if (can("react"))
    for (const emoji of entry.reaction ? [""] : REACTIONS)
      items.push([emoji || say("unreact"), () => phone.act("react", {message: entry.id, emoji}), emoji && say("react", {emoji})]);
  if (!items.length) return nothing;
  return html`<details class="menu small" @keydown=${closeOnEscape} @focusout=${closeOutside}>
    <summary aria-label=${say("actions")} title=${say("actions")}>${icons.more}</summary>
    <div class="items">
      ${items.map(
        ([text, run, label]) => html`<button type="button" aria-label=${label || text} @click=${(event) => (event.target.closest("details").removeAttribute("open"), run())}>${text}</button>`,
      )}
    </div>
  </details>`;
}
