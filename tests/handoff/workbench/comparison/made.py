"""Messages and readings made up by hypothesis, and small ones by hand."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from handoff.workbench.comparison.items import Item, Reading

INTENTS = ("cancel_order", "contact_human", "get_invoice", "track_order")


def item(*wishes: str, text: str = "a message", language: str = "en", weight: float = 1.0) -> Item:
    return Item(text, wishes, language, "Latn", weight)


def read(intent: str, confidence: float = 0.95, *, doubtful: bool = False) -> Reading:
    return Reading(intent, confidence, doubtful)


items = st.builds(
    Item,
    st.text(min_size=1, max_size=5),
    st.one_of(
        st.just(()),
        st.sampled_from(INTENTS).map(lambda one: (one,)),
        st.lists(st.sampled_from(INTENTS), min_size=2, max_size=2, unique=True).map(tuple),
    ),
    st.sampled_from(["en", "hi"]),
    st.sampled_from(["Latn", "Deva"]),
    st.sampled_from([1.0, 2.5]),
)
readings = st.builds(
    Reading,
    st.sampled_from(INTENTS),
    st.floats(0, 1, allow_nan=False),
    st.booleans(),
    st.just(()) | st.lists(st.sampled_from(INTENTS), min_size=2, max_size=2, unique=True).map(tuple),
)
boards: Any = st.lists(st.tuples(items, readings, readings), min_size=1, max_size=40)
