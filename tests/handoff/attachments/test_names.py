"""Names of files: harmless, and honest about what they are the names of."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoff.attachments.names import LONGEST, clean_name, renamed


@pytest.mark.parametrize(
    ("given_name", "extension", "name"),
    [
        ("../../../etc/passwd", "", "passwd"),
        ("..\\..\\windows\\system32\\x.dll", "", "x.dll.bin"),
        ("/var/www/shell.php", ".txt", "shell.php.txt"),
        ("photo.jpg.exe", ".pdf", "photo.jpg.exe.pdf"),
        ("invoice\u202efdp.exe", "", "invoicefdp.exe.bin"),
        (".htaccess", ".txt", "htaccess.txt"),
        ("CON", ".txt", "_CON.txt"),
        ("a\r\nSet-Cookie: x=1.txt", ".txt", "aSet-Cookie_ x=1.txt"),
        ('"><img src=x>.png', ".png", "___img src=x_.png"),
        ("τιμολόγιο 2026.pdf", ".pdf", "τιμολόγιο 2026.pdf"),
        ("रसीद.pdf", ".pdf", "रसीद.pdf"),
        ("data.csv", ".txt", "data.csv"),
        ("page.html", ".txt", "page.html.txt"),
        ("...", ".pdf", ""),
        ("", ".pdf", ""),
        ("\x00\x01", "", ""),
        ("no extension", ".pdf", "no extension.pdf"),
        ("a" * 500 + ".pdf", ".pdf", "a" * (LONGEST - 4) + ".pdf"),
    ],
)
def test_a_name_is_mended(given_name: str, extension: str, name: str) -> None:
    assert clean_name(given_name, extension) == name


def test_a_redrawn_picture_is_called_what_it_is() -> None:
    assert renamed("IMG_1.HEIC", ".jpg") == "IMG_1.jpg"
    assert renamed("", ".jpg") == ""


@given(st.text(max_size=300), st.sampled_from(["", ".pdf", ".txt", ".jpg"]))
def test_no_name_leads_anywhere_or_breaks_a_header(name: str, extension: str) -> None:
    cleaned = clean_name(name, extension)
    assert len(cleaned) <= LONGEST
    assert not set(cleaned) & set('/\\\r\n\0"<>:;|')
    assert not cleaned.startswith(".")
    cleaned.encode()
