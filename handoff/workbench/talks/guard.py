"""``python -m handoff.workbench.talks.guard COMMAND…``: run it while somebody holds our standard input.

Whoever started a sandbox may be killed at any moment; its pipe then closes, and with it ends the whole
group of processes. Standard library only.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading


def main(command: list[str]) -> None:
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    threading.Thread(target=lambda: os._exit(child.wait() & 0xFF), daemon=True).start()
    sys.stdin.buffer.read()
    os.killpg(0, signal.SIGKILL)  # ourselves included


if __name__ == "__main__":
    main(sys.argv[1:])
