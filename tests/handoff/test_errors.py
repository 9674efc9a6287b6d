"""Every error has words, and one shape."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import handoff.errors
from actions.texts import Texts
from handoff.errors import Conflict, SetuError, TooMany
from handoff.ops.paths import ROOT

KINDS = {name for name, kind in vars(handoff.errors).items() if isinstance(kind, type)}


def raised() -> Iterator[str]:
    """The code of every error that the gateway makes."""
    for path in (ROOT / "handoff").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.Call(func=ast.Name(id=kind), args=[ast.Constant(value=str(code)), *_]) if (
                    kind in KINDS
                ):
                    yield code


def test_every_code_that_is_raised_has_words() -> None:
    texts = Texts.load()
    codes = set(raised())
    assert "unknown_payload" in codes
    assert [code for code in sorted(codes) if not texts.has(f"errors.{code}")] == []


def test_an_error_is_a_code_and_a_sentence_in_the_callers_language() -> None:
    texts = Texts({"en": {"errors": {"taken": "Taken by {name}."}}, "el": {"errors": {"taken": "Πιάστηκε."}}})
    error = Conflict("taken", name="Maria")
    assert error.body(texts) == {"error": {"code": "taken", "message": "Taken by Maria."}}
    assert error.body(texts, "el-GR")["error"]["message"] == "Πιάστηκε."


def test_a_code_without_words_is_not_another_error() -> None:
    body = SetuError("new_code").body(Texts.load())
    assert body["error"]["code"] == "new_code"
    assert "new_code" in body["error"]["message"]


def test_too_many_says_when_to_come_again() -> None:
    assert TooMany("too_fast", retry_after=2.5).retry_after == 2.5
