/** The search of the help articles: laid over the talk, which stays where it is. */
import {html, nothing, live, ref, createRef} from "../vendor/lit.js";
import {icons} from "./icons.js";
import {safeUrl} from "./links.js";

const WAIT = 10_000; // ms

export class Search {
  constructor(chat) {
    Object.assign(this, {chat, open: false, text: "", answers: null, failed: ""});
    this.field = createRef();
  }

  toggle = () => {
    this.open = !this.open;
    this.chat.requestUpdate();
    this.chat.updateComplete.then(() => (this.open ? this.field : this.chat.field).value?.focus());
  };

  ask = async (event) => {
    event.preventDefault();
    const {connection, words} = this.chat;
    const text = this.text.trim();
    if (!text) return;
    const asked = (this.asked = {});
    const url = new URL(`api/widget/${encodeURIComponent(connection.inbox)}/search`, connection.base);
    url.search = new URLSearchParams({q: text.slice(0, 200), language: words.texts.language ?? "en"});
    let answer = {};
    try {
      answer = await (await fetch(url, {credentials: "omit", signal: AbortSignal.timeout(WAIT)})).json();
    } catch {
      answer.error = {message: words.say("line_lost")};
    }
    if (this.asked !== asked) return; // asked again meanwhile
    this.answers = answer.answers ?? [];
    this.failed = answer.error?.message ?? "";
    this.chat.requestUpdate();
  };

  render() {
    const {words, connection} = this.chat;
    if (!this.open) return nothing;
    const {answers, failed} = this;
    return html`<div class="search">
      <form role="search" class="field" @submit=${this.ask}>
        <input ${ref(this.field)} type="search" maxlength="200" enterkeyhint="search" dir=${this.text ? "auto" : nothing}
          aria-label=${words.say("search")} placeholder=${words.say("search")}
          .value=${live(this.text)} @input=${(event) => (this.text = event.target.value)} />
        <button class="send" type="submit" aria-label=${words.say("search")} title=${words.say("search")}>${icons.search}</button>
      </form>
      <p class="small" role="status">${failed || (answers && words.say(answers.length ? "search_found" : "search_none", {count: answers.length}))}</p>
      ${answers?.length ? html`<ul>${answers.map((one) => answer(one, words, connection))}</ul>` : nothing}
    </div>`;
  }
}

function answer({title, text, url, language, direction, other}, words, {base}) {
  return html`<li lang=${language} dir=${direction}>
    <a href=${safeUrl(url, base) ?? nothing} target="_blank" rel="noopener">${title}<span class="sr" lang=${words.texts.language ?? nothing}> (${words.say("new_tab")})</span></a>
    ${other ? html`<span class="small" lang=${words.texts.language ?? nothing}>${words.say("search_in", {language: other})}</span>` : nothing}
    <p>${text}</p>
  </li>`;
}
