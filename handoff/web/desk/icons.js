// The desk's line icons, 24 by 24, decorative: whatever they mean is also said in words.

import { html, svg } from '../vendor/lit.js';

const shapes = {
  bridge: svg`<path d="M2 18h20M6 17.500V9M18 17.500V9M2 14c3 0 3-7 10-7s7 7 10 7M12 17.500V7.200"/>`,
  queue: svg`<path d="M4 13l2.500-7.500h11L20 13v5.500H4zM4 13h4.500l1 2.500h5l1-2.500H20"/>`,
  mine: svg`<circle cx="12" cy="8.500" r="3.500"/><path d="M5 19.500c.6-3.600 3.400-5.500 7-5.500s6.400 1.900 7 5.500"/>`,
  bot: svg`<rect x="4.500" y="8.500" width="15" height="10.500" rx="3"/><path d="M12 8.500V5M9.300 13v1.500M14.700 13v1.500"/><circle cx="12" cy="4" r="1"/>`,
  resolved: svg`<circle cx="12" cy="12" r="8.500"/><path d="M8.300 12.300l2.600 2.600 4.900-5.500"/>`,
  all: svg`<path d="M4 6.500h16M4 12h16M4 17.500h16"/>`,
  search: svg`<circle cx="11" cy="11" r="6.500"/><path d="M16 16l4.500 4.500"/>`,
  back: svg`<path d="M14.500 5.500L8 12l6.500 6.500"/>`,
  send: svg`<path d="M4.500 12L20 4.500 15.500 20l-3.700-6.300zM11.800 13.700L20 4.500"/>`,
  lock: svg`<rect x="5.500" y="10.500" width="13" height="9" rx="2"/><path d="M8.500 10.500V8a3.500 3.500 0 017 0v2.500"/>`,
  return: svg`<path d="M9 6L4 11l5 5M4.500 11H15a5 5 0 015 5v2"/>`,
  clock: svg`<circle cx="12" cy="12" r="8.500"/><path d="M12 7v5.300l3.500 2"/>`,
  transfer: svg`<path d="M4 8.500h14.500L15 5M20 15.500H5.500L9 19"/>`,
  card: svg`<rect x="3.500" y="5" width="17" height="14" rx="2.500"/><path d="M14.500 5v14M17 9h1M17 12h1"/>`,
  keyboard: svg`<rect x="2.500" y="6.500" width="19" height="11.500" rx="2.500"/><path d="M6 10h.5M9.500 10h.5M13 10h.5M16.500 10h.5M7.500 14.500h9"/>`,
  settings: svg`<path d="M4 7h9M18 7h2M4 17h2M11 17h9"/><circle cx="15.500" cy="7" r="2.300"/><circle cx="8.500" cy="17" r="2.300"/>`,
  more: svg`<circle cx="5.500" cy="12" r="1"/><circle cx="12" cy="12" r="1"/><circle cx="18.500" cy="12" r="1"/>`,
  close: svg`<path d="M6 6l12 12M18 6L6 18"/>`,
  check: svg`<path d="M5 12.500l4.500 4.500L19 7"/>`,
  checks: svg`<path d="M2.500 12.500L7 17l9-10M11 15.500L12.500 17l9-10"/>`,
  alert: svg`<path d="M12 4l9 15.500H3zM12 10v4.500M12 17v.2"/>`,
  dropped: svg`<circle cx="12" cy="12" r="8.500"/><path d="M6 6l12 12"/>`,
  web: svg`<circle cx="12" cy="12" r="8.500"/><path d="M3.500 12h17M12 3.500c5 5 5 12 0 17M12 3.500c-5 5-5 12 0 17"/>`,
  phone: svg`<rect x="7" y="3" width="10" height="18" rx="2.500"/><path d="M11 18h2"/>`,
  code: svg`<path d="M8.500 7L3.500 12l5 5M15.500 7l5 5-5 5"/>`,
  mail: svg`<rect x="3.500" y="5.500" width="17" height="13" rx="2.500"/><path d="M4 7.500l8 6 8-6"/>`,
  low: svg`<circle cx="12" cy="12" r="8.500"/><path d="M8.500 16c1.800-2 5.200-2 7 0M9 9.500v.5M15 9.500v.5"/>`,
  even: svg`<circle cx="12" cy="12" r="8.500"/><path d="M8.500 15h7M9 9.500v.5M15 9.500v.5"/>`,
  good: svg`<circle cx="12" cy="12" r="8.500"/><path d="M8.500 14c1.800 2.300 5.200 2.300 7 0M9 9.500v.5M15 9.500v.5"/>`,
  reply: svg`<path d="M4.500 5.500h15v10.500H11l-4 3.500v-3.500H4.500z"/>`,
  slash: svg`<rect x="4" y="4" width="16" height="16" rx="4"/><path d="M14 8l-4 8"/>`,
  parcel: svg`<path d="M4 8l8-4 8 4v8l-8 4-8-4zM4 8l8 4 8-4M12 12v8"/>`,
  tap: svg`<path d="M9 11V6.500a1.500 1.500 0 013 0V11l5 1.500c1 .4 1.300 1.200 1 2.500l-1 5H10.500L6.500 14c.5-1.200 1.700-1.300 2.500-.5z"/>`,
};

const CHANNELS = { web: 'web', rest: 'code', email: 'mail', sms: 'phone' };

export const icon = (name) => html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
  ${shapes[name]}
</svg>`;

export const channelIcon = (channel) => icon(CHANNELS[channel] ?? 'reply');
