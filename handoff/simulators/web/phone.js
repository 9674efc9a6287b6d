/** One phone: what its owner sees, and what they can do. */
import {LitElement, html, nothing, repeat} from "./vendor/lit.js";
import {encoded} from "./api.js";
import {icons} from "./icons.js";
import {closeOnEscape, closeOutside} from "./menu.js";
import {message} from "./message.js";

const LARGEST = 20 * 1024 * 1024; // bytes
const NAMES = {messenger: "Messenger", instagram: "Instagram", whatsapp: "WhatsApp", telegram: "Telegram"};
const READING = 700; // ms until what is on the screen counts as read

class Phone extends LitElement {
  static properties = {phone: {}, words: {}, editing: {state: true}, asPerson: {state: true}, problem: {state: true}};

  constructor() {
    super();
    Object.assign(this, {editing: null, asPerson: false, problem: ""});
  }

  createRenderRoot() {
    return this;
  }

  /** Asks the page to do something on this phone. */
  act(what, given = {}, done) {
    const {account, contact} = this.phone;
    this.dispatchEvent(new CustomEvent("act", {bubbles: true, detail: {what, given: {account, contact, ...given}, done}}));
  }

  willUpdate() {
    const log = this.querySelector(".log");
    this.atEnd = !log || log.scrollHeight - log.scrollTop - log.clientHeight < 80;
  }

  updated() {
    const last = this.phone.entries.at(-1)?.id;
    const log = this.querySelector(".log");
    if (last !== this.last && this.phone.entries.at(-1)?.mine) this.atEnd = true;
    if (this.atEnd) log.scrollTop = log.scrollHeight;
    this.last = last;
    const unread = this.phone.entries.some((entry) => !entry.mine && ["sent", "delivered"].includes(entry.state));
    if (unread && this.phone.online) this.reading ??= setTimeout(this.#read, READING);
  }

  /** A picture has come and made its message taller. */
  #grown = ({currentTarget: log}) => {
    if (this.atEnd) log.scrollTop = log.scrollHeight;
  };

  #read = () => {
    this.reading = undefined;
    if (document.visibilityState === "visible" && this.checkVisibility()) this.act("read");
  };

  send = (event) => {
    event.preventDefault();
    const field = event.target.elements.text;
    const text = field.value.trim();
    if (!text) return;
    const done = () => ((field.value = ""), (this.editing = null));
    if (this.editing) this.act("edit", {message: this.editing.id, text}, done);
    else this.act("say", {text}, done);
  };

  answer = (event) => {
    event.preventDefault();
    const field = event.target.elements.text;
    if (field.value.trim()) this.act("elsewhere", {text: field.value.trim()}, () => (this.asPerson = false));
  };

  file = async ({target}) => {
    const [file] = target.files;
    target.value = "";
    if (!file) return;
    this.problem = file.size > LARGEST ? this.words.say("too_large") : "";
    if (!this.problem) this.act("file", {name: file.name, type: file.type || "application/octet-stream", data: await encoded(file)});
  };

  edit(entry) {
    this.editing = entry;
    this.updateComplete.then(() => {
      const field = this.querySelector(".composer input[name=text]");
      field.value = entry.text;
      field.focus();
    });
  }

  render() {
    const {phone, words} = this;
    const say = words.say;
    const platform = NAMES[phone.platform];
    return html`
      <section class="device" aria-label=${say("whose", {platform, name: phone.name})}>
        <header class="head">
          <span class="face" aria-hidden="true">${phone.business[0]}</span>
          <div class="who">
            <h2>${phone.business}</h2>
            <p><bdi>${platform}</bdi> · <bdi>${phone.name}</bdi></p>
          </div>
          ${this.#menu(say, platform)}
        </header>
        ${this.#banner(say)}
        <div class="log" role="log" tabindex="0" aria-label=${say("messages", {platform})} @load=${{handleEvent: this.#grown, capture: true}}>
          ${phone.entries.length ? nothing : html`<p class="hint">${say("empty")}</p>`}
          ${repeat(phone.entries, (entry) => entry.id, (entry, index) => message(this, entry, index === phone.entries.length - 1))}
          ${phone.typing ? html`<p class="typing"><i></i><i></i><i></i><span class="unseen">${say("typing")}</span></p>` : nothing}
        </div>
        ${this.asPerson ? this.#elsewhere(say, platform) : nothing}
        <form class="composer" @submit=${this.send}>
          <label class="tool" title=${say("attach")}>
            ${icons.attach}<span class="unseen">${say("attach")}</span>
            <input type="file" @change=${this.file}>
          </label>
          <input name="text" autocomplete="off" dir="auto" aria-label=${say("write")} placeholder=${say("write")} maxlength="20000">
          ${this.editing ? html`<button type="button" class="tool wide" @click=${() => this.#stopEditing()}>${say("cancel")}</button>` : nothing}
          <button class="tool send" title=${say(this.editing ? "save" : "send")} aria-label=${say(this.editing ? "save" : "send")}>${icons.send}</button>
        </form>
      </section>`;
  }

  #stopEditing() {
    this.editing = null;
    this.querySelector(".composer input[name=text]").value = "";
  }

  #banner(say) {
    const {phone} = this;
    const told = [
      !phone.pointed && say("unpointed"),
      phone.trouble && say("trouble", {what: phone.trouble}),
      !phone.online && say("is_off"),
      phone.blocked && say("is_blocked"),
      phone.elsewhere && say("is_elsewhere"),
      this.problem,
    ].filter(Boolean);
    return html`<div role="status" class="banner" ?hidden=${!told.length}>${told.map((line) => html`<p>${line}</p>`)}</div>`;
  }

  #elsewhere(say, platform) {
    return html`<form class="person" @submit=${this.answer}>
      <label>${say("answer_title", {platform})}<input name="text" dir="auto" autocomplete="off" maxlength="1000"></label>
      <div>
        <button type="button" class="plain" @click=${() => (this.asPerson = false)}>${say("cancel")}</button>
        <button class="strong">${say("answer")}</button>
      </div>
    </form>`;
  }

  #menu(say, platform) {
    const {phone} = this;
    const can = (what) => phone.can.includes(what);
    const item = (text, run) => html`<button type="button" @click=${(event) => (event.target.closest("details").removeAttribute("open"), run())}>${text}</button>`;
    return html`<details class="menu" @keydown=${closeOnEscape} @focusout=${closeOutside}>
      <summary aria-label=${say("more")} title=${say("more")}>${icons.more}</summary>
      <div class="items">
        ${item(say("place"), () => this.act("place", {latitude: 28.6139, longitude: 77.209}))}
        ${can("elsewhere") ? item(say("answer_elsewhere"), () => this.#asPerson()) : nothing}
        ${can("control") ? item(say(phone.elsewhere ? "pass_control" : "take_control"), () => this.act("control", {inbox: !phone.elsewhere})) : nothing}
        ${item(say(phone.online ? "phone_off" : "phone_on"), () => this.act("online", {on: !phone.online}))}
        ${item(say(phone.blocked ? "unblock" : "block"), () => this.act("block", {on: !phone.blocked}))}
      </div>
    </details>`;
  }

  #asPerson() {
    this.asPerson = true;
    this.updateComplete.then(() => this.querySelector(".person input").focus());
  }
}

customElements.define("setu-phone", Phone);
