/** The page's texts, filled in; numbers and times as the language writes them. */
export class Words {
  constructor(texts = {}) {
    this.texts = texts;
    this.language = texts.language || "en";
    this.direction = texts.direction || "ltr";
    this.languages = texts.languages || ["en"];
    this.number = new Intl.NumberFormat(this.language);
    this.clock = new Intl.DateTimeFormat(this.language, {hour: "numeric", minute: "2-digit"});
    this.moment = new Intl.DateTimeFormat(this.language, {weekday: "short", day: "numeric", month: "short", hour: "numeric", minute: "2-digit"});
  }

  say = (key, values = {}) =>
    (this.texts[key] ?? "").replace(/\{(\w+)\}/g, (_, name) => {
      const value = values[name] ?? "";
      return typeof value === "number" ? this.number.format(value) : value;
    });

  /** A language's name in itself. */
  named(language) {
    return new Intl.DisplayNames([language], {type: "language"}).of(language);
  }

  time(seconds) {
    return this.clock.format(new Date(seconds * 1000));
  }

  day(seconds) {
    return this.moment.format(new Date(seconds * 1000));
  }
}
