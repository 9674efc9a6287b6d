// A talk cut into turns, so that what was expected and what came stand side by side. Pure.

const BEGINS = ['customer', 'person'];

/** [{asked: step|null, answers: steps}]: each turn begins with what a person says. */
export function turns(steps) {
  const found = [];
  for (const step of steps) {
    if (BEGINS.includes(step.who) || !found.length) found.push({ asked: BEGINS.includes(step.who) ? step : null, answers: [] });
    if (!BEGINS.includes(step.who)) found.at(-1).answers.push(step);
  }
  return found;
}

/** Expected and played turns side by side, with the problems told of each: [{expected, came, problems}]. */
export function beside(expected, played, problems = []) {
  const [left, right] = [turns(expected), turns(played)];
  return Array.from({ length: Math.max(left.length, right.length) }, (_, i) => ({
    expected: left[i] ?? null,
    came: right[i] ?? null,
    problems: problems.filter((problem) => problem?.step === i + 1),
  }));
}
