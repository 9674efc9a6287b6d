"""Secrets of inboxes, encrypted in the database with a key derived from ``SETU_SECRET_KEY``.

The key is changed without a stop: the new one becomes ``SETU_SECRET_KEY``, the old one goes to
``SETU_SECRET_KEY_OLD`` (several: commas between), and ``./setu inbox reseal`` seals everything anew.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from urllib.parse import quote

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

HIDDEN = "•••"
SHORTEST = 6  # characters: what is shorter is no secret, and would be found in words


class Vault:
    """Encrypts and decrypts short texts (Fernet: AES-128-CBC with HMAC-SHA256).

    What an older key sealed is opened too; what is sealed now, is with ``secret_key``.
    """

    def __init__(self, secret_key: str, *older: str) -> None:
        self._now = _fernet(secret_key)
        self._any = MultiFernet([self._now, *map(_fernet, older)])

    def seal(self, text: str) -> str:
        return self._now.encrypt(text.encode()).decode()

    def open(self, sealed: str) -> str:
        """Raises ``ValueError`` for what another key sealed."""
        try:
            return self._any.decrypt(sealed.encode()).decode()
        except InvalidToken as wrong:
            raise ValueError("sealed with another SETU_SECRET_KEY") from wrong

    def seal_all(self, values: dict[str, str]) -> str | None:
        """Credentials as one sealed JSON; nothing for none."""
        return self.seal(json.dumps(values)) if values else None

    def open_all(self, sealed: str | None) -> dict[str, str]:
        """Raises ``ValueError`` for what another key sealed."""
        return (
            {str(name): str(value) for name, value in json.loads(self.open(sealed)).items()} if sealed else {}
        )

    def reseal(self, sealed: str) -> str:
        """The same under the present key, as it is if it was already; ``ValueError`` as in :meth:`open`."""
        try:
            self._now.decrypt(sealed.encode())
        except InvalidToken:
            return self.seal(self.open(sealed))
        return sealed


def redacted(text: str, secrets: Iterable[str]) -> str:
    """``text`` without any of ``secrets``: an error of a platform may repeat what it was called with."""
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) >= SHORTEST:
            text = text.replace(secret, HIDDEN).replace(quote(secret, safe=""), HIDDEN)
    return text


def _fernet(secret_key: str) -> Fernet:
    # The key is long and random, so it needs stretching into shape only, not slowing down.
    derived = HKDF(hashes.SHA256(), length=32, salt=None, info=b"setu inbox secrets")
    return Fernet(base64.urlsafe_b64encode(derived.derive(secret_key.encode())))
