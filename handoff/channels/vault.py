"""Secrets of inboxes, encrypted in the database with a key derived from ``SETU_SECRET_KEY``."""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class Vault:
    """Encrypts and decrypts short texts (Fernet: AES-128-CBC with HMAC-SHA256)."""

    def __init__(self, secret_key: str) -> None:
        # The key is long and random, so it needs stretching into shape only, not slowing down.
        derived = HKDF(hashes.SHA256(), length=32, salt=None, info=b"setu inbox secrets")
        self._fernet = Fernet(base64.urlsafe_b64encode(derived.derive(secret_key.encode())))

    def seal(self, text: str) -> str:
        return self._fernet.encrypt(text.encode()).decode()

    def open(self, sealed: str) -> str:
        """Raises ``ValueError`` for what another key sealed."""
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken as wrong:
            raise ValueError("sealed with another SETU_SECRET_KEY") from wrong
