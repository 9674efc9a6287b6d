"""Red, yellow or green: what keeps messages from coming or going, and what may soon."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from handoff.inboxes.judgement import Facts, judge

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
FINE = Facts(has_webhook=True, last_webhook_at=NOW - timedelta(minutes=1), sent=100)


def days(count: float) -> datetime:
    return NOW + timedelta(days=count)


@pytest.mark.parametrize(
    ("facts", "state", "signs"),
    [
        (FINE, "good", []),
        (Facts(), "good", []),
        (Facts(has_webhook=True), "new", ["quiet"]),
        (replace(FINE, disabled=True, problem="x", dead=3), "off", ["disabled"]),
        (replace(FINE, problem="The token is bad"), "bad", ["problem"]),
        (replace(FINE, token_expires_at=days(60)), "good", []),
        (replace(FINE, token_expires_at=days(13)), "warn", ["token_expires"]),
        (replace(FINE, token_expires_at=NOW), "bad", ["token_expired"]),
        (Facts(has_webhook=True, refused=1), "bad", ["signatures"]),
        (replace(FINE, refused=2), "good", []),  # somebody tried, and right ones keep coming
        (replace(FINE, refused=3), "warn", ["signatures"]),
        (replace(FINE, failed=4), "good", []),
        (replace(FINE, failed=10), "warn", ["failing"]),
        (replace(FINE, sent=1, failed=1), "warn", ["failing"]),  # two tries say little
        (replace(FINE, sent=2, failed=2), "bad", ["failing"]),
        (replace(FINE, dead=1), "warn", ["dead"]),
        (replace(FINE, waiting=9, waiting_since=NOW - timedelta(seconds=9)), "good", []),
        (replace(FINE, waiting=9, waiting_since=NOW - timedelta(minutes=9)), "warn", ["backlog"]),
        (replace(FINE, outgoing=9, outgoing_since=NOW - timedelta(minutes=9)), "warn", ["backlog"]),
        (replace(FINE, broken=1), "warn", ["broken"]),
        (replace(FINE, unknown=50), "good", []),
    ],
)
def test_a_state_and_its_signs(facts: Facts, state: str, signs: list[str]) -> None:
    judged = judge(facts, NOW)
    assert (judged.state, list(judged.signs)) == (state, signs)


def test_the_gravest_comes_first() -> None:
    facts = replace(FINE, dead=1, problem="x", token_expires_at=days(2))
    assert judge(facts, NOW).signs == ("problem", "token_expires", "dead")


def test_a_rate_needs_something_that_was_sent() -> None:
    assert Facts().error_rate is None
    assert replace(FINE, sent=3, failed=1).error_rate == 0.25
