"""The real action server with the small bot's actions, for measuring what a call costs.

``python -m tests.bench.turn_actions``, in the services' environment.
"""

from __future__ import annotations

from urllib.parse import urlsplit

import uvicorn
from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict
from sqlalchemy import select

from actions.app import create_app
from actions.settings import Settings
from actions.shop.models import Order
from actions.tools import Tools


class Facts(Action):
    """Does what most actions do: a read, a slot, a sentence."""

    def __init__(self, tools: Tools) -> None:
        self.tools = tools

    def name(self) -> str:
        return "action_facts"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[dict[str, object]]:
        async with self.tools.database.read() as session:
            number = await session.scalar(select(Order.number).limit(1))
        dispatcher.utter_message(text=f"A fact about {number}")
        return [SlotSet("seen", (tracker.get_slot("seen") or 0) + 1)]


def main() -> None:
    settings = Settings()
    app = create_app(settings, lambda tools: [Facts(tools)])
    port = urlsplit(settings.actions_url).port or 0
    uvicorn.run(app, port=port, log_level="warning", access_log=False, timeout_keep_alive=75)


if __name__ == "__main__":
    main()
