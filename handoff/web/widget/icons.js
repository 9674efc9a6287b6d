import {svg, html} from "../vendor/lit.js";

const icon = (body) => html`<svg viewBox="0 0 24 24" aria-hidden="true" focusable="false">${body}</svg>`;

export const icons = {
  chat: icon(svg`<path d="M4 5.5h16a1.5 1.5 0 0 1 1.5 1.5v9a1.5 1.5 0 0 1-1.5 1.5h-8L7 21.5v-4H4A1.5 1.5 0 0 1 2.5 16V7A1.5 1.5 0 0 1 4 5.5Z"/><path d="M7.5 10h9M7.5 13.2h5.5"/>`),
  bridge: icon(svg`<path d="M2.5 17.5h19M6.5 6v14M17.5 6v14M2.5 12.5C4.6 11.6 6 9 6.5 6c1 5 3 7.5 5.5 7.5S16.5 11 17.5 6c.5 3 1.9 5.6 4 6.5M9.8 12.8v4.7M14.2 12.8v4.7"/>`),
  close: icon(svg`<path d="M6 6l12 12M18 6 6 18"/>`),
  down: icon(svg`<path d="M5.5 9.5 12 16l6.5-6.5"/>`),
  back: icon(svg`<path d="M14.5 5.5 8 12l6.5 6.5"/>`),
  next: icon(svg`<path d="M9.5 5.5 16 12l-6.5 6.5"/>`),
  send: icon(svg`<path d="M12 19.5v-15M5.5 11 12 4.5 18.5 11"/>`),
  person: icon(svg`<circle cx="12" cy="8" r="3.7"/><path d="M4.8 20c.7-3.9 3.5-5.8 7.2-5.8s6.5 1.9 7.2 5.8"/>`),
  bell: icon(svg`<path d="M6.5 16.5V11a5.5 5.5 0 0 1 11 0v5.5l1.5 1.5H5Zm3.5 4h4"/>`),
  mute: icon(svg`<path d="M6.5 16.5V11a5.5 5.5 0 0 1 8.5-4.6M17.4 10.2l.1.8v5.5l1.5 1.5H5l1.5-1.5M10 20.5h4M4 4l16 16"/>`),
  search: icon(svg`<circle cx="10.5" cy="10.5" r="6"/><path d="m15 15 5 5"/>`),
  check: icon(svg`<path d="m5 12.5 4.5 4.5L19 7.5"/>`),
  checks: icon(svg`<path d="m2.5 12.5 4.5 4.5L15 8M11.5 16l1.2 1L21.5 8"/>`),
  clock: icon(svg`<circle cx="12" cy="12" r="8"/><path d="M12 7.5V12l3 2"/>`),
  alert: icon(svg`<circle cx="12" cy="12" r="9"/><path d="M12 7.5v5.5M12 16.3v.2"/>`),
  clip: icon(svg`<path d="m19.5 11-7.6 7.6a4.6 4.6 0 0 1-6.5-6.5l8-8a3.1 3.1 0 0 1 4.4 4.4l-7.8 7.8a1.5 1.5 0 0 1-2.2-2.2l7-7"/>`),
  file: icon(svg`<path d="M6 3.5h8l4.5 4.5v12.5H6ZM13.5 4v4.5H18M9 13h6.5M9 16.5h6.5"/>`),
  pin: icon(svg`<path d="M12 21c4.5-5 6.5-8.3 6.5-11a6.5 6.5 0 0 0-13 0c0 2.7 2 6 6.5 11Z"/><circle cx="12" cy="10" r="2.3"/>`),
  spark: icon(svg`<path d="M12 4c.7 4.5 2.8 6.8 7 8-4.2 1.2-6.3 3.5-7 8-.7-4.5-2.8-6.8-7-8 4.2-1.2 6.3-3.5 7-8Z"/>`),
};
