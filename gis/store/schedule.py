"""When is a backup written without anybody asking, and which earlier ones may go?

Before each import and every quarter of an hour while a store is served, into ``STORE.backup``,
unless the newest backup there holds every revision and all that stands beside them: people,
log-ins, photos and messages. Once a day in any case. What ``gis.store.backup.prune`` need not keep
is dropped.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from gis.errors import StoreError
from gis.store.backup import manifests, prune
from gis.store.canonical import now

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from gis.store.base import Store

EVERY: Final = timedelta(minutes=15)
LONGEST: Final = timedelta(days=1)
"""What is computed and what a session holds is kept by then, whether or not anything else grew."""
_OWNER_ONLY: Final = 0o700


def back_up(store: Store, folder: Path) -> Path:
    """Write a backup, drop those that need not be kept, and give the path of its manifest.

    Raises
    ------
    StoreError
        If the copy is not whole; nothing is dropped then.
    """
    written = store.backup(folder)
    prune(folder)
    return written


def back_up_beside(store: Store, *, at: datetime | None = None) -> Path | None:
    """Back a store up beside its files, unless that has nothing new to keep.

    Raises
    ------
    StoreError
        If the copy is not whole, or there is no room for it.
    """
    folder, (seq, digest) = store.backups, store.head()
    try:
        kept = manifests(folder)[-1:]
        stands = (seq, digest, store.beside())
        if seq == 0 or any(
            (one.seq, one.hash, one.beside) == stands and (at or now()) - one.at < LONGEST
            for one in kept
        ):
            return None
        folder.mkdir(mode=_OWNER_ONLY, parents=True, exist_ok=True)
        return back_up(store, folder)
    except OSError as fault:
        msg = f"{folder}: no backup could be written ({fault.strerror}); make room and try again"
        raise StoreError(msg) from fault
