"""Append marks one after the other and say so after each: what strace looks at."""

from __future__ import annotations

import os
import sys

from gis.store import open_store
from tests.acceptance.record_world import dice, mark


def main(location: str, count: int) -> None:
    """Append `count` marks; write one line for each to standard output, unbuffered."""
    store = open_store(location)
    rng = dice(4)
    for number in range(count):
        store.append([mark(rng)])
        os.write(1, f"acknowledged {number}\n".encode())
    store.close()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
