// The report of a comparison as a person reads it: the verdict first, then every figure with what it means.

import { html, nothing } from '../../vendor/lit.js';
import { interval } from '../charts.js';
import { figures } from '../figures.js';
import { icon } from '../icons.js';
import { cases, confusions } from './report-cases.js';
import { calibration, curve } from './report-charts.js';
import { groups, intents } from './report-groups.js';
import { cost, replay, sets, talks } from './report-talks.js';

/** The gate's lines: how a value is written, by code. */
const WRITES = {
  macro_f1: 'points', intent: 'points', language: 'points', confident_wrong: 'points', ece: 'fine', latency: 'ms', talks: 'count',
  talks_lost: 'count', leaks: 'brief',
};

/** Figures of the whole, in the order of their weight: better is up or down, written as a share or as it is. */
const FIGURES = [
  { name: 'accuracy', better: 1, write: 'share' },
  { name: 'macro_f1', better: 1, write: 'share' },
  { name: 'answered', better: 1, write: 'share' },
  { name: 'wrong', better: -1, write: 'share' },
  { name: 'confident_wrong', better: -1, write: 'share' },
  { name: 'oos_recall', better: 1, write: 'share' },
  { name: 'ece', better: -1, write: 'fine' },
  { name: 'hand_offs', better: -1, write: 'plain' },
];
const REACH = 0.03; // of the axis of differences

/** What the parts of the report need: words, numbers as written here, titles of intents. */
function context({ report, texts }) {
  const titles = new Map((report.intents ?? []).map(({ intent, title }) => [intent, title]));
  const t = (key, values) => texts.t(`runs.report.${key}`, values);
  const title = (name) => (name ? titles.get(name) || (texts.has(`runs.report.none.${name}`) ? t(`none.${name}`) : name.replaceAll('_', ' ')) : '–');
  return { texts, t, title, write: figures(texts), before: t('before'), after: t('after') };
}

export function report({ report: told, verdict, texts, next }) {
  const with_ = context({ report: told, texts });
  const parts = [
    ['figures', overall(told, with_)],
    ['messages', cases(told, with_)],
    ['intents', intents(told, with_)],
    ['groups', groups(told, with_)],
    ['confusions', confusions(told, with_)],
    ['curve', curve(told, with_)],
    ['calibration', calibration(told, with_)],
    ['talks', talks(told, with_)],
    ['replay', replay(told, with_)],
    ['cost', cost(told, with_)],
    ['sets', sets(told, with_)],
  ].filter(([, body]) => body !== nothing);
  const show = (name) => document.getElementById(`report-${name}`)?.scrollIntoView({ block: 'start', behavior: 'smooth' });
  return html`${gate(verdict, with_)} ${next}
    <nav class="jumps" aria-label=${with_.t('contents')}>
      ${parts.map(([name]) => html`<button class="chip" @click=${() => show(name)}>${with_.t(`${name}.title`)}</button>`)}
    </nav>
    ${parts.map(
      ([name, body]) => html`<section class="wb-card" id="report-${name}" aria-labelledby="head-${name}">
        <h2 id="head-${name}">${with_.t(`${name}.title`)}</h2>
        <p class="hint">${with_.t(`${name}.means`)}</p>
        ${body}
      </section>`,
    )}`;
}

/** Whether a line is past its limit (a floor is below zero, all others are ceilings), though it may have passed by chance. */
const beyond = ({ value, limit }) => value !== null && value !== undefined && (limit < 0 ? value < limit : value > limit);

