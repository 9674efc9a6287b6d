// The agent's own settings in this browser: theme, sound, notifications, single-key shortcuts, the card.

import { keep, recall } from './memory.js';

const DEFAULTS = { theme: 'system', sound: false, notify: false, shortcuts: true, card: true, understanding: true };

export function createSettings() {
  let values = { ...DEFAULTS, ...recall('settings', {}) };
  const listeners = new Set();
  const show = () => {
    document.documentElement.dataset.theme = values.theme;
  };
  show();
  return {
    get values() {
      return values;
    },
    set(change) {
      values = { ...values, ...change };
      keep('settings', values);
      show();
      for (const listener of [...listeners]) listener(values);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
