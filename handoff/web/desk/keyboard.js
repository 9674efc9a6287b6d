// Every command of the desk, with its key. The palette lists them, the help shows them, single keys run them.

import { allowed } from './moves.js';
import { takesKeys } from './parts.js';
import { listOf, pagesFor, viewsFor } from './views.js';

const open = (desk) => desk.state.conversations[desk.state.route.id];

const can = (move) => (desk) => Boolean(open(desk) && allowed(open(desk), desk.state.me)[move]);

const ask = (name) => (desk) => desk.show(name, desk.state.route.id);

const write = (mode) => () => document.querySelector('setu-composer')?.focusOn(mode);

const suggests = () => Boolean(document.querySelector('setu-composer')?.suggested.length);

function step(desk, by) {
  const { route, conversations, me } = desk.state;
  const rows = listOf(conversations, route.view, me, desk.state.filter);
  if (!rows.length) return;
  const now = rows.findIndex(({ id }) => id === route.id);
  const next = now < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, now + by));
  desk.go(route.view, rows[next].id);
}

// name (text key, below "commands" if it has no dot), key as KeyboardEvent.key, icon, what it does, when it is possible
const COMMANDS = [
  ['next', 'j', 'all', (desk) => step(desk, 1)],
  ['previous', 'k', 'all', (desk) => step(desk, -1)],
  ['claim', 'c', 'mine', (desk) => desk.moves.claim(desk.state.route.id), can('claim')],
  ['reply', 'r', 'reply', write('reply'), open],
  ['suggest.keys', 'a', 'parcel', () => document.querySelector('setu-composer')?.insert(), suggests],
  ['note', 'n', 'lock', write('note'), open],
  ['hand_back', 'b', 'return', ask('hand-back'), can('handBack')],
  ['resolve', 'e', 'resolved', ask('resolve'), can('resolve')],
  ['snooze', 's', 'clock', ask('snooze'), can('snooze')],
  ['transfer', 't', 'transfer', ask('transfer'), can('transfer')],
  ['attach', 'f', 'attach', () => document.querySelector('setu-composer .attach')?.click(), can('reply')],
  ['links', 'l', 'link', ask('links'), open],
  ['card', 'i', 'card', (desk) => desk.toggleCard(), open],
  ['close', 'u', 'back', (desk) => desk.go(desk.state.route.view), open],
  ['help', '?', 'keyboard', (desk) => desk.show('help')],
];

const title = (desk, name) => desk.texts.t(name.includes('.') ? name : `commands.${name}`);

const viewCommands = (desk) =>
  [...viewsFor(desk.state.me), ...pagesFor(desk.state.me)].map((view, i) => ({
    label: desk.texts.t('commands.view', { view: desk.texts.t(`views.${view}`) }),
    key: String(i + 1),
    shape: view,
    run: () => desk.go(view),
  }));

/** What can be done now: {label, key, shape, run}. */
export const commands = (desk) => [
  ...COMMANDS.filter(([, , , , when]) => !when || when(desk)).map(([name, key, shape, run]) => ({
    label: title(desk, name),
    key: key.toUpperCase(),
    shape,
    run: () => run(desk),
  })),
  ...viewCommands(desk),
];

/** All commands for the help, possible now or not, in two groups of [label, key]. */
export function allCommands(desk) {
  const rows = COMMANDS.map(([name, key, , , when]) => [title(desk, name), key.toUpperCase(), when]);
  return {
    anywhere: [
      [desk.texts.t('commands.search'), 'Ctrl K'],
      ...rows.filter(([, , when]) => !when),
      ...viewCommands(desk).map(({ label, key }) => [label, key]),
    ],
    talk: rows.filter(([, , when]) => when),
  };
}

/** Listens on the page. `covered()` tells whether a dialog is open: then its own keys hold. */
export function listen(desk, covered) {
  addEventListener('keydown', (event) => {
    if (desk.state.phase !== 'ready' || event.isComposing) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
      event.preventDefault();
      if (!covered()) desk.show('palette');
      return;
    }
    if (covered() || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (takesKeys(event.target)) {
      if (event.key === 'Escape') event.target.blur();
      return;
    }
    if (!desk.settings.values.shortcuts) return;
    const command = commands(desk).find(({ key }) => key === event.key.toUpperCase());
    if (!command) return;
    event.preventDefault();
    command.run();
  });
}
