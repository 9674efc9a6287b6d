import {html, nothing, ref} from "../vendor/lit.js";
import {icons} from "./icons.js";
import {safeUrl} from "./links.js";
import {chip} from "./messages.js";

/** Cards side by side: swiped, scrolled by the arrows beside them, or by the arrow keys. */
export function carousel(cards, taps, chat) {
  const {words, connection} = chat;
  return html`<div class="carousel" ${ref((element) => element && watch(element))}>
    <ul class="cards" tabindex="0" aria-label=${words.say("cards", {count: cards.length})} @keydown=${keys} @scroll=${({target}) => place(target)}>
      ${cards.map((card, at) => show(card, at, cards.length, taps, chat, connection.base))}
    </ul>
    <button type="button" class="turn before" aria-label=${words.say("cards_before")} @click=${(event) => turn(event, -1)}>${icons.back}</button>
    <button type="button" class="turn after" aria-label=${words.say("cards_after")} @click=${(event) => turn(event, 1)}>${icons.next}</button>
  </div>`;
}

function show(card, at, count, taps, chat, base) {
  const {words} = chat;
  const image = card.image && safeUrl(card.image, base);
  return html`<li class="card">
    ${image ? html`<img src=${image} alt="" loading="lazy" width="200" height="150" />` : nothing}
    <div class="body">
      <span class="sr">${words.say("card_place", {place: at + 1, count})}</span>
      <h3 dir="auto">${card.title}</h3>
      ${card.price ? html`<p class="price"><bdi>${card.price}</bdi></p>` : nothing}
      ${card.subtitle ? html`<p class="subtitle" dir="auto">${card.subtitle}</p>` : nothing}
      ${card.reason ? html`<p class="reason" dir="auto">${icons.spark}<span><span class="sr">${words.say("why")}</span> ${card.reason}</span></p>` : nothing}
      ${card.buttons?.length ? html`<div class="chips">${card.buttons.map((button) => {
        const chosen = taps?.has(button.payload);
        return chip(button, {chosen, open: !chosen, tap: chat.tap, words});
      })}</div>` : nothing}
    </div>
  </li>`;
}

function turn(event, by) {
  step(event.currentTarget.parentElement.querySelector(".cards"), by);
}

function keys(event) {
  const by = {ArrowRight: 1, ArrowLeft: -1}[event.key];
  if (!by) return;
  event.preventDefault();
  const list = event.currentTarget;
  step(list, getComputedStyle(list).direction === "rtl" ? -by : by);
}

/** Moves by one card. Right-to-left lists scroll to negative positions. */
function step(list, by) {
  const width = list.firstElementChild.getBoundingClientRect().width;
  const forward = getComputedStyle(list).direction === "rtl" ? -1 : 1;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  list.scrollBy({left: forward * by * width, behavior: calm ? "auto" : "smooth"});
}

/** Tells the style sheet which of the two arrows leads somewhere. */
function place(list) {
  const past = Math.abs(list.scrollLeft);
  const rest = list.scrollWidth - list.clientWidth - past;
  list.parentElement.dataset.at = `${past < 8 ? "start" : ""} ${rest < 8 ? "end" : ""}`;
}

function watch(carousel) {
  requestAnimationFrame(() => place(carousel.querySelector(".cards")));
}
