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
  messenger: svg`<path d="M12 3.500c-5 0-8.500 3.500-8.500 8 0 2.500 1 4.600 2.800 6v3l2.700-1.500c1 .3 2 .5 3 .5 5 0 8.500-3.500 8.500-8s-3.500-8-8.500-8zM7 13.500l3.200-3.400 3.300 2.600 3.500-3.200"/>`,
  instagram: svg`<rect x="4" y="4" width="16" height="16" rx="4.500"/><circle cx="12" cy="12" r="3.700"/><path d="M16.500 7.500v.01"/>`,
  whatsapp: svg`<path d="M4 20l1.200-4.200A8.300 8.300 0 1112 20.300a8.300 8.300 0 01-3.800-1zM9 8.500c-.6 3.300 3 7 6.500 6.500l.4-1.700-2-1-1 .9c-1.200-.5-2-1.300-2.500-2.500l.9-1-1-2z"/>`,
  telegram: svg`<path d="M3.500 11.500L20.500 4.500 17.500 19l-5-3.700-2.600 2.900-.9-5.200zM9 13l8-6"/>`,
  webchat: svg`<path d="M4.500 5.500h15v10.500H11l-4 3.500v-3.500H4.500zM9 10.800v.01M12 10.800v.01M15 10.800v.01"/>`,
  attach: svg`<path d="M19 11.500l-7.300 7.300a4.300 4.300 0 01-6.100-6.100l7.600-7.500a2.900 2.900 0 014.100 4.100l-7.500 7.500a1.400 1.400 0 01-2-2l6.900-6.900"/>`,
  picture: svg`<rect x="3.500" y="5" width="17" height="14" rx="2.500"/><circle cx="8.700" cy="9.800" r="1.500"/><path d="M4 17l5-4.500 3 2.500 3.500-3.500 5 4.500"/>`,
  audio: svg`<rect x="9.500" y="3.500" width="5" height="10" rx="2.500"/><path d="M6 11.500a6 6 0 0012 0M12 17.500v3"/>`,
  video: svg`<rect x="3.500" y="6.500" width="12" height="11" rx="2.500"/><path d="M15.500 10.500l5-3v9l-5-3"/>`,
  file: svg`<path d="M6.500 3.500h7.500l4.500 4.500v12.500h-12zM13.500 3.500v5h5"/>`,
  download: svg`<path d="M12 4v11M7.500 11l4.500 4.500 4.500-4.500M5 19.500h14"/>`,
  pin: svg`<path d="M12 21c4.500-5 6.500-8 6.500-11a6.500 6.500 0 00-13 0c0 3 2 6 6.500 11z"/><circle cx="12" cy="10" r="2.300"/>`,
  template: svg`<rect x="4.500" y="4" width="15" height="16" rx="2.500"/><path d="M8 8.500h8M8 12h3M13.500 12H16M8 15.500h5.500"/>`,
  quote: svg`<path d="M9 7L4.500 11.500 9 16M5 11.500h9a5 5 0 015 5V18"/>`,
  edit: svg`<path d="M5 19l1-4.200L15.800 5a2 2 0 012.900 2.900L9 17.800z"/>`,
  trash: svg`<path d="M4.500 7h15M9.500 7V4.500h5V7M6.500 7l.9 12.500h9.200L17.500 7M10.300 10.500v5.500M13.700 10.500v5.500"/>`,
  link: svg`<path d="M10 14a3.700 3.700 0 005.300 0l3.200-3.200a3.700 3.700 0 00-5.300-5.300l-1 1M14 10a3.700 3.700 0 00-5.300 0l-3.200 3.200a3.700 3.700 0 005.300 5.300l1-1"/>`,
  elsewhere: svg`<path d="M13 4.500h6.500V11M19.500 4.500l-8 8M10 6H6.500A2 2 0 004.500 8v9.500a2 2 0 002 2H16a2 2 0 002-2V14"/>`,
  unsure: svg`<circle cx="12" cy="12" r="8.500"/><path d="M9.500 9.700a2.500 2.500 0 113.600 2.300c-.8.400-1.100.8-1.100 1.700M12 16.300v.01"/>`,
  reply: svg`<path d="M4.500 5.500h15v10.500H11l-4 3.500v-3.500H4.500z"/>`,
  inboxes: svg`<path d="M5 4.500h14M6.500 8h11M4 12h4l1 2.500h6l1-2.500h4v7H4z"/>`,
  plus: svg`<path d="M12 5.500v13M5.500 12h13"/>`,
  copy: svg`<rect x="8.500" y="8.500" width="11" height="11" rx="2.500"/><path d="M15.500 8.500V6A1.500 1.500 0 0014 4.500H6A1.500 1.500 0 004.500 6v8A1.500 1.500 0 006 15.500h2.500"/>`,
  again: svg`<path d="M19 8a8 8 0 10.700 6M19.500 4v4.500H15"/>`,
  bulb: svg`<path d="M9 17h6M10 20h4M8.500 14.500a6 6 0 117 0c-.7.600-1 1.300-1 2.500h-5c0-1.200-.3-1.900-1-2.500z"/>`,
  slash: svg`<rect x="4" y="4" width="16" height="16" rx="4"/><path d="M14 8l-4 8"/>`,
  parcel: svg`<path d="M4 8l8-4 8 4v8l-8 4-8-4zM4 8l8 4 8-4M12 12v8"/>`,
  tap: svg`<path d="M9 11V6.500a1.500 1.500 0 013 0V11l5 1.500c1 .4 1.300 1.200 1 2.500l-1 5H10.500L6.500 14c.5-1.200 1.700-1.300 2.500-.5z"/>`,
};

/** @param shape its lines within 24 × 24 */
export const drawn = (shape) =>
  html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">${shape}</svg>`;

export const icon = (name) => drawn(shapes[name]);

const CHANNELS = { rest: 'code', email: 'mail', sms: 'phone' };

export const channelIcon = (channel) => icon(CHANNELS[channel] ?? (channel in shapes ? channel : 'reply'));
