"""How fast a platform takes calls."""

from __future__ import annotations


class Bucket:
    """So many a second, and as many at once as ``burst``; a rate of 0 never refuses."""

    def __init__(self, per_second: float, burst: float | None = None) -> None:
        self.per_second = per_second
        self.burst = burst or max(per_second, 1.0)
        self._filled = self.burst
        self._at: float | None = None

    def take(self, now: float) -> float:
        """0 when the call may go on, else after how many seconds the next may."""
        if not self.per_second:
            return 0.0
        passed = max(0.0, now - self._at) if self._at is not None else 0.0
        self._filled = min(self.burst, self._filled + passed * self.per_second)
        self._at = now
        if self._filled >= 1:
            self._filled -= 1
            return 0.0
        return (1 - self._filled) / self.per_second
