"""What holds for every channel of the registry, present and to come, on its own recorded payloads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handoff.channels.arrivals import plain
from handoff.channels.base import Configured, RawRequest, Webhook
from handoff.channels.kinds import kinds
from handoff.channels.lanes import read
from handoff.conversations.inbound import Inbound
from handoff.conversations.intake import cleaned
from handoff.conversations.views import InboxView
from handoff.errors import Invalid, Unauthorised
from tests.handoff.channels import recipe

RECORDED = Path(__file__).parent / "recorded"
CLIENT = httpx.AsyncClient()
KINDS = kinds(CLIENT, CLIENT)
WEBHOOKS = sorted(name for name, channel in KINDS.items() if isinstance(channel, Webhook))
ALL = [*WEBHOOKS, "pigeon"]
few = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def channels(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Those of the registry, and the one of the README's recipe."""
    with pytest.MonkeyPatch.context() as patch:
        recipe.follow(tmp_path_factory.mktemp("recipe"), patch)
        from handoff.channels.kinds import kinds as with_pigeon

        yield with_pigeon(CLIENT, CLIENT)


def inbox(channel: Any, name: str) -> InboxView:
    names = [setting.name for setting in getattr(channel, "settings", ())]
    return InboxView(
        "i1", name, "Shop", dict.fromkeys(names, "1"), credentials=dict.fromkeys(names, "s" * 40)
    )


def payloads(name: str) -> list[bytes]:
    return [path.read_bytes() for path in sorted((RECORDED / name).glob("*.json"))]


def survives(channel: Any, name: str, body: bytes) -> int:
    """Whatever the bytes: a code, or events that can be kept and read again. Returns how many."""
    where = inbox(channel, name)
    try:
        events = channel.parse(where, RawRequest(body, {}))
    except Invalid:
        return 0
    for event in events:
        assert event.key
        kept = plain(event)
        orjson.dumps(kept)
        again = read(kept)
        assert again is not None
        assert again.kind == event.kind
        if isinstance(event, Inbound):
            assert event.contact
            try:
                cleaned(event)
            except Invalid:
                continue
    return len(events)


@pytest.mark.parametrize("name", ALL)
def test_every_recorded_payload_is_read(channels: Any, name: str) -> None:
    bodies = payloads(name)
    assert bodies, f"no recorded payloads of {name}"
    for body in bodies:
        assert survives(channels[name], name, body) > 0


@pytest.mark.parametrize("name", ALL)
def test_an_unsigned_request_is_refused(channels: Any, name: str) -> None:
    for body in payloads(name):
        with pytest.raises(Unauthorised):
            channels[name].verify(inbox(channels[name], name), RawRequest(body, {}))


@pytest.mark.parametrize("name", ALL)
def test_every_cut_is_survived(channels: Any, name: str) -> None:
    for body in payloads(name):
        for end in range(0, len(body), 31):
            survives(channels[name], name, body[:end])


HOSTILE = [
    b"", b"null", b"0", b"[[]]", b"1e999", b"NaN", b'"\\ud83d"', b'[{"a": "\\u0000"}]',
    b"\xff\xfe\x00", "[]".encode("utf-16"), b"[" * 50_000, b'{"a":' * 5_000,
    b'{"a": 1' + b"0" * 5_000 + b"}", b"[" + b"{}," * 20_000 + b"{}]",
]  # fmt: skip


@pytest.mark.parametrize("name", ALL)
def test_hostile_bodies_are_survived(channels: Any, name: str) -> None:
    for body in HOSTILE:
        survives(channels[name], name, body)


anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("abcdefgh_", max_size=8), inner, max_size=4)
    ),
)


@pytest.mark.parametrize("name", ALL)
@given(data=st.data())
@few
def test_whatever_stands_in_any_place_is_survived(channels: Any, name: str, data: st.DataObject) -> None:
    payload = orjson.loads(data.draw(st.sampled_from(payloads(name))))
    for _ in range(data.draw(st.integers(1, 3))):
        where: Any = payload
        while True:
            if not isinstance(where, dict | list) or not where:
                break
            key = data.draw(st.sampled_from(sorted(where) if isinstance(where, dict) else range(len(where))))
            if not isinstance(where[key], dict | list) or not where[key] or data.draw(st.integers(0, 4)) == 0:
                where[key] = data.draw(anything)
                break
            where = where[key]
    survives(channels[name], name, orjson.dumps(payload))


@pytest.mark.parametrize("name", sorted(KINDS))
def test_what_a_channel_claims_fits_together(name: str) -> None:
    can = KINDS[name].capabilities
    assert can.whole or can.text_limit
    assert can.caption_limit == 0 or can.files or can.images
    assert not can.human_window or (can.reply_window and can.human_window > can.reply_window)
    if isinstance(KINDS[name], Webhook):
        assert isinstance(KINDS[name], Configured)
        assert any(setting.secret for setting in KINDS[name].settings)
