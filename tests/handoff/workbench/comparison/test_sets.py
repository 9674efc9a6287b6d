"""Which messages models are compared on, and for how many each stands."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from actions.db import Database, new_id
from handoff.agents.models import Agent
from handoff.workbench.comparison.items import Item
from handoff.workbench.comparison.sets import ENOUGH, choose, frozen, learnt, shop, weight
from handoff.workbench.models import Annotation, Utterance


def few(n: int, prefix: str = "some message number") -> list[Item]:
    return [Item(f"{prefix} {at}", ("greet",), "en", "Latn") for at in range(n)]


async def labelled(database: Database, text: str, *labels: dict[str, Any], **more: Any) -> None:
    row = {"language": "en", "script": "Latn", "frozen": True, "state": "settled"} | more
    async with database.write() as session:
        agent = Agent(
            id=new_id(), email=f"{new_id()}@example.org", name="Ann", password_hash="", role="trainer"
        )
        session.add(agent)
        utterance = Utterance(id=new_id(), key=new_id(), text=text, **row)
        session.add(utterance)
        await session.flush()
        for label in labels:
            said = {
                "kind": "intent",
                "agent_id": agent.id,
                "batch": "b",
                "utterance_id": utterance.id,
            } | label
            session.add(Annotation(**said))


async def test_the_shops_own_set_is_read_with_its_wishes_and_without_what_is_learnt(
    database: Database, root: Path
) -> None:
    found = await frozen(database, root)
    assert [(one.truth, one.wishes, one.language) for one in found.items] == [
        ("cancel_order", ("cancel_order",), "en"),
        ("track_order", ("track_order",), "en"),
        ("cancel_order", ("cancel_order", "get_invoice"), "en"),
        ("out_of_scope", (), "en"),
        ("track_order", ("track_order",), "hi"),
    ]
    traffic, own = found.sets
    assert (traffic["name"], traffic["size"], traffic["chosen"]) == ("traffic", 0, False)
    assert (own["name"], own["size"], own["chosen"]) == ("shop", 5, True)
    assert own["leaks"] == {"count": 1, "examples": ["where is my order"]}
    assert own["languages"] == {"en": 4, "hi": 1}


async def test_traffic_counts_when_it_is_frozen_and_settled(database: Database, root: Path) -> None:
    await labelled(database, "cancel my thing please", {"intent": "cancel_order"}, count=10)
    await labelled(database, "who is the president", {"kind": "out_of_scope"})
    await labelled(
        database, "stop it and pay me back", {"kind": "two_wishes", "wishes": ["cancel_order", "get_refund"]}
    )
    await labelled(database, "I could not tell either", {"kind": "skip"})
    await labelled(database, "not yet agreed upon", {"intent": "greet"}, state="labelled")
    await labelled(database, "to be learnt from later", {"intent": "greet"}, frozen=False)
    await labelled(database, "this is in another language", {"intent": "greet", "language": "el"})
    items = {one.text: one for one in (await frozen(database, root)).items}
    assert items["cancel my thing please"].weight == pytest.approx(weight(10), abs=1e-3)
    assert items["who is the president"].wishes == ()
    assert items["stop it and pay me back"].wishes == ("cancel_order", "get_refund")
    assert items["this is in another language"].language == "el"
    assert not {"I could not tell either", "not yet agreed upon", "to be learnt from later"} & items.keys()


async def test_a_decision_between_those_who_disagree_is_the_truth(database: Database, root: Path) -> None:
    settled = {"intent": "get_refund", "settles": True}
    await labelled(database, "money back for this one", {"intent": "cancel_order"}, settled)
    found = {one.text: one.truth for one in (await frozen(database, root)).items}
    assert found["money back for this one"] == "get_refund"


def test_enough_traffic_stands_alone_and_less_is_joined_by_the_shops_own_set() -> None:
    own = few(30, "one of the shop's own")
    for n, expected in ((ENOUGH, [True, False]), (ENOUGH - 1, [True, True]), (0, [False, True])):
        found = choose(few(n), own, frozenset())
        assert [one["chosen"] for one in found.sets] == expected
        assert len(found.items) == n * expected[0] + 30 * expected[1]


def test_what_everybody_says_is_no_leak_and_leaks_do_not_make_traffic_enough(root: Path) -> None:
    known = learnt(root)
    said = [
        Item(text, ("greet",), "en", "Latn") for text in ("Hello!", "WHERE is my order??", "will it rain")
    ]
    found = choose([*said, *few(ENOUGH - 2)], [], known)
    assert found.sets[0]["leaks"]["count"] == 2
    assert found.sets[0]["size"] == ENOUGH - 1
    assert found.items[0].text == "Hello!"


def test_weights_give_back_the_traffic_that_was_drawn_from() -> None:
    """Of greetings written 40 times, and rare messages, a tenth of all utterances is drawn."""
    random = np.random.default_rng(3)
    counts = np.array([40] * 500 + [1] * 20_000)
    share = []
    for _ in range(40):
        weights = Counter({True: 0.0, False: 0.0})
        for count in counts[random.random(len(counts)) < 0.1]:
            weights[bool(count == 40)] += weight(int(count))
        share.append(weights[True] / (weights[True] + weights[False]))
    assert sum(share) / len(share) == pytest.approx(0.5, abs=0.02)


def test_a_line_that_is_none_is_left_out(root: Path) -> None:
    assert len(list(shop(root))) == 6
