// Whole talks: the conversation tests, last week's talks read again; what a training costs, what was compared on.

import { html, nothing } from '../../vendor/lit.js';
import { icon } from '../icons.js';
import { at } from '../route.js';

const file = (path) => html`<code dir="ltr">${path}</code>`;

export function talks(told, { t, write }) {
  const { talks: of } = told;
  if (!of) return nothing;
  if (of.problem) return html`<p class="problem">${icon('alert')}${t('talks.not_run')} <bdi dir="auto">${of.problem?.text ?? of.problem?.code ?? of.problem}</bdi></p>`;
  if (of.failed === null || of.failed === undefined) return html`<p class="hint">${t('talks.not_run')}</p>`;
  const failures = of.failures ?? [];
  return html`<p class="wb-said ${failures.length ? 'bad' : 'good'}">${icon(failures.length ? 'alert' : 'check')}
      ${t('talks.said', { passed: write.count(of.passed), total: write.count(of.total) })}
      ${of.champion_passed === undefined || of.champion_passed === null ? nothing : t('talks.before', { passed: write.count(of.champion_passed) })}</p>
    ${failures.map(
      (failure) => html`<details class="script failure-script"><summary><bdi dir="auto">${failure.title}</bdi>${failure.champion ? html` <span class="badge why">${t('talks.lost')}</span>` : nothing}</summary>
        <p class="places">${file(failure.file)}</p>
        ${failure.problems?.length ? html`<ul class="plain">${failure.problems.map((one) => html`<li dir="auto">${one?.text ?? one}</li>`)}</ul>` : nothing}
        ${failure.script ? html`<pre dir="ltr" tabindex="0">${Array.isArray(failure.script) ? failure.script.join('\n') : failure.script}</pre>` : nothing}
      </details>`,
    )}
    ${failures.length ? html`<a class="button small" href=${at('talks')}>${t('talks.open')}</a>` : nothing}`;
}

export function replay(told, { t, title, write }) {
  const { replay: of } = told;
  if (!of?.talks) return nothing;
  const { champion, challenger } = of.hand_offs ?? {};
  const reading = (one) => (!one ? '–' : one.doubtful ? t('messages.asked') : title(one.intent));
  const examples = of.examples ?? [];
  const row = (one) => html`<li><p class="said"><bdi dir="auto">${one.text}</bdi></p>
    <p class="facts"><span class="from-to"><span>${reading(one.champion)}</span><span class="arrow" aria-hidden="true"></span><span class="unseen">${t('after')}:</span><span>${reading(one.challenger)}</span></span></p></li>`;
  return html`<p class="wb-said">${t('replay.said', { talks: write.count(of.talks), turns: write.count(of.turns), changed: write.count(of.changed) })}
      ${champion === undefined || champion === null
        ? t('replay.alone', { after: write.plain(challenger) })
        : t('replay.hand_offs', { before: write.plain(champion), after: write.plain(challenger) })}</p>
    ${examples.length ? html`<h3>${t('replay.examples')}</h3><ul class="cases">${examples.slice(0, 8).map(row)}</ul>` : nothing}
    ${examples.length > 8 ? html`<details class="rest"><summary>${t('more', { count: examples.length - 8, number: write.count(examples.length - 8) })}</summary><ul class="cases">${examples.slice(8).map(row)}</ul></details>` : nothing}`;
}

export function cost(told, { t, write, before, after }) {
  const { cost: of } = told;
  if (!of) return nothing;
  const { champion, challenger } = of.latency ?? {};
  const rows = [
    ['training', null, write.seconds(of.train_seconds)],
    ['p50', write.ms(champion?.p50), write.ms(challenger?.p50)],
    ['p95', write.ms(champion?.p95), write.ms(challenger?.p95)],
    ['size', of.size?.champion && write.bytes(of.size.champion), of.size?.challenger && write.bytes(of.size.challenger)],
  ];
  return html`<div class="table-frame" tabindex="0" role="group" aria-label=${t('cost.title')}><table class="wb-table">
    <thead><tr><th scope="col">${t('figure')}</th><th scope="col" class="number">${before}</th><th scope="col" class="number">${after}</th></tr></thead>
    <tbody>${rows.map(([name, was, now]) => html`<tr><th scope="row">${t(`cost.${name}`)}</th><td class="number" data-label=${before}>${was ?? '–'}</td><td class="number now" data-label=${after}>${now ?? '–'}</td></tr>`)}</tbody>
  </table></div>`;
}

export function sets(told, { t, write }) {
  const all = told.sets ?? [];
  if (!all.length) return nothing;
  return html`<ul class="sets">${all.map(
    (one) => html`<li>
      <p><strong>${t(`sets.${one.name}`)}</strong> ${one.chosen ? html`<span class="badge state passed">${t('sets.chosen')}</span>` : nothing}</p>
      <p>${t('sets.size', { count: one.size, number: write.count(one.size) })}
        ${Object.entries(one.languages ?? {}).map(([language, n]) => html`<span class="badge">${write.language(language)} ${write.count(n)}</span>`)}</p>
      <p class="hint">${t('sets.leaks', { count: one.leaks?.count ?? 0, number: write.count(one.leaks?.count ?? 0) })}</p>
    </li>`,
  )}</ul>`;
}
