// What the keys do while labelling: those of what is begun (an entity, a language), else those of the message.

import { held } from './against.js';
import { letterOf } from './message.js';

const digits = (n) => Array.from({ length: n }, (_, i) => String(i + 1));

export function labellingCommands(page) {
  const { t } = page.texts;
  const here = Boolean(page.item);
  const say = (key) => t(`labelling.keys.${key}`);
  if (here && page.picking) return picking(page, say);
  if (here && page.marking) return marking(page, say);
  if (here && page.tongue) return tongues(page, say);
  const label = (keys, name, run) => ({ keys, label: say(name), run, when: here, group: 'label' });
  const choose = (keys, name, run) => ({ keys, label: say(name), run, when: here, group: 'choose' });
  return [
    label(['enter'], 'accept', () => page.take(page.pointed)),
    label(digits(5), 'ranked', (event) => page.takeRanked(Number(event.key))),
    label(['arrowdown', 'arrowup'], 'point', (event) => page.step(event)),
    label(['/', 'i'], 'find', () => page.querySelector('#intent')?.focus()),
    label(['o'], 'out_of_scope', () => page.kind('out_of_scope')),
    label(['w'], 'two_wishes', () => page.kind('two_wishes')),
    label(['n'], 'proposed', () => page.kind('proposed')),
    label(['s'], 'skip', () => page.kind('skip')),
    label(['l'], 'language', () => page.toggleTongue()),
    label(['a'], 'similar', () => page.toggleSimilar()),
    { ...label(['y'], 'insist', () => page.work.insist(page.item)), when: Boolean(held(page, page.item)) },
    { ...label(['u'], 'undo', () => page.undo()), when: true },
    { ...choose(['j', 'k'], 'move', (event) => page.move(event.key.toLowerCase() === 'j' ? 1 : -1)) },
    choose(['x'], 'choose', () => page.work.choose(page.work.current)),
    choose(['shift+arrowdown', 'shift+arrowup'], 'extend', (event) => page.move(event.key === 'ArrowDown' ? 1 : -1, true)),
    { ...choose(['f'], 'search', () => page.querySelector('#queue-search')?.focus()), when: true },
    { ...choose(['escape'], 'escape', () => page.escape()), when: true },
    { keys: ['e'], label: say('mark'), run: () => page.mark(), when: here, group: 'entities' },
    { keys: ['shift+arrowright', 'shift+arrowleft'], label: say('widen'), run: () => page.mark(), when: here, group: 'entities' },
  ];
}

function marking(page, say) {
  const rtl = getComputedStyle(page.querySelector('.wl-message')).direction === 'rtl';
  const by = ({ key }) => (key === 'ArrowRight' ? 1 : -1) * (rtl ? -1 : 1);
  const command = (keys, name, run) => ({ keys, label: say(name), run, group: 'entities' });
  return [
    command(['arrowright', 'arrowleft'], 'word', (event) => page.moveMark(by(event), false)),
    command(['shift+arrowright', 'shift+arrowleft'], 'widen', (event) => page.moveMark(by(event), true)),
    command(['enter'], 'pick', () => page.pickMarked()),
    command(['e'], 'take_suggested', () => page.takeSuggested()),
    command(['backspace', 'delete'], 'unmark', () => page.unmarkHere()),
    command(['escape'], 'leave', () => page.escape()),
  ];
}

function picking(page, say) {
  const letters = page.vocabulary.entities.slice(0, 26).map((_, i) => letterOf(i));
  return [
    { keys: letters, label: say('pick_letter'), run: ({ key }) => page.pickLetter(key.toLowerCase()), group: 'entities' },
    { keys: ['escape'], label: say('leave'), run: () => page.escape(), group: 'entities' },
  ];
}

function tongues(page, say) {
  const { languages } = page.vocabulary;
  return [
    { keys: digits(languages.length), label: say('language'), run: ({ key }) => page.speakIn(languages[Number(key) - 1]), group: 'label' },
    { keys: ['l', 'escape'], label: say('leave'), run: () => page.escape(), group: 'label' },
  ];
}
