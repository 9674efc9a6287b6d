"""What was applied, kept in git too, under the name of who applied it."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

from handoff.errors import Conflict, Unavailable

SECONDS = 30
_NOT_IN_NAMES = re.compile(r"[<>\x00-\x1f\x7f]+")


def commit(root: Path, paths: Sequence[str], *, name: str, email: str, message: str) -> str:
    """Commit exactly ``paths`` as they are now; returns the commit's id.

    What others have staged stays staged and is not taken along. Raises :class:`Conflict`
    (``git_no_repository``), :class:`Unavailable` (``git_missing``, ``git_failed`` with git's own words);
    nothing is committed then.
    """
    if _run(root, ["rev-parse", "--is-inside-work-tree"], check=False) != "true":
        raise Conflict("git_no_repository")
    author = f"{_bare(name) or _bare(email)} <{_bare(email)}>"
    given = _run(root, ["var", "GIT_COMMITTER_IDENT"], check=False)
    committer = (
        {} if given else {"GIT_COMMITTER_NAME": _bare(name) or "-", "GIT_COMMITTER_EMAIL": _bare(email)}
    )
    tracked = set(_run(root, ["ls-files", "-z", "--", *paths]).split("\0"))
    new = [path for path in paths if path not in tracked and (root / path).exists()]
    gone = [path for path in paths if path not in tracked and path not in new]
    taken = [path for path in paths if path not in gone]
    if not taken:
        raise Unavailable("git_failed", problem="nothing to commit")
    if new:
        _run(root, ["add", "--", *new])
    try:
        _run(
            root,
            ["commit", "--quiet", f"--author={author}", "--file=-", "--only", "--", *taken],
            text=message,
            extra=committer,
        )
    except Unavailable:
        if new:
            _run(root, ["rm", "--quiet", "--cached", "--ignore-unmatch", "--", *new], check=False)
        raise
    return _run(root, ["rev-parse", "HEAD"])


def _run(
    root: Path,
    words: Sequence[str],
    *,
    text: str = "",
    check: bool = True,
    extra: dict[str, str] | None = None,
) -> str:
    """What git says; "" for a failure that is no error."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    environment |= {"GIT_TERMINAL_PROMPT": "0", "GIT_EDITOR": "true", "LC_ALL": "C.UTF-8"}
    command = [
        "git",
        "--literal-pathspecs",
        "-c",
        "commit.gpgSign=false",
        "-c",
        "core.quotePath=false",
        *words,
    ]
    try:
        done = subprocess.run(
            command,
            cwd=root,
            input=text.encode(),
            env=environment | (extra or {}),
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except FileNotFoundError as error:
        raise Unavailable("git_missing") from error
    except subprocess.TimeoutExpired as error:
        raise Unavailable("git_failed", problem="timeout") from error
    if done.returncode == 0:
        return done.stdout.decode("utf-8", "replace").strip()
    if not check:
        return ""
    said = (done.stderr or done.stdout).decode("utf-8", "replace").strip()
    raise Unavailable("git_failed", problem=said[:300])


def _bare(word: str) -> str:
    return " ".join(_NOT_IN_NAMES.sub(" ", word).split())
