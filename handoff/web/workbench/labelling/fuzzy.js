// Finding an intent by what somebody types: its key, its title, its name, words of its definition, in any script. Pure.

/** Without case and accents, as people type in haste. */
export const plain = (text) =>
  (text ?? '')
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replaceAll('_', ' ')
    .replaceAll('ς', 'σ')
    .trim();

/** How well it fits; 0: not at all. */
export function fit(wanted, { name, title, key, definition }) {
  const words = plain(wanted);
  if (!words) return 1;
  const [called, named] = [plain(title), plain(name)];
  if (key && words === key) return 1000;
  if (called.startsWith(words) || named.startsWith(words)) return 500 - called.length;
  const all = words.split(/\s+/);
  const begins = (text) => all.every((word) => text.split(/\s+/).some((other) => other.startsWith(word)));
  if (begins(called) || begins(named)) return 400 - called.length;
  if (called.includes(words) || named.includes(words)) return 300 - called.length;
  if (begins(plain(definition))) return 150;
  if (words.length > 2 && plain(definition).includes(words)) return 100;
  return scattered(words, called) || scattered(words, named) ? 50 : 0;
}

/** All letters in their order. */
function scattered(wanted, text) {
  let at = -1;
  for (const letter of wanted.replaceAll(' ', '')) {
    at = text.indexOf(letter, at + 1);
    if (at < 0) return false;
  }
  return true;
}

/** The fitting ones, best first; of equals the order given stays. */
export const found = (wanted, intents) =>
  intents
    .map((intent) => [fit(wanted, intent), intent])
    .filter(([score]) => score > 0)
    .sort((a, b) => b[0] - a[0])
    .map(([, intent]) => intent);
