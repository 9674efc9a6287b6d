// How far people agreed, week by week: whether the meanings become clearer.

import { nothing } from '../../vendor/lit.js';
import { course } from '../charts.js';

const ENDS = [0, 0.25, 0.5, 0.75, 1];
const WITH_LESS = [-0.5, 0, 0.5, 1]; // people may agree less than by chance

const midday = (day) => new Date(`${day}T12:00`); // whatever the reader's clock says, the same day

/** Nothing before there is a second week to compare with. @param weeks as the gateway tells them, the oldest first */
export function weekly(weeks, texts) {
  if (weeks.length < 2) return nothing;
  const { t, number, decimal, percent } = texts;
  const brief = new Intl.DateTimeFormat(texts.language, { day: 'numeric', month: 'short' });
  const points = weeks.map(({ at, kappa, kappa_low: low, kappa_high: high }) => ({ name: brief.format(midday(at)), value: kappa, low, high }));
  const known = weeks.filter(({ kappa }) => kappa !== null);
  const [before, now] = known.slice(-2);
  const said = known.length > 1
    ? t('agreement.weeks.said', { now: decimal(now.kappa), before: decimal(before.kappa) })
    : t('agreement.weeks.few');
  const range = ({ kappa, kappa_low: low, kappa_high: high }) =>
    kappa === null ? '–' : t('agreement.weeks.range', { value: decimal(kappa), low: decimal(low), high: decimal(high) });
  return course({
    points,
    ends: points.some(({ value }) => value !== null && value < 0) ? WITH_LESS : ENDS,
    write: decimal,
    rows: weeks.map((week) => [texts.date(midday(week.at)), number(week.doubly), percent(week.agreed / week.doubly), range(week)]),
    words: {
      title: t('agreement.weeks.title'),
      said,
      axis: [t('agreement.weeks.week'), t('agreement.kappa')],
      columns: [t('agreement.weeks.week'), t('agreement.weeks.messages'), t('agreement.same'), t('agreement.kappa')],
      more: t('agreement.weeks.more'),
    },
  });
}
