// Small drawings of figures. Each says its message in words too, and holds its numbers as a table.

import { html, nothing, svg } from '../vendor/lit.js';

const WIDE = 340;
const HIGH = 210;
const EDGE = { left: 40, right: 12, top: 10, bottom: 26 };

/** Steps of an axis from 0 to at least `most`: round numbers, four or five of them. Pure. */
export function steps(most) {
  const rough = Math.max(most, 0.001) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((one) => one * power).find((one) => one >= rough - 1e-12);
  return Array.from({ length: Math.max(1, Math.ceil(most / step - 1e-9)) + 1 }, (_, i) => Number((i * step).toPrecision(6)));
}

const scale = (low, high, from, to) => (value) => from + ((value - low) / (high - low || 1)) * (to - from);

/** Axes of a drawing: where a value lies, and the lines and numbers around it. */
function axes({ x, y, write, named = write }) {
  const across = scale(x[0], x.at(-1), EDGE.left, WIDE - EDGE.right);
  const up = scale(y[0], y.at(-1), HIGH - EDGE.bottom, EDGE.top);
  const frame = svg`${y.map(
    (value) => svg`<line class="grid" x1=${EDGE.left} x2=${WIDE - EDGE.right} y1=${up(value)} y2=${up(value)} />
      <text class="tick" x=${EDGE.left - 6} y=${up(value) + 4} text-anchor="end">${write(value)}</text>`,
  )}${x.map((value) => svg`<text class="tick" x=${across(value)} y=${HIGH - 8} text-anchor="middle">${named(value)}</text>`)}`;
  return { across, up, frame };
}

function table(columns, rows, more) {
  return html`<details>
    <summary>${more}</summary>
    <div class="scroll" tabindex="0" role="region" aria-label=${more}>
      <table>
        <thead><tr>${columns.map((column) => html`<th scope="col">${column}</th>`)}</tr></thead>
        <tbody>${rows.map((row) => html`<tr>${row.map((cell) => html`<td>${cell}</td>`)}</tr>`)}</tbody>
      </table>
    </div>
  </details>`;
}

const legend = (names) =>
  html`<ul class="legend">${names.map(([shape, name]) => html`<li class=${shape}><i></i>${name}</li>`)}</ul>`;

function drawing({ title, said, axis, legend: names, body, rows, columns, more }) {
  return html`<figure class="wb-chart">
    <figcaption>${title}</figcaption>
    <p class="hint">${said}</p>
    ${names.length ? legend(names) : nothing}
    <p class="axis">${axis[1]}</p>
    <svg viewBox="0 0 ${WIDE} ${HIGH}" role="img" aria-label="${title}. ${said}">${body}</svg>
    <p class="axis end">${axis[0]}</p>
    ${rows.length ? table(columns, rows, more) : nothing}
  </figure>`;
}

const at = (line, threshold) =>
  line.reduce((best, one) => (Math.abs(one.threshold - threshold) < Math.abs(best.threshold - threshold) ? one : best), line[0]);

/**
 * How much is answered against how much is answered wrongly; a dot where the threshold stands.
 * `lines`: [{shape: champion|challenger, name, points: [{threshold, answered, wrong}], threshold, dot?: a point}].
 */
export function operating({ lines: given, write, words }) {
  const drawn = given.filter(({ points }) => points?.length);
  if (!drawn.length) return nothing;
  const all = drawn.flatMap(({ points }) => points);
  const lowest = Math.min(...all.map(({ answered }) => answered), 0.5);
  const x = [0, 0.2, 0.4, 0.6, 0.8, 1].filter((value, i, rest) => rest[i + 1] === undefined || rest[i + 1] > lowest + 1e-9);
  const y = steps(Math.max(...all.map(({ wrong }) => wrong), 0.01));
  const { across, up, frame } = axes({ x, y, write });
  const line = ({ shape, points, threshold, dot: given }) => {
    const sorted = [...points].sort((a, b) => a.answered - b.answered || a.wrong - b.wrong);
    const dot = given ?? (threshold === undefined || threshold === null ? null : at(points, threshold));
    return svg`<polyline class="line ${shape}" points=${sorted.map((one) => `${across(one.answered).toFixed(1)},${up(one.wrong).toFixed(1)}`).join(' ')} />
      ${dot ? svg`<circle class="dot-at ${shape}" cx=${across(dot.answered)} cy=${up(dot.wrong)} r="5" />` : nothing}`;
  };
  return drawing({
    title: words.title,
    said: words.said,
    axis: words.axis,
    legend: drawn.map(({ shape, name }) => [shape, name]),
    body: svg`${frame}${drawn.map(line)}`,
    columns: words.columns,
    rows: thinned(drawn.at(-1).points).map((one) => [write(one.threshold), write(one.answered), write(one.wrong)]),
    more: words.more,
  });
}

