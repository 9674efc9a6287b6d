"""Windows after the customer's last message: open, for people only, for templates only, closed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoff.channels.base import Capabilities
from handoff.delivery.windows import Window, way

WROTE = datetime(2026, 11, 20, 10, tzinfo=UTC)
DAY, WEEK = timedelta(hours=24), timedelta(days=7)
TICK = timedelta(microseconds=1)
MESSENGER = Capabilities(reply_window=DAY, human_window=WEEK)
WHATSAPP = Capabilities(reply_window=DAY, templates=True)


@pytest.mark.parametrize(
    ("can", "sender", "waited", "expected"),
    [
        (MESSENGER, "bot", DAY - TICK, "open"),
        (MESSENGER, "bot", DAY, "closed"),
        (MESSENGER, "system", DAY, "closed"),
        (MESSENGER, "agent", DAY - TICK, "open"),
        (MESSENGER, "agent", DAY, "late"),
        (MESSENGER, "agent", WEEK - TICK, "late"),
        (MESSENGER, "agent", WEEK, "closed"),
        (WHATSAPP, "agent", DAY - TICK, "open"),
        (WHATSAPP, "agent", DAY, "template_only"),
        (Capabilities(), "bot", WEEK * 52, "open"),
    ],
)
def test_windows_close_to_the_instant(
    can: Capabilities, sender: str, waited: timedelta, expected: str
) -> None:
    assert way(can, WROTE, sender, WROTE + waited) == expected


def test_who_never_wrote_can_only_be_sent_a_template() -> None:
    assert way(MESSENGER, None, "agent", WROTE) == "closed"
    assert way(WHATSAPP, None, "agent", WROTE) == "template_only"
    assert way(WHATSAPP, None, "agent", WROTE, template=True) == "open"
    assert way(MESSENGER, None, "agent", WROTE, template=True) == "closed"


@given(
    st.builds(
        Capabilities,
        reply_window=st.sampled_from([None, DAY]),
        human_window=st.sampled_from([None, WEEK]),
        templates=st.booleans(),
    ),
    st.timedeltas(timedelta(0), timedelta(days=30)),
    st.sampled_from(["bot", "system"]),
    st.booleans(),
)
def test_nothing_that_a_machine_wrote_is_ever_tagged_as_a_persons(
    can: Capabilities, waited: timedelta, sender: str, template: bool
) -> None:
    assert way(can, WROTE, sender, WROTE + waited, template=template) != "late"


@given(st.timedeltas(timedelta(0), timedelta(days=30)))
def test_what_the_desk_is_told_is_what_happens(waited: timedelta) -> None:
    for can in (MESSENGER, WHATSAPP):
        window, found = Window.of(can, WROTE, WROTE + waited), way(can, WROTE, "agent", WROTE + waited)
        assert (window.open, window.template_only) == (found == "open", found == "template_only")
        assert window.closes_at == WROTE + DAY
