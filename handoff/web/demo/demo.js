/** The demo shop's front page: who one is, which language, what one could ask, and the widget at work. */
import {LitElement, html, nothing, live} from "../vendor/lit.js";
import "../widget/setu.js";
import {Words} from "../widget/words.js";
import {kept, keep, shop} from "./shop.js";

const AGAIN = 5_000; // ms until a shop that could not be reached is asked again
const RIGHT_TO_LEFT = new Set(["ar", "fa", "he", "ur"]); // for names of languages in a list of them

class Demo extends LitElement {
  static properties = {front: {state: true}, products: {state: true}, customer: {state: true}, locale: {state: true}};

  constructor() {
    super();
    Object.assign(this, {front: null, customers: [], products: [], customer: kept("customer"), locale: kept("locale") ?? navigator.language});
    this.words = new Words();
  }

  createRenderRoot() {
    return this; // the page's own style sheet applies
  }

  connectedCallback() {
    super.connectedCallback();
    this.#load();
  }

  async #load() {
    try {
      const identity = this.customer ? await shop.identity(this.customer) : undefined;
      const [front, customers, products] = await Promise.all([shop.front(this.locale), shop.customers(), shop.products(this.locale)]);
      Object.assign(this, {customers, products, front});
      this.words = new Words(front.texts, this.locale);
      document.title = this.words.say("brand");
      document.documentElement.lang = front.texts.language;
      document.documentElement.dir = this.words.direction;
      this.#place(front.inbox, identity);
    } catch (error) {
      if (error.status === 404 && this.customer) keep("customer", (this.customer = ""));
      setTimeout(() => this.#load(), AGAIN);
    }
  }

  /** One widget a person and language: the talk of one must never flash up for the other. */
  #place(inbox, identity) {
    const open = this.chat?.open ?? false;
    this.chat?.remove();
    this.chat = Object.assign(document.createElement("setu-chat"), {inbox, identity, locale: this.locale, open});
    document.body.append(this.chat);
  }

  become = ({target}) => {
    const found = this.customers.find(({id}) => id === target.value);
    this.customer = keep("customer", found?.id ?? "");
    if (found?.locale) this.locale = keep("locale", found.locale);
    this.#load();
  };

  speak = ({target}) => {
    this.locale = keep("locale", target.value);
    this.#load();
  };

  ask = (sentence) => this.chat.suggest(sentence);

  render() {
    if (!this.front) return nothing;
    return html`${this.#bar()}
      <main>${this.#hero()}${this.#shelf()}</main>
      <footer>${this.words.say("footer")}</footer>`;
  }

  #bar() {
    const {words, customer, locale} = this;
    const locales = [...new Set([locale, ...this.front.locales])];
    return html`<header class="bar">
      <a class="brand" href="/"><img src="/demo/mark.svg" alt="" width="34" height="34" /><span>${words.say("brand")}</span></a>
      <label><span>${words.say("you_are")}</span>
        <select @change=${this.become} .value=${live(customer ?? "")}>
          <option value="" ?selected=${!customer}>${words.say("anonymous")}</option>
          ${this.customers.map(({id, name, story}) => html`<option value=${id} ?selected=${id === customer}>${words.say("story", {name, story})}</option>`)}
        </select></label>
      <label><span>${words.say("locale")}</span>
        <select @change=${this.speak}>
          ${locales.map((tag) => html`<option value=${tag} lang=${tag} dir=${RIGHT_TO_LEFT.has(tag.slice(0, 2)) ? "rtl" : "ltr"} ?selected=${tag === locale}>${named(tag)}</option>`)}
        </select></label>
    </header>`;
  }

  #hero() {
    const {words} = this;
    const {sentences = []} = this.front.texts;
    return html`<section class="hero">
      <div class="pitch">
        <h1>${words.say("tagline")}</h1>
        <p>${words.say("lead")}</p>
        <div class="calls">
          <button class="primary" type="button" @click=${() => this.chat.show()}>${words.say("talk")}</button>
          <a class="quiet" href="#shelf">${words.say("browse")}</a>
        </div>
      </div>
      <div class="try">
        <h2>${words.say("try")}</h2>
        <p>${words.say("try_hint")}</p>
        <ul>${sentences.map((sentence) => html`<li><button type="button" dir="auto" @click=${() => this.ask(sentence)}>${sentence}</button></li>`)}</ul>
      </div>
    </section>`;
  }

  #shelf() {
    const {words} = this;
    return html`<section class="shelf" id="shelf">
      <h2>${words.say("products")}</h2>
      <ul>${this.products.map((product) => html`<li class="product">
        <img src=${product.image} alt="" width="240" height="240" loading="lazy" />
        <h3 dir="auto">${product.title}</h3>
        <p class="meta">${product.subtitle}</p>
        <p class="row"><b><bdi>${product.price}</bdi></b>
          <button type="button" aria-label=${words.say("about_product", {title: product.title})} @click=${() => this.ask(words.say("ask_product", {title: product.title}))}>${words.say("about")}</button></p>
      </li>`)}</ul>
    </section>`;
  }
}

/** A locale in its own words: "বাংলা (বাংলাদেশ)". */
function named(tag) {
  return new Intl.DisplayNames(tag, {type: "language", languageDisplay: "standard"}).of(tag);
}

customElements.define("setu-demo", Demo);
