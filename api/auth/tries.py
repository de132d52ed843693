"""Has this account been tried too often in the last minute?

Counted in the memory of one process; the number of names remembered is bounded, so guessing
many names costs no memory.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict, deque
from typing import Final

WINDOW_S: Final = 60.0
NAMES: Final = 10_000


class Tries:
    """A sliding window of log-in tries for each name."""

    def __init__(self, per_minute: int = 10) -> None:
        self._limit = max(1, per_minute)
        self._seen: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = threading.Lock()

    def allowed(self, name: str) -> bool:
        """Count one try and tell whether it is within the limit."""
        now = time.monotonic()
        with self._lock:
            tries = self._seen.setdefault(name, deque())
            self._seen.move_to_end(name)
            while tries and now - tries[0] > WINDOW_S:
                tries.popleft()
            if len(self._seen) > NAMES:
                self._seen.popitem(last=False)
            if len(tries) >= self._limit:
                return False
            tries.append(now)
            return True
