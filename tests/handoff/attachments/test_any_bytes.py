"""Whatever bytes come: they are taken or refused, and nothing else happens."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from handoff.attachments import images, sniffing
from handoff.attachments.rules import MEGABYTE, Refused
from handoff.settings import Settings
from tests.handoff.attachments import samples

WHOLE = [
    samples.picture("PNG"), samples.picture("JPEG"), samples.picture("WEBP"), samples.moving(),
    samples.gifar(), samples.moving(2, kind="PNG"), samples.photo_with_place(), samples.OGG,
    samples.MP4, samples.PDF, samples.archive("word/document.xml"), samples.SVG,
]  # fmt: skip
NOISE = [
    b"",
    b"<script",
    b"PK\x03\x04",
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8\xff",
    b"GIF89a",
    b"RIFF\0\0\0\0WEBP",
    b"%PDF",
]


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A file with bytes changed, cut out, and put in."""
    data = bytearray(draw(st.sampled_from(WHOLE)))
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, max(0, len(data) - 1)))
        cut = draw(st.integers(0, 12))
        data[at : at + cut] = draw(st.binary(max_size=12))
    return bytes(data)


@settings(max_examples=150, deadline=None)
@given(st.one_of(damaged(), st.builds(bytes.__add__, st.sampled_from(NOISE), st.binary(max_size=300))))
def test_any_bytes_are_recognised_as_something_and_drawn_or_refused(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        raw, target = Path(folder) / "raw", Path(folder) / "target"
        raw.write_bytes(data)
        found = sniffing.sniff(raw)
        assert found.kind in ("image", "audio", "video", "file")
        if found.kind != "image":
            assert "html" not in found.media_type
            assert "svg" not in found.media_type
            return
        try:
            drawn = images.redraw(raw, target, found.media_type, 1_000_000)
        except Refused:
            return
        assert sniffing.sniff(target).media_type == drawn.media_type
        assert b"<script" not in target.read_bytes()


@pytest.mark.parametrize(
    "wrong", [{"file_limits": {"images": 5}}, {"file_limits": {"image": 0}}, {"scan": "clamd:"}]
)
def test_settings_that_make_no_sense_are_refused_at_the_start(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Settings(bot_token="b", secret_key="k" * 40, **wrong)  # type: ignore[arg-type]


def test_limits_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SETU_FILE_LIMITS", '{"video": 52428800}')
    monkeypatch.setenv("SETU_FILE_REFUSED", '["program"]')
    monkeypatch.setenv("SETU_FILE_DAYS", "30")
    rules = Settings(bot_token="b", secret_key="k" * 40).rules  # type: ignore[arg-type]
    assert (rules.limit_of("video"), rules.limit_of("image"), rules.most) == (
        50 * MEGABYTE,
        10 * MEGABYTE,
        50 * MEGABYTE,
    )
    assert (rules.refused, rules.keep.days) == (frozenset({"program"}), 30)