const thinned = (points) => (points.length > 25 ? points.filter((_, i) => i % Math.ceil(points.length / 25) === 0) : points);

/** How sure the bot was against how often it was right: on the slanted line the two are the same. */
export function reliability({ lines: given, write, count, words }) {
  const drawn = given.map((one) => ({ ...one, bins: (one.bins ?? []).filter(({ n }) => n > 0) })).filter(({ bins }) => bins.length);
  if (!drawn.length) return nothing;
  const ends = [0, 0.25, 0.5, 0.75, 1];
  const { across, up, frame } = axes({ x: ends, y: ends, write });
  const line = ({ shape, bins }) => {
    const most = Math.max(...bins.map(({ n }) => n));
    return svg`<polyline class="line ${shape}" points=${bins.map((bin) => `${across(bin.confidence).toFixed(1)},${up(bin.accuracy).toFixed(1)}`).join(' ')} />
      ${bins.map((bin) => svg`<circle class="bin ${shape}" cx=${across(bin.confidence)} cy=${up(bin.accuracy)} r=${(2 + 5 * Math.sqrt(bin.n / most)).toFixed(1)} />`)}`;
  };
  return drawing({
    title: words.title,
    said: words.said,
    axis: words.axis,
    legend: [...drawn.map(({ shape, name }) => [shape, name]), ['ideal', words.ideal]],
    body: svg`${frame}<line class="ideal" x1=${across(0)} y1=${up(0)} x2=${across(1)} y2=${up(1)} />${drawn.map(line)}`,
    columns: words.columns,
    rows: drawn.at(-1).bins.map((bin) => [`${write(bin.low)} – ${write(bin.high)}`, count(bin.n), write(bin.confidence), write(bin.accuracy)]),
    more: words.more,
  });
}

const NAMED = 6; // names below an axis that do not run into each other

/**
 * A figure as it went: `points` [{name, value, low?, high?}], in their order, with what chance allows around each; a
 * value of null is a gap. `ends` are of the upright axis; `rows` hold all of it.
 */
export function course({ points, ends, write, words, rows }) {
  const last = points.length - 1;
  const every = Math.ceil(points.length / NAMED);
  const shown = points.map((_, i) => i).filter((i) => (last - i) % every === 0);
  const { across, up, frame } = axes({ x: [-0.5, ...shown, last + 0.5], y: ends, write, named: (i) => points[i]?.name ?? '' });
  const within = (value) => up(Math.max(ends[0], Math.min(ends.at(-1), value)));
  const runs = points.reduce((found, { value }, i) => {
    if (value === null) return [...found, []];
    found.at(-1).push(`${across(i).toFixed(1)},${within(value).toFixed(1)}`);
    return found;
  }, [[]]);
  const mark = ({ value, low, high }, i) =>
    value === null
      ? nothing
      : svg`<line class="span" x1=${across(i)} x2=${across(i)} y1=${within(low ?? value)} y2=${within(high ?? value)} /><circle class="dot-at challenger" cx=${across(i)} cy=${within(value)} r="4" />`;
  return drawing({
    title: words.title,
    said: words.said,
    axis: words.axis,
    legend: [],
    body: svg`${frame}${runs.map((run) => (run.length > 1 ? svg`<polyline class="line challenger" points=${run.join(' ')} />` : nothing))}${points.map(mark)}`,
    columns: words.columns,
    rows,
    more: words.more,
  });
}

/**
 * A difference with what chance allows around it; the upright line is "no difference". `reach`: of the axis;
 * `better`: 1 where more is better, -1 where less is.
 */
export function interval({ value, low, high }, reach, said, better = 1) {
  const to = scale(-reach, reach, 0, 120);
  const within = (number) => Math.max(2, Math.min(118, to(number)));
  const sure = low > 0 ? 1 : high < 0 ? -1 : 0;
  const tone = { 1: 'up', [-1]: 'down', 0: '' }[sure * better];
  return html`<svg class="interval ${tone}" viewBox="0 0 120 16" role="img" aria-label=${said}>
    ${svg`<line class="none" x1="60" x2="60" y1="0" y2="16" /><line class="span" x1=${within(low)} x2=${within(high)} y1="8" y2="8" />
      <circle cx=${within(value)} cy="8" r="4" />`}
  </svg>`;
}

/** A share as a bar; the number stands beside it. */
export const bar = (share, shape = '') =>
  html`<svg class="bar ${shape}" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
    ${svg`<rect class="whole" width="100" height="8" /><rect class="part" width=${Math.max(0, Math.min(100, (share ?? 0) * 100))} height="8" />`}
  </svg>`;
