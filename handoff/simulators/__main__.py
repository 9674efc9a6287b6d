"""``python -m handoff.simulators [--port 8090] [--accounts FILE] [--make]``."""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
from pathlib import Path

from handoff.simulators import kept
from handoff.simulators.simulator import Simulator


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="handoff.simulators", description="Messaging platforms on this machine."
    )
    parser.add_argument("--port", type=int, default=int(os.environ.get("SETU_SIMULATORS_PORT", "8090")))
    parser.add_argument("--host", default="127.0.0.1", help="the page has no sign-in: keep it on loopback")
    parser.add_argument(
        "--accounts", type=Path, default=Path(os.environ.get("SETU_HOME", "var")) / "simulators.json"
    )
    parser.add_argument("--make", action="store_true", help="only make the accounts' file, if there is none")
    chosen = parser.parse_args()
    kept.make(chosen.accounts)
    if not chosen.make:
        asyncio.run(_serve(kept.load(chosen.accounts), chosen.port, chosen.host))
    return 0


async def _serve(simulator: Simulator, port: int, host: str) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with simulator.serving(port, host) as url:
        sys.stdout.write(f"The phones are at {url}/\n")
        sys.stdout.flush()
        await stop.wait()


if __name__ == "__main__":
    raise SystemExit(main())
