// What runs are called in lists and heads. Pure.

export const GOING = ['queued', 'checking', 'training', 'comparing'];

/** A word for how a run stands: its state, or what the gate said of it. */
export const outcome = ({ state, verdict }) => (state === 'done' && verdict ? (verdict.passed ? 'passed' : 'refused') : state);
