/** Time, outages and faults: what happens to all phones alike. */
import {LitElement, html, nothing} from "./vendor/lit.js";

const FAULTS = {duplicates: {duplicates: 1 / 3}, reorders: {reorders: 1 / 3}, cut: {fail_after: 0.2}, refuse: {fail_before: 0.2}};

class World extends LitElement {
  static properties = {view: {}, words: {}};

  createRenderRoot() {
    return this;
  }

  act(what, given = {}) {
    this.dispatchEvent(new CustomEvent("act", {bubbles: true, detail: {what, given}}));
  }

  /** One fault on or off. Only what changes is sent: what this page knows of the others may be a click old. */
  fault(name, on) {
    const faults = Object.entries(FAULTS[name]).map(([field, share]) => [field, on ? share : 0]);
    this.act("faults", {faults: Object.fromEntries(faults)});
  }

  render() {
    const {view, words} = this;
    const say = words.say;
    const stats = (name) => view.stats[name] ?? 0;
    return html`<aside class="world" aria-labelledby="world">
      <h2 id="world">${say("world")}</h2>
      <div class="groups">
        <div>
          <p class="now">${say("now", {time: words.day(view.now)})}</p>
          <p class="buttons">
            <button @click=${() => this.act("forward", {hours: 25})}>${say("later_hours", {count: 25})}</button>
            <button @click=${() => this.act("forward", {hours: 192})}>${say("later_days", {count: 8})}</button>
          </p>
          <p class="note">${say("time_note")}</p>
        </div>
        <fieldset>
          <legend class="unseen">${say("world")}</legend>
          <label><input type="checkbox" role="switch" .checked=${view.dark} @change=${({target}) => this.act("outage", {on: target.checked})}> ${say("outage")}</label>
          ${Object.entries(FAULTS).map(([name, fields]) => {
            const on = Object.keys(fields).every((field) => view.faults[field] > 0);
            return html`<label><input type="checkbox" role="switch" .checked=${on} @change=${({target}) => this.fault(name, target.checked)}> ${say(name)}</label>`;
          })}
        </fieldset>
        <div>
          <p class="figures">${say("figures", {calls: stats("calls"), webhooks: stats("webhooks"), retried: stats("retried"), duplicated: stats("duplicated")})}</p>
          ${view.pending.map((template) => html`<p class="buttons"><button @click=${() => this.act("approve", {template: template.id})}>${say("approve", {name: template.name})}</button></p>`)}
          <h3>${say("journal")}</h3>
          <div class="journal" tabindex="0" role="log" aria-label=${say("journal")}>
            ${view.journal.length ? nothing : html`<p>${say("nothing")}</p>`}
            ${view.journal.map(({at, what, detail}) => html`<p><time>${words.time(at)}</time> ${say(what === "cut" ? "answer_lost" : "refused", {what: `\u2068${detail}\u2069`})}</p>`)}
          </div>
        </div>
      </div>
    </aside>`;
  }
}

customElements.define("setu-world", World);
