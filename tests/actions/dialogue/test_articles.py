"""When the bot answers from an article, and when it does not."""

from __future__ import annotations

from typing import Any

import pytest
from rasa_sdk.executor import CollectingDispatcher

from actions.db import Database
from actions.dialogue.articles import Informed
from actions.dialogue.doubt import AskReading
from actions.dialogue.talk import Talk
from actions.knowledge.articles import Article
from actions.knowledge.search import Answer, Knowledge
from actions.shop.shop import Shop
from actions.texts import Texts
from actions.tools import Tools
from tests.actions.dialogue.conftest import tracker
from tests.actions.knowledge.articles import GREEK, RETURNS, article


class Facts(Informed):
    action = "action_facts"

    async def facts(self, talk: Talk) -> None:
        talk.say("utter_facts")


class Known(Knowledge):
    """Finds one passage, with a certainty, whatever is asked."""

    def __init__(self, found: Article, section: int, probability: float) -> None:
        super().__init__([found])
        self._answer = Answer(found, found.passages[section], probability)
        self.asked: list[tuple[str, str]] = []

    async def search(self, text: str, language: str, most: int = 1, least: float = 0.5) -> list[Answer]:
        self.asked.append((text, language))
        return [self._answer] if self._answer.probability >= least else []


@pytest.fixture
def knowing(shop: Shop, texts: Texts) -> Any:
    """Tools whose articles say a section of "Returns"."""

    def make(section: int = 1, probability: float = 0.9, found: Article | None = None) -> Tools:
        known = Known(found or article(RETURNS, "returns"), section, probability)
        nowhere = Database("sqlite+aiosqlite:///nowhere.db")
        return Tools(nowhere, shop, texts, known, "https://shop.example")

    return make


async def said(
    action: Any,
    text: str,
    intent: str = "nlu_fallback",
    ranking: Any = (),
    in_scope: float = 0.5,
    **more: Any,
) -> list[Any]:
    """(response, values) of each message."""
    heard = tracker(text, intent=intent, **more)
    heard.latest_message["in_scope"] = in_scope
    heard.latest_message["intent_ranking"] = [{"name": n, "confidence": c} for n, c in dict(ranking).items()]
    dispatcher = CollectingDispatcher()
    await action.run(dispatcher, heard, {})
    return [message for message in dispatcher.messages if message.get("response")]


async def test_a_doubtful_question_is_answered_with_the_passage_its_link_and_a_way_on(knowing: Any) -> None:
    (answer,) = await said(
        AskReading(knowing()), "does sending it back cost me", ranking={"refund_policy": 0.3}
    )
    assert answer["response"] == "utter_from_article"
    assert answer["passage"] == "A return is free. See refunds."
    assert answer["link"] == "https://shop.example/help/en/returns#s1"
    payloads = [button["payload"] for button in answer["buttons"]]
    assert payloads == ["/refund_policy", "/thank", "/contact_human"]


async def test_below_the_threshold_the_bot_asks_back_as_ever(knowing: Any) -> None:
    (answer,) = await said(AskReading(knowing(probability=0.4)), "hm", ranking={"refund_policy": 0.3})
    assert answer["response"] == "utter_which_reading"


async def test_what_is_probably_about_the_customers_own_order_is_not_answered_from_an_article(
    knowing: Any,
) -> None:
    (answer,) = await said(
        AskReading(knowing()), "where is my stuff", ranking={"track_order": 0.35, "late_parcel": 0.2}
    )
    assert answer["response"] == "utter_which_reading"


async def test_what_is_like_none_of_our_wishes_is_answered_whatever_it_is_least_unlike(knowing: Any) -> None:
    ranking = {"damaged_item": 0.5, "return_item": 0.3}
    (answer,) = await said(AskReading(knowing()), "may wool be washed", ranking=ranking, in_scope=0.01)
    assert answer["response"] == "utter_from_article"
    assert [button["payload"] for button in answer["buttons"]] == ["/thank", "/contact_human"]


async def test_an_order_number_is_never_a_question_to_the_articles(knowing: Any) -> None:
    tools = knowing()
    assert await said(AskReading(tools), "so SO-100123 then") == []
    assert tools.knowledge.asked == []


async def test_an_article_in_another_language_says_so(knowing: Any) -> None:
    greek = article(GREEK, "returns", "el")
    (answer,) = await said(AskReading(knowing(0, found=greek)), "returns?")
    assert (answer["response"], answer["language"]) == ("utter_from_article_in", "Greek")
    assert answer["link"].startswith("https://shop.example/help/el/returns")


async def test_a_plain_question_is_answered_by_the_shops_facts(knowing: Any) -> None:
    (answer,) = await said(Facts(knowing(probability=0.2)), "what is your policy", "refund_policy")
    assert answer["response"] == "utter_facts"


async def test_a_question_that_a_section_answers_gets_the_section(knowing: Any) -> None:
    found = article(RETURNS.replace("return_item", "place_order"), "returns")
    (answer,) = await said(Facts(knowing(found=found)), "is a return free", "place_order")
    assert answer["response"] == "utter_from_article"


@pytest.mark.parametrize("section", [0, 2], ids=["before the first section", "a list of countries"])
async def test_facts_are_better_than_what_an_article_says_to_everybody(knowing: Any, section: int) -> None:
    (answer,) = await said(Facts(knowing(section)), "returns?", "refund_policy")
    assert answer["response"] == "utter_facts"


async def test_an_article_about_something_else_does_not_push_itself_before_the_facts(knowing: Any) -> None:
    (answer,) = await said(Facts(knowing()), "how do I order", "place_order")
    assert answer["response"] == "utter_facts"


async def test_a_tapped_button_is_no_question(knowing: Any) -> None:
    tools = knowing()
    (answer,) = await said(Facts(tools), "/refund_policy", "refund_policy")
    assert answer["response"] == "utter_facts"
    assert tools.knowledge.asked == []
