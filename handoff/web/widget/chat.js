/** <setu-chat>: what happens between keyboard, screen and connection; how it looks is in panel.js and others. */
import {LitElement, html, nothing, createRef} from "../vendor/lit.js";
import {Connection} from "./connection.js";
import {launcher, panel, refusal} from "./panel.js";
import {Search} from "./search.js";
import {chime} from "./sound.js";
import {styles} from "./styles.js";
import {Uploads} from "./uploads.js";
import {applyTheme} from "./theme.js";
import {Words} from "./words.js";

const HOME = new URL("../", import.meta.url).href; // where the widget came from, its gateway lives
const RECOVERED = 2_500; // ms the good news stays
const ASK = "/contact_human"; // the gateway takes it at any time
const GRACE = 1_200; // ms a lost line is not mentioned

export class SetuChat extends LitElement {
  static styles = styles;
  static properties = {
    inbox: {},
    server: {},
    locale: {},
    theme: {},
    identity: {attribute: false}, // {customer, expires, signature}
    open: {type: Boolean, reflect: true},
    draft: {state: true},
    line: {state: true}, // "": fine, "lost", "back"
    below: {state: true}, // new messages under the fold
    sound: {state: true},
  };

  constructor() {
    super();
    Object.assign(this, {open: false, draft: "", line: "", below: 0, sound: false, server: HOME});
    this.log = createRef();
    this.field = createRef();
    this.button = createRef(); // the launcher
    this.search = new Search(this);
    this.uploads = new Uploads(this);
    this.atEnd = true;
    this.words = new Words();
    this.dark = matchMedia("(prefers-color-scheme: dark)");
  }

