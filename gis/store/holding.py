"""Who may do a thing that only one process may do at a time?

A lock on a small file beside the store; it ends with its holder, however that ends.
"""

from __future__ import annotations

import fcntl
import os
from typing import TYPE_CHECKING, Final

from gis.store.records import StoreBusyError

if TYPE_CHECKING:
    from pathlib import Path

_READABLE: Final = 0o644


def hold(path: Path, what: str) -> int:
    """Take the lock of a file and give the descriptor that holds it until it is closed.

    Raises
    ------
    StoreBusyError
        If somebody holds it; `what` says what is going on then.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, _READABLE)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as fault:
        os.close(descriptor)
        msg = f"{path.with_suffix('')} is {what}; try again when that has finished"
        raise StoreBusyError(msg) from fault
    return descriptor
