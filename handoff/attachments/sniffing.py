"""What a file is, by its bytes. What its sender calls it is never asked."""

from __future__ import annotations

import codecs
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

import puremagic

HEAD = 4096
UNKNOWN = "application/octet-stream"
_OFFICE = "application/vnd.openxmlformats-officedocument."

# Media type → extension. Only these are ever told to a browser; all else is octets.
IMAGES = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/gif": ".gif",
    "image/webp": ".webp",
    "image/bmp": ".bmp",
}
AUDIO = {
    "audio/mpeg": ".mp3", "audio/ogg": ".ogg", "audio/mp4": ".m4a", "audio/aac": ".aac", "audio/amr": ".amr",
    "audio/wav": ".wav", "audio/webm": ".weba", "audio/flac": ".flac",
}  # fmt: skip
VIDEO = {"video/mp4": ".mp4", "video/webm": ".webm", "video/quicktime": ".mov", "video/3gpp": ".3gp"}
FILES = {
    "application/pdf": ".pdf", "text/plain": ".txt", "application/zip": ".zip",
    _OFFICE + "wordprocessingml.document": ".docx", _OFFICE + "spreadsheetml.sheet": ".xlsx",
    _OFFICE + "presentationml.presentation": ".pptx",
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/vnd.oasis.opendocument.spreadsheet": ".ods",
    "image/heic": ".heic", "image/tiff": ".tiff", "image/avif": ".avif",
}  # fmt: skip
_SAME = {
    "application/ogg": "audio/ogg", "audio/wave": "audio/wav", "audio/x-wav": "audio/wav",
    "audio/x-flac": "audio/flac", "audio/x-m4a": "audio/mp4", "audio/m4a": "audio/mp4",
    "audio/mp3": "audio/mpeg", "image/heif": "image/heic",
    "image/x-ms-bmp": "image/bmp", "image/jpg": "image/jpeg", "video/mpeg4": "video/mp4",
}  # fmt: skip
_BY_EXTENSION = {
    ".m4a": "audio/mp4", ".oga": "audio/ogg", ".ogg": "audio/ogg", ".opus": "audio/ogg",
    ".amr": "audio/amr", ".mp3": "audio/mpeg", ".mp4": "video/mp4", ".m4v": "video/mp4",
    ".webm": "video/webm", ".wav": "audio/wav",
    ".mov": "video/quicktime", ".3gp": "video/3gpp", ".flac": "audio/flac", ".aac": "audio/aac",
}  # fmt: skip
_HEARD = {"video/mp4": "audio/mp4", "video/webm": "audio/webm"}  # the same container with sound alone

_PROGRAMS = (
    b"MZ", b"\x7fELF", b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf", b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe", b"dex\n", b"L\0\0\0\x01\x14\x02\0", b"ITSF", b"FWS", b"CWS", b"ZWS",
)  # fmt: skip
_PACKED_PROGRAMS = ("META-INF/MANIFEST.MF", "AndroidManifest.xml", "word/vbaProject.bin", "xl/vbaProject.bin",
                    "ppt/vbaProject.bin")  # fmt: skip
_PACKED = {
    "word/document.xml": _OFFICE + "wordprocessingml.document",
    "xl/workbook.xml": _OFFICE + "spreadsheetml.sheet",
    "ppt/presentation.xml": _OFFICE + "presentationml.presentation",
}
# What browsers take for markup at the beginning (WHATWG MIME sniffing, 7.1), and what nobody writes in
# plain words.
_MARKUP = re.compile(
    rb"<(!doctype|html|head|body|script|iframe|svg|style|title|table|div|meta|link|img|a|p|br|b|h[1-6]|object|"
    rb"embed|form|math|xsl:|\?xml|\?php|!--|!entity|!\[cdata)(?![a-z])",
    re.IGNORECASE,
)
_INSIDE = re.compile(rb"<(!doctype html|html|script|svg|iframe|\?php)(?![a-z])", re.IGNORECASE)
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


@dataclass(frozen=True, slots=True)
class Kind:
    """``kind``: image audio video file; ``group`` of a file: program, markup, or empty."""

    kind: str
    media_type: str = UNKNOWN
    extension: str = ""
    group: str = ""


def sniff(path: Path, expected: str = "") -> Kind:
    """Reads the file (blocking). ``expected`` (a kind) only settles whether a film has sound alone."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    text = _text(head)
    if head.startswith(_PROGRAMS) or (text is not None and text.startswith(b"#!")):
        return Kind("file", group="program")
    if text is not None and (_MARKUP.match(text) or _INSIDE.search(text)):
        return Kind("file", group="markup", extension=".txt")
    if head.startswith(b"PK\x03\x04"):
        return _packed(path)
    found = _known(path)
    if found in IMAGES:
        return Kind("image", found, IMAGES[found])
    if expected == "audio":
        found = _HEARD.get(found, found)
    for kind, types in (("audio", AUDIO), ("video", VIDEO), ("file", FILES)):
        if found in types:
            return Kind(kind, found, types[found])
    if text is not None:
        return Kind("file", "text/plain", ".txt")
    return Kind("file")


def _known(path: Path) -> str:
    try:
        found = puremagic.magic_file(path)
    except (puremagic.PureError, ValueError, OSError):
        return UNKNOWN
    known = {**IMAGES, **AUDIO, **VIDEO, **FILES}
    for one in found:
        media_type = one.mime_type or _BY_EXTENSION.get(one.extension.lower(), "")
        media_type = _SAME.get(media_type, media_type)
        if media_type in known:
            return media_type
    return UNKNOWN


def _text(head: bytes) -> bytes | None:
    """The beginning as UTF-8 if it is text at all, in an encoding that a browser would recognise."""
    for bom, encoding in _BOMS:
        if head.startswith(bom):
            return head[len(bom) :].decode(encoding, "replace").encode().lstrip()
    if b"\0" in head:
        return None
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        # Other encodings are octets to us; markup in them is markup all the same.
        return head.lstrip() if _MARKUP.match(head.lstrip()) else None
    return head.lstrip()


def _packed(path: Path) -> Kind:
    """A ZIP by the names in it; nothing is unpacked."""
    try:
        with zipfile.ZipFile(path) as packed:
            names = set(packed.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return Kind("file", "application/zip", ".zip")
    if names.intersection(_PACKED_PROGRAMS):
        return Kind("file", group="program")
    for name, media_type in _PACKED.items():
        if name in names:
            return Kind("file", media_type, FILES[media_type])
    return Kind("file", "application/zip", ".zip")
