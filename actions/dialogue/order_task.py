"""Tasks about one order: which one is meant, and that it is the asker's own."""

from __future__ import annotations

from abc import abstractmethod
from datetime import datetime

from actions.dialogue.answers import picked, said_any
from actions.dialogue.handoff import hand_over
from actions.dialogue.order import (
    ALL,
    choose,
    goods,
    holding,
    likeness,
    line_title,
    number_in,
    order_of,
    own_orders,
)
from actions.dialogue.talk import Talk, option
from actions.dialogue.task import Task
from actions.shop.models import Order

SHOWN = 4  # orders offered as buttons

MISMATCHES = 3  # wrong pairs of number and e-mail, then a person helps


class WhichOrder:
    """The number of the order; buttons for a known customer's recent ones."""

    slot = "order_number"

    def __init__(self, task: OrderTask) -> None:
        self._task = task

    async def needed(self, talk: Talk) -> bool:
        return True

    async def take(self, talk: Talk, asked: bool) -> bool:
        number = number_in(talk) or await self._meant(talk, asked)
        if number is None:
            return asked and said_any(talk, "no_number")
        if number == talk.get("order_number") and not asked:
            return False
        choose(talk, number)
        if talk.customer_id and await order_of(talk) is None:
            talk.say("utter_order_unknown", number=number)
            talk.forget("order_number")
        return True

    async def _meant(self, talk: Talk, asked: bool) -> str | None:
        """One of the buttons, in words: what is in it, its place in the row, "the other one"."""
        if not (asked or said_any(talk, "other")):
            return None
        candidates = await self._task.candidates(talk)
        held = holding(talk, candidates) if asked else []
        if len(held) == 1:
            return held[0].number
        shown = [order.number for order in candidates]
        present = shown.index(talk.get("order_number")) if talk.get("order_number") in shown else None
        index = picked(talk, len(shown), present)
        return shown[index] if index is not None else None

    async def ask(self, talk: Talk) -> None:
        if said_any(talk, "no_number") or (talk.get("misses") and not talk.customer_id):
            talk.say("utter_number_where", [talk.button("actions.reading.contact_human", "contact_human")])
            return
        shown = await self._task.candidates(talk)
        buttons = [
            option(
                talk.word("actions.order_title", number=o.number, goods=goods(talk, o)),
                "inform",
                order_number=o.number,
            )
            for o in shown
        ]
        talk.say("utter_which_order" if talk.customer_id else "utter_which_number", buttons)


class WhichItem:
    """Which line of the order, by its position, or all of them."""

    slot = "item"

    def __init__(self, task: str, all_of_them: bool = False) -> None:
        self._task, self._all = task, all_of_them

    async def needed(self, talk: Talk) -> bool:
        return True

    async def take(self, talk: Talk, asked: bool) -> bool:
        order = await order_of(talk)
        if order is None:
            return False
        item = talk.entity("item") if talk.tapped else self._named(talk, order, asked)
        fits = item in [str(line.position) for line in order.lines] or (self._all and item == ALL)
        new = fits and (asked or item != talk.get("item"))
        if new:
            talk.put(item=item)
        return new

    def _named(self, talk: Talk, order: Order, asked: bool) -> str | None:
        if asked and self._all and said_any(talk, "all"):
            return ALL
        colour = talk.reference.colour(talk.text)
        shared = {line.position: likeness(talk, line) + (line.colour == colour) for line in order.lines}
        best = [position for position, n in shared.items() if n and n == max(shared.values())]
        if len(best) == 1:
            return str(best[0])
        index = picked(talk, len(order.lines)) if asked else None
        return str(order.lines[index].position) if index is not None else None

    async def ask(self, talk: Talk) -> None:
        order = await order_of(talk)
        assert order is not None
        buttons = [
            option(line_title(talk, line), "inform", item=str(line.position)) for line in order.lines[:9]
        ]
        if self._all:
            buttons.append(talk.button("actions.button.all", "inform", item=ALL))
        talk.say("utter_which_item", buttons, number=order.number)


class OrderTask(Task):
    """A task about one order."""

    async def begin(self, talk: Talk) -> None:
        """Without a number in the message: the order with the thing that is named, else the one talked
        about (if it is likely meant, or "it" is), else the only likely one."""
        if not talk.customer_id or number_in(talk):
            return
        kept, likely = await order_of(talk), await self._likely(talk)
        named = holding(talk, likely) or holding(talk, await own_orders(talk))
        if named and kept and kept.number not in [order.number for order in named]:
            kept = None
        if kept and (kept.number in [o.number for o in likely] or not likely or said_any(talk, "it")):
            return
        talk.forget("order_number")
        meant = named or likely
        if len(meant) == 1:
            choose(talk, meant[0].number)

    def likely(self, order: Order, now: datetime) -> bool:
        """Whether such an order may well be meant when none was named."""
        return True

    async def fits(self, talk: Talk, order: Order) -> bool:
        """Whether the task makes sense for it; if not, say why."""
        return True

    @abstractmethod
    async def do_for(self, talk: Talk, order: Order) -> None:
        """The task for the order found."""

    async def none_likely(self, talk: Talk, mine: list[Order]) -> bool:
        """No order fits and none was named: take the newest, whose state then explains."""
        choose(talk, mine[0].number)
        return True

    async def candidates(self, talk: Talk) -> list[Order]:
        return (await self._likely(talk) or await own_orders(talk))[:SHOWN]

    async def _likely(self, talk: Talk) -> list[Order]:
        return [order for order in await own_orders(talk) if self.likely(order, talk.now())]

    async def possible(self, talk: Talk) -> bool:
        unknown = number_in(talk) is not None  # a number was given, and it is not one of theirs
        if talk.customer_id and not talk.get("order_number") and not unknown and not await self._choose(talk):
            return False
        if not talk.get("order_number") or not (talk.customer_id or talk.get("email")):
            return True
        order = await order_of(talk)
        if order is None:
            return self._mismatch(talk)
        talk.forget("mismatches")
        if any(q.slot == "item" for q in self.questions) and len(order.lines) == 1:
            talk.put(item=str(order.lines[0].position))
        return await self.fits(talk, order)

    async def _choose(self, talk: Talk) -> bool:
        mine = await own_orders(talk)
        if not mine:
            talk.say("utter_no_orders")
            return False
        likely = await self._likely(talk)
        if len(likely) == 1 or len(mine) == 1:
            choose(talk, (likely or mine)[0].number)
        elif not likely:
            return await self.none_likely(talk, mine)
        return True

    def _mismatch(self, talk: Talk) -> bool:
        """Number and e-mail do not belong together; which of them is wrong is not told."""
        mismatches = int(talk.get("mismatches") or 0) + 1
        talk.put(mismatches=mismatches)
        if mismatches == MISMATCHES:
            hand_over(talk, "cannot", note=talk.word("actions.note.not_matched"))
            talk.forget("mismatches", "order_number", "email")
            return False
        talk.say("utter_order_not_matched", number=str(talk.get("order_number")))
        talk.forget("email")
        return True

    async def do(self, talk: Talk) -> None:
        order = await order_of(talk)
        assert order is not None  # possible() has seen it in this very turn
        await self.do_for(talk, order)
