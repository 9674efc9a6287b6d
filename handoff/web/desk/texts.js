// The words of the desk: looked up by dotted key, filled, and dates and numbers as the language writes them.
// The catalogue comes from the server; no sentence stands in the code.

const RIGHT_TO_LEFT = new Set(['ar', 'fa', 'he', 'ur']);

const fill = (text, values) =>
  text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));

/** @param {object} catalogue nested texts, `locale` among them @param {string} language BCP 47 */
export function createTexts(catalogue = {}, language = catalogue.locale ?? 'en') {
  const plurals = new Intl.PluralRules(language);
  const formats = {};
  const formatted = (date, options) =>
    (formats[JSON.stringify(options)] ??= new Intl.DateTimeFormat(language, options)).format(new Date(date));

  const look = (key) => key.split('.').reduce((part, name) => part?.[name], catalogue);

  /** The text of `key`; a group of plural forms is chosen by `values.count`. A missing key shows itself. */
  function t(key, values = {}) {
    const found = look(key);
    const text = found && typeof found === 'object' ? (found[plurals.select(values.count ?? 0)] ?? found.other) : found;
    return text === undefined ? key : fill(String(text), values);
  }

  const number = new Intl.NumberFormat(language);
  const percent = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 0 });
  /** Bytes as people say them. */
  function size(bytes) {
    if (!bytes) return '';
    const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'];
    const power = Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
    const options = { style: 'unit', unit: units[power], unitDisplay: 'short', maximumFractionDigits: power > 1 ? 1 : 0 };
    return new Intl.NumberFormat(language, options).format(bytes / 1000 ** power);
  }

  const decimal = new Intl.NumberFormat(language, { maximumFractionDigits: 2 });
  const money = (amount, currency) => new Intl.NumberFormat(language, { style: 'currency', currency }).format(amount);

  return {
    language,
    direction: RIGHT_TO_LEFT.has(language.split('-')[0]) ? 'rtl' : 'ltr',
    t,
    has: (key) => typeof look(key) === 'string',
    /** A label for a code of the server; an unknown code is shown as plain words. */
    label: (group, code) =>
      look(`${group}.${code}`) !== undefined ? t(`${group}.${code}`) : String(code ?? '').replaceAll('_', ' '),
    time: (date) => formatted(date, { hour: '2-digit', minute: '2-digit' }),
    date: (date) => formatted(date, { day: 'numeric', month: 'short', year: 'numeric' }),
    moment: (date) => formatted(date, { dateStyle: 'full', timeStyle: 'short' }),
    day: (date, now = new Date()) => dayName(date, now),
    short: (date, now = new Date()) => shortTime(date, now),
    /** A time to come, short: today's by its hour, others with their day. */
    until: (date, now = new Date()) => {
      const days = Math.abs(daysBetween(date, now));
      const day = { ...(days && { weekday: 'short' }), ...(days > 1 && { day: 'numeric', month: 'short' }) };
      return formatted(date, { ...day, hour: '2-digit', minute: '2-digit' });
    },
    waited: (seconds) => waited(seconds),
    number: (value) => number.format(value),
    decimal: (value) => decimal.format(value),
    percent: (value) => percent.format(value),
    money,
    size,
  };

  function dayName(date, now) {
    const days = daysBetween(date, now);
    if (days === 0) return t('time.today');
    if (days === 1) return t('time.yesterday');
    const far = days > 300;
    return formatted(date, { weekday: 'long', day: 'numeric', month: 'long', ...(far && { year: 'numeric' }) });
  }

  function shortTime(date, now) {
    const days = daysBetween(date, now);
    if (days <= 0) return formatted(date, { hour: '2-digit', minute: '2-digit' });
    if (days === 1) return t('time.yesterday');
    return formatted(date, days < 7 ? { weekday: 'short' } : { day: 'numeric', month: 'short' });
  }

  function waited(seconds) {
    const s = Math.max(0, Math.floor(seconds));
    if (s < 3600) return `${Math.floor(s / 60)}:${String(s % 60).padStart(2, '0')}`;
    if (s < 86_400) return t('time.hours', { h: Math.floor(s / 3600), m: Math.floor((s % 3600) / 60) });
    return t('time.days', { count: Math.floor(s / 86_400) });
  }
}

/** Whole calendar days from `date` to `now`, in the reader's time zone. */
export function daysBetween(date, now) {
  const midnight = (d) => new Date(d).setHours(0, 0, 0, 0);
  return Math.round((midnight(now) - midnight(date)) / 86_400_000);
}
