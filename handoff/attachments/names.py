"""Names of files, as people see them and browsers save them; we call nothing by them. Pure."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 100  # characters
# Controls, marks that turn the direction of what follows ("gpj.exe" read backwards), what cannot be seen,
# and halves of characters.
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
_AWKWARD = re.compile(r'[<>:"|?*%;\\/\x00]')
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")
# Extensions by which a system, a server or a browser would run what is in a file.
_ACTIVE = re.compile(
    r"(?i)ade|adp|apk|app|appref-ms|aspx?|bat|bash|cgi|chm|cmd|com|command|config|cpl|csh|desktop|dll|dmg|docm|dotm|"
    r"exe|gadget|hta|htaccess|s?html?|inf|ini|ins|iso|jar|jnlp|jse?|jsp|ksh|lnk|mht|mhtml|mjs|msc|msi|msp|mst|"
    r"ph(p[3-8]?|tml)|pif|pl|pp[as]m|pptm|ps1|psm1|pyw?|rb|reg|scf|scr|sct|settingcontent-ms|sh|shb|svgz?|swf|sys|"
    r"url|user|vb[es]?|vhd|webloc|ws[cfh]?|xht|xhtml|xlam?|xlsm|xltm|xml|xslt?"
)


def clean_name(name: str, extension: str = "") -> str:
    """A harmless name with the extension (".pdf") of what the file really is; "" stays "".

    >>> clean_name("../../etc/passwd"), clean_name("invoice.pdf.exe", ".pdf"), clean_name(".htaccess", ".txt")
    ('passwd', 'invoice.pdf.exe.pdf', 'htaccess.txt')
    """
    name = unicodedata.normalize("NFC", _UNSEEN.sub("", name))
    name = name.replace("\\", "/").rsplit("/", 1)[-1]
    name = " ".join(_AWKWARD.sub("_", name).split()).strip(". ")
    if not name:
        return ""
    if _RESERVED.fullmatch(name):
        name = f"_{name}"
    stem, dot, given = name.rpartition(".")
    active = _ACTIVE.fullmatch(given) is not None
    if (not dot or active) and (extension or active) and f".{given}".lower() != extension:
        return _short(name, extension or ".bin")
    return _short(stem, f".{given}") if dot else _short(name, "")


def renamed(name: str, extension: str) -> str:
    """The name with another extension in place of its own: what was a .heic is a .jpg now."""
    stem = name.rpartition(".")[0] or name
    return _short(stem, extension) if stem else ""


def _short(stem: str, extension: str) -> str:
    if len(extension) > 16:
        stem, extension = stem + extension, ""
    return stem[: LONGEST - len(extension)].rstrip(". ") + extension
