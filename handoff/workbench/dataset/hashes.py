"""What tells one content of a file from another. Pure."""

from __future__ import annotations

import hashlib


def digest(text: str | None) -> str | None:
    """Null: there is no file."""
    return None if text is None else hashlib.sha256(text.encode()).hexdigest()
