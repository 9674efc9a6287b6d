"""Answers from the help articles: to messages in doubt, and where an article says more than our facts."""

from __future__ import annotations

from abc import abstractmethod

from actions.dialogue.simple import Simple
from actions.dialogue.small import ABOUT_ORDERS
from actions.dialogue.talk import Button, Talk
from actions.knowledge.articles import shortened
from actions.knowledge.certainty import COSTS_IN_TALK, threshold
from actions.knowledge.search import Answer

LONGEST = 500  # characters of a passage that a chat has room for
LEAST = 0.05  # readings less probable than that are not offered beside an answer
OURS = 0.05  # in-scope score: fewer of our own messages than that look so foreign
ENOUGH = threshold(COSTS_IN_TALK)
#: Wishes that are about the customer's own things: an article is no answer to them.
PERSONAL = ABOUT_ORDERS | {
    "list_orders", "change_order", "change_address", "payment_problem", "get_refund", "loyalty_points",
    "my_data", "edit_account", "delete_account", "recover_password", "show_preferences", "set_preference",
    "forget_preferences", "leave_review", "complaint", "contact_human",
}  # fmt: skip


class Informed(Simple):
    """Facts that are the same for everybody; where an article answers what was asked, its words instead."""

    async def answer(self, talk: Talk) -> None:
        found = await _best(talk)
        if found is not None and _says_more(found, talk.intent):
            _say(talk, found, [])
        else:
            await self.facts(talk)

    @abstractmethod
    async def facts(self, talk: Talk) -> None:
        """What the shop's data says."""


async def answer_in_doubt(talk: Talk) -> bool:
    """Answer a message that was not understood from an article, if one does; the likeliest wish is offered.

    What is probably about the customer's own things is left to the question with buttons.
    """
    found = await _best(talk)
    ranking = {str(r["name"]): float(r["confidence"]) for r in talk.said.get("intent_ranking") or ()}
    if float(talk.said.get("in_scope") or 0.0) < OURS:
        ranking = {}  # like none of our wishes: which it is most like tells nothing
    personal = sum(confidence for name, confidence in ranking.items() if name in PERSONAL)
    if found is None or found.probability * (1 - personal) < ENOUGH:
        return False
    likely = [name for name, confidence in ranking.items() if confidence >= LEAST and talk.can_go_on(name)][
        :1
    ]
    _say(talk, found, [talk.button(f"actions.reading.{name}", name) for name in likely])
    return True


async def _best(talk: Talk) -> Answer | None:
    found = await talk.tools.knowledge.search(talk.text, talk.language) if talk.text else []
    return found[0] if found else None


def _says_more(found: Answer, intent: str) -> bool:
    """Lists set countries side by side, and our own facts know the customer's; what stands before the first
    section of an article is said by the facts as well."""
    return intent in found.article.topics and found.passage.number > 0 and not found.passage.is_list


def _say(talk: Talk, found: Answer, buttons: list[Button]) -> None:
    article, passage = found.article, found.passage
    here = article.language == talk.language
    talk.say(
        "utter_from_article" if here else "utter_from_article_in",
        [
            *buttons,
            talk.button("actions.button.helped", "thank"),
            talk.button("actions.reading.contact_human", "contact_human"),
        ],
        passage=shortened(passage.plain, LONGEST),
        link=f"{talk.tools.public_url}/help/{article.language}/{article.slug}#s{passage.number}",
        language=talk.word(f"actions.language.{article.language}"),
    )
