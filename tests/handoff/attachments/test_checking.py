"""What a file turns out to be, and what becomes of it before anybody sees it."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from handoff.attachments.checking import Checked, Checker
from handoff.attachments.rules import Refused, Rules
from handoff.attachments.store import Folder
from tests.handoff.attachments import samples

MEGABYTE = 1024 * 1024


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    return tmp_path / "raw"


def put(path: Path, data: bytes) -> None:
    path.write_bytes(data)


def drafts(raw: Path) -> list[Path]:
    return sorted((raw.parent / "files" / "drafts").glob("*"))


async def check(
    raw: Path, data: bytes, name: str = "x", rules: Rules | None = None, expected: str = ""
) -> Checked:
    put(raw, data)
    return await Checker(rules or Rules(), Folder(raw.parent / "files")).check(raw, name, expected)


async def refusal(raw: Path, data: bytes, name: str = "x", rules: Rules | None = None) -> str:
    before = drafts(raw)
    with pytest.raises(Refused) as refused:
        await check(raw, data, name, rules)
    assert drafts(raw) == before  # nothing of it is left
    return refused.value.reason


@pytest.mark.parametrize(
    ("data", "kind", "media_type"),
    [
        (samples.picture("PNG"), "image", "image/png"),
        (samples.picture("JPEG"), "image", "image/jpeg"),
        (samples.picture("WEBP"), "image", "image/webp"),
        (samples.picture("BMP"), "image", "image/png"),
        (samples.moving(), "image", "image/gif"),
        (samples.OGG, "audio", "audio/ogg"),
        (b"ID3\x03\0\0\0\0\0\x0a" + b"\0" * 100, "audio", "audio/mpeg"),
        (b"RIFF\x24\0\0\0WAVEfmt " + b"\0" * 30, "audio", "audio/wav"),
        (b"#!AMR\n" + b"\x3c\x91\xff\0" * 20, "audio", "audio/amr"),
        (samples.MP4, "video", "video/mp4"),
        (samples.PDF, "file", "application/pdf"),
        (samples.archive("a.txt"), "file", "application/zip"),
        ("Γειά σου, hello".encode(), "file", "text/plain"),
        (b"a < b and <3", "file", "text/plain"),
        (bytes(range(256)) * 4, "file", "application/octet-stream"),
    ],
)
async def test_the_type_is_what_the_bytes_say(raw: Path, data: bytes, kind: str, media_type: str) -> None:
    checked = await check(raw, data, "invoice.exe")
    assert (checked.kind, checked.media_type) == (kind, media_type)


async def test_office_documents_are_told_apart_and_their_macros_refused(raw: Path) -> None:
    word = await check(raw, samples.archive("[Content_Types].xml", "word/document.xml"), "cv.docx")
    assert (word.media_type.rpartition(".")[2], word.name) == ("document", "cv.docx")
    assert await refusal(raw, samples.archive("word/document.xml", "word/vbaProject.bin")) == "type"


async def test_a_film_with_sound_alone_is_a_voice_note_if_the_platform_says_so(raw: Path) -> None:
    assert (await check(raw, samples.MP4, expected="audio")).media_type == "audio/mp4"
    assert (await check(raw, samples.HTML.replace(b"<", b"("), expected="audio")).kind == "file"


@pytest.mark.parametrize(
    "data",
    [
        samples.SVG,
        b'\n <?xml version="1.0"?>\n' + samples.SVG,
        b"\xef\xbb\xbf" + samples.HTML,
        ("\ufeff" + samples.HTML.decode()).encode("utf-16-le"),
        b"hello <script>alert(1)</script>",
        b"<?php system($_GET[0]); ?>",
        b"<html>\x80\x81 in an old encoding",
        samples.EXE,
        b"\x7fELF\x02\x01\x01" + b"\0" * 90,
        b"#!/bin/sh\nrm -rf /",
        samples.archive("META-INF/MANIFEST.MF", "Evil.class"),
    ],
)
async def test_markup_and_programs_are_refused_whatever_they_are_called(raw: Path, data: bytes) -> None:
    assert await refusal(raw, data, "holiday.jpg") == "type"


async def test_where_markup_is_taken_it_is_octets_under_a_harmless_name(raw: Path) -> None:
    checked = await check(raw, samples.SVG, "logo.svg", Rules(refused=frozenset({"program"})))
    assert (checked.kind, checked.media_type, checked.name) == (
        "file",
        "application/octet-stream",
        "logo.svg.txt",
    )


@pytest.mark.parametrize(
    "data",
    [
        samples.gifar(),
        samples.jpeg_with_markup(),
        samples.png_with_text(),
        samples.picture("PNG") + samples.HTML,
    ],
)
async def test_of_a_picture_only_its_pixels_are_kept(raw: Path, data: bytes) -> None:
    kept = (await check(raw, data)).draft.read_bytes()
    assert not any(part in kept for part in (b"<script", b"META-INF", b"PK\x03\x04"))


async def test_where_a_photo_was_taken_is_forgotten_and_it_stands_upright(raw: Path) -> None:
    data = samples.photo_with_place()
    assert b"SecretCamera" in data
    checked = await check(raw, data, "IMG_1.JPG")
    kept = checked.draft.read_bytes()
    assert b"SecretCamera" not in kept
    assert not Image.open(io.BytesIO(kept)).getexif()
    assert (checked.width, checked.height, checked.name) == (30, 40, "IMG_1.JPG")


async def test_animations_stay_animated_unless_they_are_endless(raw: Path) -> None:
    for kind in ("GIF", "WEBP", "PNG"):
        kept = await check(raw, samples.moving(4, kind=kind))
        assert Image.open(kept.draft).n_frames == 4
    for endless in (samples.moving(301), samples.moving(20, (1300, 1300))):
        assert Image.open((await check(raw, endless)).draft).n_frames == 1


async def test_of_a_photo_with_two_views_in_it_the_first_is_kept(raw: Path) -> None:
    data = samples.moving(2, (60, 40), "MPO")
    checked = await check(raw, data, "3d.jpg")
    assert (checked.media_type, checked.width, checked.height) == ("image/jpeg", 60, 40)


async def test_transparency_survives(raw: Path) -> None:
    data = io.BytesIO()
    Image.new("RGBA", (8, 8), (1, 2, 3, 0)).save(data, "PNG")
    assert Image.open((await check(raw, data.getvalue())).draft).getpixel((0, 0))[3] == 0


async def test_a_large_picture_is_made_smaller(raw: Path) -> None:
    checked = await check(raw, samples.picture("JPEG", (6000, 300)))
    assert checked.width == 4096


async def test_a_bomb_does_not_go_off(raw: Path) -> None:
    assert await refusal(raw, samples.png_bomb()) == "pixels"
    assert await refusal(raw, samples.png_bomb(7000, 7000)) == "pixels"
    assert await refusal(raw, samples.picture("GIF", (200, 200)), rules=Rules(pixels=39_999)) == "pixels"


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
async def test_half_a_picture_is_refused(raw: Path, kind: str) -> None:
    data = samples.picture(kind, (300, 300), **({"quality": 95} if kind == "JPEG" else {}))
    assert await refusal(raw, data[: len(data) // 2]) == "broken"


async def test_nothing_and_too_much_are_refused(raw: Path) -> None:
    assert await refusal(raw, b"") == "empty"
    assert await refusal(raw, b"a" * (10 * MEGABYTE + 1)) == "too_large"
    assert (await check(raw, b"a" * (10 * MEGABYTE))).size == 10 * MEGABYTE


async def test_kinds_have_limits_of_their_own(raw: Path) -> None:
    rules = Rules(limit=1000, limits={"audio": 50, "video": 5000})
    assert await refusal(raw, samples.OGG + b"\0" * 50, rules=rules) == "too_large"
    assert (await check(raw, samples.MP4 + b"\0" * 2000, rules=rules)).kind == "video"
    assert await refusal(raw, b"a" * 1001, rules=rules) == "too_large"


async def test_the_raw_file_is_left_where_it_is(raw: Path) -> None:
    checked = await check(raw, samples.PDF)
    assert [path.exists() for path in (raw, checked.draft)] == [True, True]
