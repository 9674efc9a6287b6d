// What an agent does to a conversation: take it, give it back, end it, put it off, pass it on.

const ECHO_MS = 3000; // what we did comes back to us on the live connection about so late

export class Moves {
  constructor(desk) {
    this.desk = desk;
    this.claiming = false;
    this.taking = new Set(); // conversations just claimed here: their arrival is no news
  }

  get api() {
    return this.desk.api;
  }

  async claim(id) {
    if (this.claiming) return;
    this.claiming = true;
    this.taking.add(id);
    const done = await this.run(id, () => this.api.claim(id));
    this.claiming = false;
    if (done) this.desk.go('mine', id);
    setTimeout(() => this.taking.delete(id), ECHO_MS);
  }

  handBack(id, next, note) {
    return this.run(id, () => this.api.handBack(id, next, note), 'moves.handed_back');
  }

  resolve(id) {
    return this.run(id, () => this.api.resolve(id), 'moves.resolved');
  }

  snooze(id, until) {
    return this.run(id, () => this.api.snooze(id, until.toISOString()), 'moves.snoozed');
  }

  transfer(id, agent, note) {
    return this.run(id, () => this.api.transfer(id, agent.id, note), 'moves.transferred', { name: agent.name });
  }

  /** Runs a call; true when it worked. What it answers is taken over, a refusal is said and the talk shown anew. */
  async run(id, ask, said, values) {
    try {
      const { conversation } = await ask();
      this.desk.rows.changed(conversation);
      if (said) this.desk.toast(this.desk.texts.t(said, values), 'good');
      return true;
    } catch (error) {
      this.desk.trouble(error);
      if (error.status === 409) await this.refused(id);
      return false;
    }
  }

  /** Somebody was faster, or it moved on: what is on the screen is out of date. */
  refused(id) {
    if (this.desk.state.route.id === id) return this.desk.talks.show(id, true);
    return this.desk.rows.page(this.desk.state.route.view);
  }
}

/** Times offered for putting a talk off, as [key, Date]; working days start at nine. */
export function snoozeChoices(now = new Date()) {
  const inHours = (hours) => new Date(now.getTime() + hours * 3_600_000);
  const at = (days, hour) => {
    const date = new Date(now);
    date.setDate(date.getDate() + days);
    date.setHours(hour, 0, 0, 0);
    return date;
  };
  const toMonday = (8 - now.getDay()) % 7 || 7;
  return [
    ['hour', inHours(1)],
    ['hours', inHours(3)],
    ['tomorrow', at(1, 9)],
    ['monday', at(toMonday, 9)],
  ];
}

/** Which moves a conversation allows the agent `me` now, as handoff/conversations/lifecycle.py has it. */
export function allowed({ status, agent }, me) {
  const own = agent?.id === me?.id;
  const working = own && status === 'assigned';
  const asleep = own && status === 'snoozed';
  return {
    claim: ['queued', 'bot', 'resolved', 'elsewhere'].includes(status) || asleep,
    reply: working,
    note: true,
    handBack: working,
    resolve: working || asleep || status === 'queued',
    snooze: working,
    transfer: working,
  };
}
