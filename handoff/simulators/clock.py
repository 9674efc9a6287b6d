"""The simulated time: the real one, moved."""

from __future__ import annotations

import time
from collections.abc import Callable


class Clock:
    """Seconds since 1970. Windows and tokens are judged by it; retries and faults by the real time."""

    def __init__(self, real: Callable[[], float] = time.time) -> None:
        self._real = real
        self.ahead = 0.0

    def now(self) -> float:
        return self._real() + self.ahead

    def forward(self, seconds: float) -> None:
        self.ahead += seconds
