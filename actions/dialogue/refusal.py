"""Saying why the shop refuses something."""

from __future__ import annotations

from actions.dialogue.talk import Talk
from actions.errors import ShopError


def refused(talk: Talk, error: ShopError) -> None:
    """Say the reason in the shop's own words, and offer a person."""
    talk.say(
        "utter_refused",
        [talk.button("actions.reading.contact_human", "contact_human")],
        reason=talk.word(error.key, **error.values),
    )
