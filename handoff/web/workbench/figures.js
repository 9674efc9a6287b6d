// Numbers as people say them: shares with a decimal, differences in points, times, and when something was.

/** @param texts the words (desk/texts.js) */
export function figures(texts) {
  const options = { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 };
  const one = new Intl.NumberFormat(texts.language, options);
  const whole = new Intl.NumberFormat(texts.language, { style: 'percent', maximumFractionDigits: 1 });
  const signed = new Intl.NumberFormat(texts.language, { minimumFractionDigits: 1, maximumFractionDigits: 1, signDisplay: 'exceptZero' });
  const plain = new Intl.NumberFormat(texts.language, { maximumFractionDigits: 1 });
  const fine = new Intl.NumberFormat(texts.language, { minimumFractionDigits: 3, maximumFractionDigits: 3 });
  const names = new Intl.DisplayNames([texts.language], { type: 'language' });
  const scripts = new Intl.DisplayNames([texts.language], { type: 'script' });
  const unit = (name, digits) =>
    new Intl.NumberFormat(texts.language, { style: 'unit', unit: name, unitDisplay: 'short', maximumFractionDigits: digits });
  const [ms, seconds, minutes, megabytes] = [unit('millisecond', 0), unit('second', 1), unit('minute', 0), unit('megabyte', 1)];
  const known = (value) => value !== null && value !== undefined;
  const or = (write) => (value) => (known(value) ? write(value) : '–');
  const named = (list) => (code) => {
    try {
      return (code && list.of(code)) || code || '–';
    } catch {
      return code;
    }
  };
  return {
    share: or((value) => one.format(value)),
    brief: or((value) => whole.format(value)),
    points: or((value) => texts.t('runs.report.points', { value: signed.format(value * 100) })),
    signed: or((value) => signed.format(value)),
    plain: or((value) => plain.format(value)),
    fine: or((value) => fine.format(value)),
    ms: or((value) => (value < 10_000 ? ms.format(value) : seconds.format(value / 1000))),
    seconds: or((value) => (value < 100 ? seconds.format(value) : minutes.format(Math.round(value / 60)))),
    bytes: or((value) => megabytes.format(value / 1e6)),
    count: or((value) => texts.number(value)),
    language: named(names),
    script: named(scripts),
    when: or((date) => `${texts.day(date)}, ${texts.time(date)}`),
  };
}

/** Minutes and seconds of a time that runs, as a clock shows them. Pure. */
export const clock = (seconds) => {
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
};
