/** The texts that came with the start call, filled in; numbers, times and days as the locale writes them. */
export class Words {
  constructor(texts = {}, locale = "") {
    this.texts = texts;
    this.direction = texts.direction || "ltr";
    const language = texts.language || "en";
    this.locale = locale.toLowerCase().startsWith(language) ? locale : language;
    this.format = (kind, options) => new Intl[kind](this.locale, options);
    this.clock = this.format("DateTimeFormat", {hour: "numeric", minute: "2-digit"});
    this.date = this.format("DateTimeFormat", {weekday: "long", day: "numeric", month: "long"});
  }

  /** The text of `key`; {names} are filled in, and `count` chooses among plural forms. */
  say(key, values = {}) {
    let text = this.texts[key] ?? "";
    if (typeof text === "object") text = text[this.format("PluralRules").select(values.count)] ?? text.other;
    return text.replace(/\{(\w+)\}/g, (_, name) => {
      const value = values[name] ?? "";
      return typeof value === "number" ? this.format("NumberFormat").format(value) : value;
    });
  }

  /** A number of bytes as people say it. */
  size(bytes) {
    const [unit, amount] = bytes < 1e6 ? ["kilobyte", Math.ceil(bytes / 1024)] : ["megabyte", bytes / 1048576];
    return this.format("NumberFormat", {style: "unit", unit, maximumFractionDigits: 1}).format(amount);
  }

  time(iso) {
    return this.clock.format(new Date(iso));
  }

  /** Today, yesterday, or the date. */
  day(iso, today = new Date()) {
    const then = new Date(iso);
    const days = Math.round((new Date(then).setHours(0, 0, 0, 0) - new Date(today).setHours(0, 0, 0, 0)) / 864e5);
    if (days > 0 || days < -1) return this.date.format(then);
    return this.format("RelativeTimeFormat", {numeric: "auto"}).format(days, "day");
  }
}
