"""The servers that all conversation tests share, and the customers they may be."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from actions.shop.demo import demo_customers
from bot.contract import TurnReply
from tests.stories.story import Player, Responses, Story, StoryError
from tests.support.servers import ROOT, action_server, bot_server, restore, seeded, snapshot

ANONYMOUS_LOCALE = "en-IN"


@pytest.fixture(scope="session")
def fresh_shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Callable[..., Any], Any]]:
    """Bot and action server over a seeded shop: a way to ask, and a way to begin anew."""
    folder = tmp_path_factory.mktemp("stories")
    with seeded(folder) as place:
        clean = snapshot(place)
        with action_server(place) as actions, bot_server(place) as bot, httpx.Client(timeout=20) as client:

            def ask(request: dict[str, Any]) -> TurnReply:
                answer = client.post(f"{bot.url}/webhooks/setu/turn", headers=bot.headers, json=request)
                if answer.status_code != 200:
                    failure = answer.json()["error"]
                    raise StoryError(
                        f"the turn failed: {answer.status_code} {failure['code']}: {failure['message']}\n"
                        f"action server:\n{actions.process.output(3000)}"
                    )
                return TurnReply.from_dict(answer.json())

            yield ask, lambda: restore(place, clean)


@pytest.fixture(scope="session")
def responses() -> Responses:
    return Responses(sorted((ROOT / "data" / "responses").glob("*.yml")))


@pytest.fixture
def play(fresh_shop: tuple[Callable[..., Any], Any], responses: Responses) -> Callable[[Path], None]:
    """Play the story in a file over an untouched shop."""
    ask, begin_anew = fresh_shop
    known = {customer.story: customer for customer in demo_customers()}

    def play_file(path: Path) -> None:
        __tracebackhide__ = True
        begin_anew()
        story = Story.read(path)
        customer = known.get(story.customer or "")
        customer_id = customer.id if customer else story.customer
        locale = story.locale or (customer.locale if customer else ANONYMOUS_LOCALE)
        Player(ask, responses, customer_id, locale).play(story)

    return play_file
