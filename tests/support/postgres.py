"""A real PostgreSQL for a test, from the installed binaries, on a free port, as a plain user.

``with postgres() as url:`` yields ``postgresql://setu@127.0.0.1:PORT/setu``;
:func:`with_driver` turns it into SQLAlchemy's form for a driver. Fails with the reason when
the binaries are missing: such tests are never skipped.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.processes import free_port, running

FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=32MB")


def with_driver(url: str, driver: str) -> str:
    """``postgresql://…`` → ``postgresql+psycopg://…``."""
    return url.replace("postgresql://", f"postgresql+{driver}://", 1)


@contextmanager
def postgres() -> Iterator[str]:
    """A fresh server with an empty database ``setu``, removed at the end; yields its URL."""
    folder = Path(tempfile.mkdtemp(prefix="setu-pg-"))
    try:
        as_user = _plain_user(folder)
        data, port = folder / "data", free_port()
        _run([*as_user, _binary("initdb"), "-D", str(data), "-U", "setu", "-A", "trust", "-E", "UTF8",
              "--no-locale", "--no-sync"])  # fmt: skip
        options = [part for option in FAST for part in ("-c", option)]
        command = [*as_user, _binary("postgres"), "-D", str(data), "-h", "127.0.0.1", "-p", str(port),
                   "-k", str(folder), *options]  # fmt: skip
        where = ["-h", "127.0.0.1", "-p", str(port), "-U", "setu"]

        def ready() -> bool:
            return subprocess.run([_binary("pg_isready"), *where], capture_output=True).returncode == 0

        with running(command, folder / "log", ready, stop=signal.SIGINT):
            _run([_binary("createdb"), *where, "setu"])
            yield f"postgresql://setu@127.0.0.1:{port}/setu"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _binary(name: str) -> str:
    on_path = shutil.which(name)
    installed = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda p: int(p.parts[-3]))
    if not on_path and not installed:
        raise RuntimeError(f"PostgreSQL's {name} is not installed (Debian: apt-get install postgresql)")
    return on_path or str(installed[-1])


def _plain_user(folder: Path) -> list[str]:
    """PostgreSQL refuses to run as root: then the folder and the server go to another user."""
    if os.geteuid() != 0:
        return []
    for name in ("postgres", "nobody"):
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        os.chown(folder, user.pw_uid, user.pw_gid)
        return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
    raise RuntimeError("PostgreSQL cannot run as root, and there is neither a user postgres nor nobody")


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
