"""Approved templates of WhatsApp, as far as they can be filled by a list of texts.

https://developers.facebook.com/documentation/business-messaging/whatsapp/templates/overview
"""

from __future__ import annotations

import re
from typing import Any

from handoff.channels import loose

GAP = re.compile(r"\{\{\s*([^{}\s]+)\s*\}\}")


def usable(raw: dict[str, Any]) -> dict[str, Any] | None:
    """``{name, language, body, variables, category}``; None for a template that is not approved, or
    has gaps elsewhere than in its body, named ones, or a picture to be given."""
    parts = {loose.string(part.get("type")).upper(): part for part in loose.mappings(raw.get("components"))}
    body = loose.string(parts.get("BODY", {}).get("text"))
    gaps = set(GAP.findall(body))
    name, language = loose.ident(raw.get("name")), loose.ident(raw.get("language"))
    numbered = gaps == {str(number) for number in range(1, len(gaps) + 1)}
    if loose.string(raw.get("status")).upper() != "APPROVED" or not (name and language and body and numbered):
        return None
    if parts.keys() & {"CAROUSEL", "LIMITED_TIME_OFFER"} or asks_more(parts):
        return None
    category = loose.string(raw.get("category")).lower()
    return {
        "name": name,
        "language": language,
        "body": body,
        "variables": len(gaps),
        "category": category,
    }


def asks_more(parts: dict[str, dict[str, Any]]) -> bool:
    """Whether the header or a button has to be filled in too."""
    header = parts.get("HEADER", {})
    if loose.string(header.get("format")).upper() not in ("", "TEXT") or GAP.search(
        loose.string(header.get("text"))
    ):
        return True
    buttons = loose.mappings(parts.get("BUTTONS", {}).get("buttons"))
    return any(
        GAP.search(loose.string(button.get("url")))
        or loose.string(button.get("type")).upper() in ("COPY_CODE", "OTP", "FLOW", "CATALOG", "MPM")
        for button in buttons
    )