  connectedCallback() {
    super.connectedCallback();
    this.off = new AbortController();
    const {signal} = this.off;
    const wake = () => this.connection?.wake();
    addEventListener("online", wake, {signal});
    addEventListener("pageshow", wake, {signal});
    addEventListener("storage", () => this.requestUpdate(), {signal});
    document.addEventListener("visibilitychange", () => document.hidden || (wake(), this.#markRead()), {signal});
    this.dark.addEventListener("change", () => this.requestUpdate(), {signal});
    window.visualViewport?.addEventListener("resize", () => this.#fit(), {signal});
    if (this.hasUpdated) this.#begin();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.off.abort();
    this.connection?.close();
  }

  willUpdate(changed) {
    if (["inbox", "server", "locale", "identity"].some((name) => changed.has(name))) this.#begin();
  }

  #begin() {
    this.connection?.close();
    this.uploads.clear();
    if (!this.inbox) return;
    const connection = new Connection({
      base: new URL(this.server, location.href).href,
      inbox: this.inbox,
      locale: this.locale || document.documentElement.lang || navigator.language,
      identity: this.identity,
      changed: () => connection === this.connection && this.#changed(),
      arrived: (messages) => connection === this.connection && this.#arrived(messages),
    });
    this.connection = connection;
    this.draft = connection.storage.get("draft") ?? "";
    this.sound = connection.storage.get("sound") ?? false;
    connection.start();
  }

  #changed() {
    const {started, online, wire, refused} = this.connection;
    if (refused !== this.told) {
      this.told = refused;
      if (refused) this.#tell("setu-refused", refused); // the page may set a fresh identity
    }
    if (started && started !== this.loaded) {
      this.loaded = started;
      this.words = new Words(started.texts, started.contact?.locale || this.connection.locale);
      this.dir = this.words.direction;
      this.lang = this.words.texts.language ?? "";
      if (this.open) this.connection.connect();
    }
    if (online) {
      if (this.line === "lost") {
        this.line = "back";
        clearTimeout(this.lineTimer);
        this.lineTimer = setTimeout(() => (this.line = ""), RECOVERED);
      }
      this.met = true;
    } else if (wire && this.met && this.line !== "lost" && !this.losing) {
      this.losing = setTimeout(() => {
        this.losing = null;
        if (!this.connection.online) this.line = "lost";
      }, GRACE);
    }
    this.requestUpdate();
  }

  #arrived(messages) {
    const spoken = messages.filter((message) => message.sender !== "system");
    if (this.open && !this.atEnd) this.below += spoken.length;
    if (this.sound && spoken.length && !(this.open && document.hasFocus())) chime();
    this.#tell("setu-message", {messages});
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, {detail, bubbles: true, composed: true}));
  }

  /** Opens the panel. */
  show = () => (this.open = true);

  /** Closes it; the focus goes back to the launcher. */
  hide = () => (this.open = false);

  toggle = () => (this.open = !this.open);

  /** Puts words into the composer for the customer to send or change. */
  suggest(text) {
    this.#draft(text);
    this.show();
    this.updateComplete.then(() => this.field.value?.focus());
  }

  #draft(text) {
    this.draft = text;
    this.connection?.storage.set("draft", text);
  }

  write = (event) => {
    this.#draft(event.target.value);
    clearTimeout(this.typingTimer);
    if (!this.typing) this.connection.typing((this.typing = true));
    this.typingTimer = setTimeout(() => this.#rest(), 3_000);
  };

  #rest() {
    clearTimeout(this.typingTimer);
    if (this.typing) this.connection.typing((this.typing = false));
  }

  get limit() {
    return this.connection?.started?.limits?.text ?? Infinity;
  }

  get sendable() {
    const {draft, limit, uploads} = this;
    return draft.length <= limit && !uploads.busy && Boolean(draft.trim() || uploads.ready.length);
  }

  send = () => {
    if (!this.sendable) return;
    const text = this.draft.trim();
    const files = this.uploads.take();
    const content = {text: text.toWellFormed?.() ?? text};
    this.connection.send(files.length ? {...content, files: files.map(({id}) => id), rich: {files}} : content);
    this.#draft("");
    this.#rest();
    this.atEnd = true;
    this.field.value?.focus();
  };

  tap = (button) => {
    this.connection.send({payload: button.payload, title: button.title});
    this.atEnd = true;
    this.field.value?.focus({preventScroll: true});
  };

  askPerson = () => this.tap({payload: ASK, title: this.words.say("ask_person")});

  toggleSound = () => {
    this.sound = !this.sound;
    this.connection.storage.set("sound", this.sound);
    if (this.sound) chime();
  };

  scrolled = ({target}) => {
    this.atEnd = target.scrollHeight - target.scrollTop - target.clientHeight < 48;
    if (this.atEnd) {
      this.below = 0;
      this.#markRead();
    }
  };

  toEnd = () => {
    this.atEnd = true;
    this.log.value?.scrollTo({top: this.log.value.scrollHeight});
  };

  /** Whoever is at the end stays there when the panel, the composer or a picture changes its size. */
  #resized = new ResizeObserver(() => this.atEnd && this.toEnd());

  #markRead() {
    if (this.open && this.atEnd && !document.hidden) this.connection?.read();
  }

  #fit() {
    this.style.setProperty("--height", `${Math.round(window.visualViewport.height)}px`);
  }

  keys = (event) => {
    if (event.isComposing || event.defaultPrevented) return;
    if (event.key === "Escape") {
      event.stopPropagation();
      this.search.open ? this.search.toggle() : this.hide();
    } else if (event.key === "Tab" && this.modal) this.#keepInside(event);
  };

  /** On a phone the panel covers the page: the focus must not wander behind it. */
  get modal() {
    return matchMedia("(max-width: 480px)").matches;
  }

  #keepInside(event) {
    const stops = [...this.renderRoot.querySelectorAll(".panel :is(button:enabled, textarea, input, a[href], [tabindex='0'])")];
    const visible = stops.filter((stop) => stop.checkVisibility?.({visibilityProperty: true}) ?? true);
    const edge = event.shiftKey ? visible[0] : visible.at(-1);
    if (this.renderRoot.activeElement !== edge) return;
    event.preventDefault();
    (event.shiftKey ? visible.at(-1) : visible[0]).focus();
  }

  updated(changed) {
    applyTheme(this, this.connection?.started?.options, this.dark.matches);
    if (changed.has("open")) {
      if (this.open) {
        this.connection?.connect();
        this.atEnd = true;
        for (const part of this.renderRoot.querySelectorAll(".log, .talk")) this.#resized.observe(part);
        const coarse = matchMedia("(pointer: coarse)").matches;
        (coarse ? this.renderRoot.querySelector(".close") : this.field.value)?.focus();
      } else if (changed.get("open")) this.button.value?.focus();
      if (changed.get("open") !== undefined) this.#tell(this.open ? "setu-open" : "setu-close");
    }
    const field = this.field.value;
    if (field) {
      field.style.height = "auto";
      field.style.height = `${field.scrollHeight}px`;
    }
    if (this.open && this.atEnd) {
      this.toEnd();
      this.#markRead();
    }
  }

  render() {
    const {connection, open} = this;
    if (!connection?.started) return connection?.refused?.message ? refusal(this, connection.refused) : nothing;
    return html`${open ? panel(this) : nothing}${launcher(this)}`;
  }
}
