"""Short stand-ins for payloads that a platform's buttons have no room for. Pure.

Telegram gives a button 64 bytes, other platforms 200 or 256 characters; a payload may have 2,000.
What is too long is replaced by its digest. No table is needed to find it again: the payloads that
may be tapped are those that were offered in the conversation, and of those exactly one has the digest.
"""

from __future__ import annotations

import base64
import hashlib

MARK = "~#"
LENGTH = len(MARK) + 24  # ASCII characters of a stand-in


def shortened(payload: str, limit: int) -> str:
    """The payload if it has at most ``limit`` bytes as UTF-8 (at least :data:`LENGTH`), else its stand-in.

    >>> shortened("/affirm", 64)
    '/affirm'
    >>> len(shortened("/inform" + "x" * 100, 64))
    26
    """
    raw = payload.encode("utf-8", "surrogatepass")
    if len(raw) <= limit and not payload.startswith(MARK):
        return payload
    digest = hashlib.blake2s(raw, digest_size=18).digest()
    return MARK + base64.urlsafe_b64encode(digest).decode()


def means(tapped: str, offered: object) -> bool:
    """Whether what came back from a tapped button is the offered payload, or its stand-in."""
    if not isinstance(offered, str) or not offered:
        return False
    return tapped == offered or (tapped.startswith(MARK) and tapped == shortened(offered, 0))
