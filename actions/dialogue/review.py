"""Reviews of what was bought: stars, and some words if one likes."""

from __future__ import annotations

import re

from actions.dialogue.answers import free_answer, plain, said_any
from actions.dialogue.order import own_orders
from actions.dialogue.refusal import refused
from actions.dialogue.talk import Talk, option
from actions.dialogue.task import Task
from actions.errors import ShopError
from actions.shop import products
from actions.shop.models import OrderLine
from actions.shop.vocabulary import tokens
from bot.reading.fold import digits
from bot.reading.grammar import numbers_in

SHOWN = 5
NO_WORDS = "-"
# What a review may sound like: it is about the product, not a wish for something to be done.
NEAR = frozenset(
    {"leave_review", "complaint", "damaged_item", "wrong_item", "late_parcel", "thank", "size_help"}
    | {
        "recommend",
        "small_talk",
        "set_preference",
        "return_item",
        "find_product",
        "affirm",
        "greet",
        "insult",
    }
)
_STARS = re.compile(r"(?<!\d)([1-5])(?!\d)")


async def bought(talk: Talk) -> list[OrderLine]:
    """What the customer got, newest first, each product once."""
    lines: dict[str, OrderLine] = {}
    for order in await own_orders(talk):
        if order.delivered_at is not None:
            for line in order.lines:
                lines.setdefault(line.product_id, line)
    return list(lines.values())


class WhichBought:
    slot = "product"

    async def needed(self, talk: Talk) -> bool:
        return True

    async def take(self, talk: Talk, asked: bool) -> bool:
        lines = await bought(talk)
        if talk.tapped:
            chosen = talk.entity("product")
        else:
            words = set(tokens(talk.text))
            shared = {line.product_id: len(words & set(tokens(line.name))) for line in lines}
            best = [product for product, n in shared.items() if n and n == max(shared.values())]
            chosen = best[0] if len(best) == 1 else None
        known = chosen in {line.product_id for line in lines}
        if known:
            talk.put(product=chosen)
        return known

    async def ask(self, talk: Talk) -> None:
        lines = (await bought(talk))[:SHOWN]
        buttons = [option(line.name, "inform", product=line.product_id) for line in lines]
        talk.say("utter_review_what", buttons)


class Stars:
    slot = "rating"

    async def needed(self, talk: Talk) -> bool:
        return True

    async def take(self, talk: Talk, asked: bool) -> bool:
        said = talk.entity("rating") if talk.tapped else self._said(talk, asked)
        found = _STARS.fullmatch(said or "")
        if found:
            talk.put(rating=int(found[1]))
        return found is not None

    def _said(self, talk: Talk, asked: bool) -> str | None:
        """A number from 1 to 5, in digits, words or stars; unasked only with the word for stars."""
        if "★" in talk.text or "⭐" in talk.text:
            return str(talk.text.count("★") + talk.text.count("⭐"))
        if not asked and not said_any(talk, "stars"):
            return None
        found = _STARS.findall(digits(talk.text))
        if len(found) == 2 and "5" in found:
            return str(min(found))  # "4 out of 5", and "5 में से 4"
        return (
            found[0]
            if found
            else next((str(n) for n in numbers_in(talk.grammar, talk.text) if n in range(1, 6)), None)
        )

    async def ask(self, talk: Talk) -> None:
        buttons = [option("★" * n, "inform", rating=str(n)) for n in range(5, 0, -1)]
        talk.say("utter_review_stars", buttons)


class ReviewWords:
    slot = "review_text"

    async def needed(self, talk: Talk) -> bool:
        return True

    async def take(self, talk: Talk, asked: bool) -> bool:
        if not asked:
            return False
        if talk.entity("skip") or talk.intent == "deny" or said_any(talk, "skip"):
            talk.put(review_text=NO_WORDS)
            return True
        words = free_answer(talk, "leave_review", NEAR, questions_too=talk.intent in NEAR)
        if words:
            talk.put(review_text=plain(words)[:2000])
        return bool(words)

    async def ask(self, talk: Talk) -> None:
        talk.say("utter_review_words", [talk.button("actions.button.skip", "inform", skip="yes")])


class LeaveReview(Task):
    name = "leave_review"

    def __init__(self) -> None:
        self.questions = (WhichBought(), Stars(), ReviewWords())

    async def possible(self, talk: Talk) -> bool:
        if talk.customer_id is None:
            talk.say("utter_sign_in_first")
            return False
        lines = await bought(talk)
        if not lines:
            talk.say("utter_review_nothing")
        elif len(lines) == 1:
            talk.put(product=lines[0].product_id)
        return bool(lines)

    async def do(self, talk: Talk) -> None:
        words = str(talk.get("review_text"))
        try:
            async with talk.write() as session:
                await products.review(
                    session,
                    str(talk.customer_id),
                    str(talk.get("product")),
                    int(talk.get("rating")),
                    "" if words == NO_WORDS else words,
                    now=talk.now(),
                )
        except ShopError as error:
            refused(talk, error)
            return
        talk.say("utter_review_thanks")
