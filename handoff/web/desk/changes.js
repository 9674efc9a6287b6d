// What an agent does to one message: send it again, answer it, change it, take it back.

export class Changes {
  constructor(desk) {
    this.desk = desk;
    this.working = new Set(); // "conversation/number" of the calls under way
  }

  get draft() {
    return (id) => this.desk.state.drafts[id] ?? {};
  }

  busy(id, number) {
    return this.working.has(`${id}/${number}`);
  }

  resend(id, number) {
    return this.run(id, number, () => this.desk.api.resend(id, number), 'delivery.resent');
  }

  remove(id, number) {
    return this.run(id, number, () => this.desk.api.remove(id, number), 'message.removed');
  }

  /** The next reply answers that message of the customer's (`null`: none). */
  quote(id, number) {
    this.desk.saveDraft(id, { mode: 'reply', replyTo: number, editing: null });
    return this.write();
  }

  /** The field holds the words of that message, to be changed; what was being written comes back afterwards. */
  edit(id, { number, text }) {
    const { reply = '' } = this.draft(id);
    this.desk.saveDraft(id, { mode: 'reply', editing: { number, before: text, kept: reply }, reply: text, template: null });
    return this.write();
  }

  leaveEdit(id) {
    const { editing } = this.draft(id);
    this.desk.saveDraft(id, { editing: null, reply: editing?.kept ?? '' });
    return this.write();
  }

  async saveEdit(id, text) {
    const { editing } = this.draft(id);
    if (text === editing.before) return this.leaveEdit(id);
    const done = await this.run(id, editing.number, () => this.desk.api.edit(id, editing.number, text), 'message.changed');
    return done && this.leaveEdit(id);
  }

  write() {
    return document.querySelector('setu-composer')?.focusOn('reply');
  }

  /** Runs a call about one message; true when it worked. What it answers is shown at once, the rest comes as news. */
  async run(id, number, ask, said) {
    if (this.busy(id, number)) return false;
    this.working.add(`${id}/${number}`);
    try {
      const { message, delivery } = await ask();
      if (message) this.desk.store.dispatch({ type: 'message', id, message });
      if (delivery) this.desk.store.dispatch({ type: 'delivery', id, number, delivery });
      this.desk.toast(this.desk.texts.t(said), 'good');
      return true;
    } catch (error) {
      this.desk.trouble(error);
      return false;
    } finally {
      this.working.delete(`${id}/${number}`);
    }
  }
}
