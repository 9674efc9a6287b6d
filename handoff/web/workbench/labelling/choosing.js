// Going through the list, and choosing many of its messages: to label them at once, or to give them to somebody.

/** What the page of labelling does with `work.chosen`; `team` is there for who may assign. */
export const Choosing = (Base) => class extends Base {
  static properties = { team: { state: true } };

  connectedCallback() {
    super.connectedCallback();
    if (this.state.can.assign && !this.team) this.desk.api.team().then((team) => (this.team = team), () => {});
  }

  move(by, choosing = false) {
    const next = this.work.neighbour(by);
    if (!next) return;
    if (choosing) {
      this.work.choose(this.work.current, true);
      this.work.choose(next.id, true);
    }
    this.goTo(next.id);
  }

  /** All from the open one to this. */
  chooseTo(item) {
    const ids = this.work.items.map(({ id }) => id);
    const [a, b] = [ids.indexOf(this.work.current), ids.indexOf(item.id)].sort((x, y) => x - y);
    for (const id of ids.slice(Math.max(0, a), b + 1)) this.work.choose(id, true);
  }

  clickedRow(event, item) {
    if (event.shiftKey) {
      event.preventDefault();
      this.chooseTo(item);
    } else if (!this.narrowPage.matches && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      if (event.detail) event.currentTarget.blur(); // by mouse: Enter is to say what it means, not to open it again
      this.goTo(item.id);
    }
  }

  clickedBox(event, item) {
    if (event.shiftKey) this.chooseTo(item);
    else this.work.choose(item.id);
    event.target.blur();
  }

  /** Gives the chosen messages to somebody: nobody else is shown them. */
  async assign(to) {
    const ids = [...this.work.chosen];
    if (!to || !ids.length) return;
    try {
      const { assigned } = await this.desk.api.assign({ to, ids });
      const { name } = this.team.find(({ id }) => id === to);
      this.desk.toast(this.t('labelling.assigned', { count: assigned, name }));
      await this.reload();
    } catch (error) {
      this.desk.trouble(error);
    }
  }
};
