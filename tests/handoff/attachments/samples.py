"""Files for tests, made here: pictures, voices, programs, and things that pretend to be others."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

from PIL import Image, PngImagePlugin

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(document.domain)</script>"
PDF = b"%PDF-1.7\n1 0 obj <</Type /Catalog /OpenAction <</S /JavaScript /JS (app.alert(1))>>>> endobj\n%%EOF"
OGG = b"OggS\0\2" + b"\0" * 22 + b"\x01\x13OpusHead\x01" + b"\0" * 40
MP4 = b"\0\0\0\x18ftypisom\0\0\2\0isomiso2" + b"\0" * 200
EXE = b"MZ\x90\0\x03\0\0\0" + b"\0" * 200


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 30), **options: object) -> bytes:
    data = io.BytesIO()
    image = Image.new("RGB", size, (200, 30, 90))
    image.save(data, kind, **options)
    return data.getvalue()


def photo_with_place() -> bytes:
    """A JPEG, lying on its side, that says where it was taken."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010F] = "SecretCamera"
    exif.get_ifd(0x8825)[2] = (37.0, 58.0, 17.0)
    return picture("JPEG", (40, 30), exif=exif)


def moving(frames: int = 3, size: tuple[int, int] = (16, 16), kind: str = "GIF") -> bytes:
    data = io.BytesIO()
    images = [Image.new("RGB", size, (at * 40 % 256, 10, 10)) for at in range(frames)]
    moves = {"duration": 80, "loop": 0} if kind != "MPO" else {}
    images[0].save(data, kind, save_all=True, append_images=images[1:], **moves)
    return data.getvalue()


def jpeg_with_markup() -> bytes:
    return picture("JPEG", comment=b"<script>alert(1)</script>" + HTML)


def png_with_text() -> bytes:
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", "<script>alert(1)</script>")
    return picture("PNG", pnginfo=text)


def archive(*names: str, prefix: bytes = b"") -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as packed:
        for name in names:
            packed.writestr(name, "x")
    return prefix + data.getvalue()


def gifar() -> bytes:
    """A GIF with a JAR behind it."""
    return archive("META-INF/MANIFEST.MF", "Evil.class", prefix=picture("GIF"))


def png_bomb(width: int = 60_000, height: int = 60_000) -> bytes:
    """A few hundred bytes that say they are gigabytes of pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )
