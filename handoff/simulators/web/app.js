/** The page: phones side by side, and the world they are in. */
import {LitElement, html, nothing, repeat} from "./vendor/lit.js";
import {act, texts, watch} from "./api.js";
import {Words} from "./words.js";
import {icons} from "./icons.js";
import "./phone.js";
import "./world.js";

const KEPT = "setu-simulators-language";
export const PLATFORMS = {messenger: "Messenger", instagram: "Instagram", whatsapp: "WhatsApp", telegram: "Telegram"};

class Simulators extends LitElement {
  static properties = {view: {state: true}, words: {state: true}, lost: {state: true}, front: {state: true}, problem: {state: true}};

  constructor() {
    super();
    Object.assign(this, {view: null, words: null, lost: false, front: 0, problem: ""});
  }

  createRenderRoot() {
    return this; // the page's own style sheets apply
  }

  connectedCallback() {
    super.connectedCallback();
    this.#speak(localStorage.getItem(KEPT) || navigator.language);
    this.stop = watch((view) => (this.view = view), (lost) => (this.lost = lost));
    this.addEventListener("act", ({detail}) => this.#act(detail));
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.stop();
  }

  async #speak(language) {
    this.words = new Words(await texts(language));
    Object.assign(document.documentElement, {lang: this.words.language, dir: this.words.direction});
    document.title = this.words.say("title");
  }

  async #act({what, given, done}) {
    try {
      await act(what, given);
      this.problem = "";
      done?.();
    } catch (error) {
      this.problem = error.message;
    }
  }

  choose = ({target}) => {
    localStorage.setItem(KEPT, target.value);
    this.#speak(target.value);
  };

  render() {
    const {view, words} = this;
    if (!words || !view) return nothing;
    const say = words.say;
    return html`
      <header class="bar">
        <div class="what"><h1>${say("title")}</h1><p>${say("lead")}</p></div>
        ${view.gateway
          ? html`<nav>
              <a href="${this.#there("/desk")}" target="_blank" rel="noopener">${say("desk")} ${icons.out}</a>
              <a href="${this.#there("/")}" target="_blank" rel="noopener">${say("shop")} ${icons.out}</a>
            </nav>`
          : nothing}
        <label><span class="word">${say("in_language")}</span>
          <select @change=${this.choose} aria-label=${say("in_language")}>
            ${words.languages.map((code) => html`<option value=${code} lang=${code} ?selected=${code === words.language}>${words.named(code)}</option>`)}
          </select>
        </label>
      </header>
      <div role="status" class="notice" ?hidden=${!this.lost && !this.problem}>${this.lost ? say("lost") : this.problem ? say("failed", {what: this.problem}) : ""}</div>
      <main>
        <div class="tabs" role="group" aria-label=${say("phones")}>
          ${view.phones.map(
            (phone, index) => html`<button aria-pressed=${index === this.front} @click=${() => (this.front = index)} class="tab ${phone.platform}">
              ${PLATFORMS[phone.platform]}
            </button>`,
          )}
        </div>
        <div class="phones">
          ${repeat(
            view.phones,
            (phone) => `${phone.account} ${phone.contact}`,
            (phone, index) => html`<setu-phone class="phone ${phone.platform} ${index === this.front ? "front" : ""}" .phone=${phone} .words=${words}></setu-phone>`,
          )}
        </div>
        <setu-world .view=${view} .words=${words}></setu-world>
      </main>`;
  }

  /** The gateway's page, under the name of this machine that the browser knows. */
  #there(path) {
    const url = new URL(path, this.view.gateway);
    if (["127.0.0.1", "localhost"].includes(url.hostname)) url.hostname = location.hostname;
    return url.href;
  }
}

customElements.define("setu-simulators", Simulators);
