"""Has this been tried too often within a short time?

Counted in the memory of one process; the number of names remembered is bounded, so guessing
many names costs no memory, and a name is forgotten when its window is over.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict, deque
from typing import Final

WINDOW_S: Final = 60.0
NAMES: Final = 10_000


class Tries:
    """A sliding window of tries for each name: a log-in, or the address of a sender."""

    def __init__(self, limit: int = 10, window_s: float = WINDOW_S) -> None:
        self._limit = max(1, limit)
        self._window_s = window_s
        self._seen: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        """Count the names that are remembered."""
        return len(self._seen)

    def allowed(self, name: str) -> bool:
        """Count one try and tell whether it is within the limit."""
        now = time.monotonic()
        with self._lock:
            tries = self._seen.setdefault(name, deque())
            self._seen.move_to_end(name)
            while tries and now - tries[0] > self._window_s:
                tries.popleft()
            if len(self._seen) > NAMES:
                self._seen.popitem(last=False)
            if len(tries) >= self._limit:
                return False
            tries.append(now)
            return True

    def forget(self) -> None:
        """Forget every name whose window is over."""
        now = time.monotonic()
        with self._lock:
            over = [
                name
                for name, tries in self._seen.items()
                if not tries or now - tries[-1] > self._window_s
            ]
            for name in over:
                del self._seen[name]
