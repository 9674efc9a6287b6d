// A line over the turns, small enough for the card, with the same numbers as a table for whoever wants them.

import { html, nothing, svg } from '../vendor/lit.js';

const WIDTH = 280;
const HEIGHT = 56;
const PAD = 6;

/** Points of the chart: {x, y, value} for values between low and high. Pure. */
export function points(values, low, high) {
  const step = values.length > 1 ? (WIDTH - 2 * PAD) / (values.length - 1) : 0;
  return values.map((value, i) => ({
    x: values.length > 1 ? PAD + i * step : WIDTH / 2,
    y: PAD + (1 - (Math.min(high, Math.max(low, value)) - low) / (high - low)) * (HEIGHT - 2 * PAD),
    value,
  }));
}

/**
 * @param {{title, said, low, high, middle, rows: {number, value, label}[], shape: string, columns: string[], more: string}} chart
 *   `said` sums the line up in words; `middle` draws a reference line; `columns` head the table.
 */
export function chart({ title, said, low, high, middle, rows, shape, columns, more }) {
  if (!rows.length) return nothing;
  const dots = points(rows.map((row) => row.value), low, high);
  const [reference] = points([middle], low, high);
  const line = dots.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ');
  const end = dots.at(-1);
  return html`<figure class="chart ${shape}">
    <figcaption>${title}<span>${said}</span></figcaption>
    <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title}: ${said}" preserveAspectRatio="none">
      ${svg`<line class="reference" x1="0" x2=${WIDTH} y1=${reference.y} y2=${reference.y} />
        <polyline class="area" points="${dots[0].x},${HEIGHT} ${line} ${end.x},${HEIGHT}" />
        <polyline class="curve" points=${line} />
        <path class="end" d="M${end.x} ${end.y}h0" />`}
    </svg>
    <details>
      <summary>${more}</summary>
      <table>
        <thead>
          <tr>${columns.map((column) => html`<th scope="col">${column}</th>`)}</tr>
        </thead>
        <tbody>
          ${rows.map(
            (row) => html`<tr>
              <td>${row.number}</td>
              <td>${row.label}</td>
            </tr>`,
          )}
        </tbody>
      </table>
    </details>
  </figure>`;
}
