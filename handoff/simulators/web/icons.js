import {html, svg} from "/web/vendor/lit.js";

const icon = (shape) => html`<svg viewBox="0 0 24 24" aria-hidden="true" class="icon">${shape}</svg>`;

export const icons = {
  send: icon(svg`<path d="M3 11.5 20.5 4 14 21l-3-7z"/>`),
  attach: icon(svg`<path d="m8 13 6-6a3 3 0 0 1 4 4l-8 8a5 5 0 0 1-7-7l8-8"/>`),
  place: icon(svg`<path d="M12 21s7-6.2 7-11.5A7 7 0 0 0 5 9.500C5 14.800 12 21 12 21z"/><circle cx="12" cy="9.500" r="2.500"/>`),
  more: icon(svg`<circle cx="12" cy="5.500" r="1"/><circle cx="12" cy="12" r="1"/><circle cx="12" cy="18.500" r="1"/>`),
  file: icon(svg`<path d="M6 3h8l4 4v14H6zM14 3v4h4"/>`),
  list: icon(svg`<path d="M8 6h12M8 12h12M8 18h12M4 6h.01M4 12h.01M4 18h.01"/>`),
  out: icon(svg`<path d="M14 4h6v6M20 4l-9 9M18 14v6H4V6h6"/>`),
};