/** Passed or not, and why: each line of the gate in plain words. */
function gate(verdict, { texts, title, write }) {
  const failed = verdict.lines.filter(({ passed }) => !passed);
  const line = (one) => {
    const name = WRITES[one.code] ?? 'plain';
    const subject = one.code === 'intent' ? title(one.subject) : one.code === 'language' ? write.language(one.subject) : (one.subject ?? '');
    const values = { value: write[name](one.value), limit: write[name](one.limit), subject };
    const key = one.value === null || one.value === undefined ? 'unmeasured' : one.passed ? 'passed' : 'failed';
    const said = [`runs.verdict.${one.code}.${key}`, `runs.verdict.${key}`].find(texts.has);
    return html`<li class=${one.passed ? 'good' : 'bad'}>
      ${icon(one.passed ? 'check' : 'alert')}
      <div><p><strong>${texts.has(`runs.verdict.${one.code}.name`) ? texts.t(`runs.verdict.${one.code}.name`) : one.code}</strong>
          <span>${said ? texts.t(said, values) : `${values.value} / ${values.limit}`}</span>
          ${one.passed && beyond(one) ? html`<span class="badge">${texts.t('runs.verdict.chance')}</span>` : nothing}
          ${one.enough === false ? html`<span class="badge">${texts.t('runs.verdict.few')}</span>` : nothing}</p>
        ${texts.has(`runs.verdict.${one.code}.means`) ? html`<details><summary>${texts.t('runs.verdict.what')}</summary><p>${texts.t(`runs.verdict.${one.code}.means`)}</p></details>` : nothing}
      </div>
      <span class="unseen">${texts.t(one.passed ? 'runs.verdict.kept' : 'runs.verdict.broken')}</span>
    </li>`;
  };
  const ordered = [...failed, ...verdict.lines.filter(({ passed }) => passed)];
  return html`<section class="wb-card verdict ${verdict.passed ? 'good' : 'bad'}" aria-labelledby="head-verdict">
    <h2 id="head-verdict">${icon(verdict.passed ? 'check' : 'alert')}${texts.t(verdict.passed ? 'runs.verdict.yes' : 'runs.verdict.no', { count: failed.length })}</h2>
    <p>${texts.t(verdict.passed ? 'runs.verdict.yes_means' : 'runs.verdict.no_means')}</p>
    <ul>${ordered.map(line)}</ul>
  </section>`;
}

function overall(told, { t, write, before, after, texts }) {
  const { champion, challenger, difference } = told.overall ?? {};
  if (!challenger) return nothing;
  const row = ({ name, better, write: how }) => {
    const [old, now] = [champion?.[name], challenger[name]];
    if (now === undefined || now === null) return nothing;
    const change = old === undefined || old === null ? null : now - old;
    const tone = !change || Math.abs(change) < 1e-9 ? '' : change * better > 0 ? 'good' : 'bad';
    const spread = difference?.[name];
    const delta = change === null ? '' : how === 'share' ? write.points(change) : how === 'fine' ? signedFine(change, texts) : write.signed(change);
    return html`<tr>
      <th scope="row">${t(`figures.${name}.name`)}<small>${t(`figures.${name}.means`, { count: challenger.oos_n ?? 0, number: write.count(challenger.oos_n ?? 0) })}</small></th>
      ${champion ? html`<td class="number" data-label=${before}>${write[how](old)}</td>` : nothing}
      <td class="number now" data-label=${after}>${write[how](now)}</td>
      ${champion
        ? html`<td class="number delta ${tone}" data-label=${t('change')}>${delta}</td>
            <td class="spread">${spread
              ? html`${interval(spread, Math.max(REACH, Math.abs(spread.low), Math.abs(spread.high)), t('figures.between', { low: write.points(spread.low), high: write.points(spread.high) }), better)}
                  <small>${t('figures.range', { low: write.points(spread.low), high: write.points(spread.high) })}</small>`
              : nothing}</td>`
        : nothing}
    </tr>`;
  };
  const { fixed = 0, broken = 0, p } = told.mcnemar ?? {};
  return html`<p class="wb-said">${champion ? t('figures.said', { count: challenger.n, number: write.count(challenger.n) }) : t('figures.alone', { count: challenger.n, number: write.count(challenger.n) })}</p>
    <div class="table-frame" tabindex="0" role="group" aria-label=${t('figures.title')}><table class="wb-table figures-table">
      <thead><tr><th scope="col">${t('figure')}</th>
        ${champion ? html`<th scope="col" class="number">${before}</th>` : nothing}<th scope="col" class="number">${after}</th>
        ${champion ? html`<th scope="col" class="number">${t('change')}</th><th scope="col">${t('figures.chance')}</th>` : nothing}</tr></thead>
      <tbody>${FIGURES.map(row)}</tbody>
    </table></div>
    ${told.mcnemar
      ? html`<p class="wb-said">${t('figures.mcnemar', { fixed: write.count(fixed), broken: write.count(broken) })}
          ${t(p < 0.05 ? 'figures.real' : 'figures.luck', { p: p < 0.001 ? `< ${write.fine(0.001)}` : `= ${write.fine(p)}` })}</p>`
      : nothing}`;
}

const signedFine = (value, texts) =>
  new Intl.NumberFormat(texts.language, { minimumFractionDigits: 3, maximumFractionDigits: 3, signDisplay: 'exceptZero' }).format(value);
