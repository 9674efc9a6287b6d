// The icons of the workbench, beside those of the desk.

import { svg } from '../vendor/lit.js';
import { drawn, icon as desk } from '../desk/icons.js';

const shapes = {
  agreement: svg`<circle cx="9" cy="12" r="5.500"/><circle cx="15" cy="12" r="5.500"/>`,
  topics: svg`<circle cx="7" cy="8" r="3"/><circle cx="16.500" cy="7" r="2.500"/><circle cx="13" cy="16.500" r="3.500"/><path d="M9 10.200l2.300 3.300M9.900 7.800l4.100-.5"/>`,
  data: svg`<ellipse cx="12" cy="6" rx="7.500" ry="2.700"/><path d="M4.500 6v12c0 1.500 3.400 2.700 7.500 2.700s7.500-1.200 7.500-2.700V6M4.500 12c0 1.500 3.400 2.700 7.500 2.700s7.500-1.200 7.500-2.700"/>`,
  changes: svg`<path d="M6.500 3.500h7.500l4 4v13h-11.500zM12 10v5M9.500 12.500h5M9.500 17.500h5"/>`,
  talks: svg`<path d="M3.500 5h11v8h-5.500l-3 3v-3h-2.500zM17 9h3.500v8h-2v2.500l-2.700-2.500h-4.300v-1.500"/>`,
  articles: svg`<path d="M12 6.500c-2-1.600-4.500-2-8-2v13.500c3.500 0 6 .4 8 2 2-1.600 4.500-2 8-2v-13.500c-3.500 0-6 .4-8 2zM12 6.500v13.500"/>`,
  runs: svg`<path d="M4 12a8 8 0 018-8M12 4l-2.500-1.800M12 4l-2.300 2M20 12a8 8 0 01-8 8M12 20l2.500 1.800M12 20l2.300-2M9.800 9v6l5-3z"/>`,
  models: svg`<path d="M12 3.500l7.500 4.200v8.600L12 20.500l-7.500-4.200V7.700zM8.500 12.300l2.500 2.500 4.500-5"/>`,
  history: svg`<path d="M4.500 12a7.500 7.500 0 102.300-5.400L4.500 8.800M4.500 4.500v4.300h4.300M12 8v4.300l3 1.700"/>`,
  undo: svg`<path d="M8.500 5.500L4.500 9.500l4 4M5 9.500h9a5 5 0 010 10h-4"/>`,
  upload: svg`<path d="M12 15.500v-11M7.500 9L12 4.500 16.500 9M5 19.500h14"/>`,
  skip: svg`<path d="M5.500 6.500l7 5.500-7 5.500zM17.500 6.500v11"/>`,
  outside: svg`<circle cx="12" cy="12" r="8.500"/><path d="M8 12h8"/>`,
  two: svg`<path d="M4 7h7v10H4zM13.500 7h6.500v10h-6.500z"/>`,
  group: svg`<rect x="8" y="8" width="12" height="12" rx="2.500"/><path d="M4.500 15V6.500a2 2 0 012-2H15"/>`,
  mask: svg`<path d="M3.500 3.500l17 17M10 6a9.500 9.500 0 0111 6 12 12 0 01-2.700 3.800M6.500 7.500A11.500 11.500 0 003 12c1.500 3.700 5 6 9 6 1.300 0 2.500-.2 3.600-.7M10.200 10.200a2.600 2.600 0 003.600 3.600"/>`,
  spark: svg`<path d="M12 4l1.800 5.200L19 11l-5.200 1.800L12 18l-1.800-5.200L5 11l5.200-1.800zM18.500 16v4M16.500 18h4"/>`,
  dice: svg`<rect x="4.500" y="4.500" width="15" height="15" rx="3.500"/><path d="M9 9v.01M15 15v.01M15 9v.01M9 15v.01M12 12v.01"/>`,
  tag: svg`<path d="M4 4.500h7.500l8.500 8.500-7.500 7.500L4 12zM8.300 8.300v.01"/>`,
};

export const icon = (name) => (name in shapes ? drawn(shapes[name]) : desk(name));
