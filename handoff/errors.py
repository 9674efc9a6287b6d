"""The errors a caller may see. Each carries a code; the words for it are texts (``errors.<code>``)."""

from __future__ import annotations

from typing import Any, ClassVar, Protocol


class Say(Protocol):
    """The catalogue of texts, see ``actions.texts.Texts``."""

    def say(self, key: str, language: str | None, /, **values: Any) -> str: ...


class SetuError(Exception):
    """Something went wrong that the caller can understand: ``code`` is stable, ``values`` fill the text."""

    status: ClassVar[int] = 500

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(code)
        self.code = code
        self.values = values

    def body(self, texts: Say, language: str | None = None) -> dict[str, Any]:
        """``{"error": {"code", "message"}}``, the shape of every error that leaves the house."""
        return {"error": {"code": self.code, "message": words(texts, self.code, language, self.values)}}


class Invalid(SetuError):
    """The input cannot be used."""

    status = 422


class Unauthorised(SetuError):
    """Nobody is signed in, or the proof does not hold."""

    status = 401


class Forbidden(SetuError):
    """Known, but not allowed."""

    status = 403


class NotFound(SetuError):
    """No such thing, or none that the caller may know of."""

    status = 404


class Conflict(SetuError):
    """The wrong state for it, or somebody was faster."""

    status = 409


class TooLarge(SetuError):
    """More bytes than are taken."""

    status = 413


class Unavailable(SetuError):
    """Something that is needed for it is not there now."""

    status = 503


class TooMany(SetuError):
    """Too fast; ``retry_after`` (seconds), where known, says when to come again."""

    status = 429

    def __init__(self, code: str, retry_after: float | None = None, **values: Any) -> None:
        super().__init__(code, **values)
        self.retry_after = retry_after


def words(texts: Say, code: str, language: str | None, values: dict[str, Any]) -> str:
    """The sentence for an error code; a code without one must not turn into another error."""
    try:
        return texts.say(f"errors.{code}", language, **values)
    except KeyError:
        return texts.say("errors.unknown", language, code=code)
