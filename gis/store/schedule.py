"""When is the next backup due, and which earlier ones may go?

A backup at most every quarter of an hour; what ``gis.store.backup.prune`` need not keep is dropped.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from gis.store.backup import manifests, prune
from gis.store.canonical import now

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from gis.store.base import Store

EVERY: Final = timedelta(minutes=15)


def due(folder: Path, *, every: timedelta = EVERY, at: datetime | None = None) -> bool:
    """Tell whether the newest backup of a folder is older than `every`, or there is none."""
    kept = manifests(folder) if folder.is_dir() else []
    return not kept or (at or now()) - kept[-1].at >= every


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


def back_up_when_due(
    store: Store, folder: Path, *, every: timedelta = EVERY, at: datetime | None = None
) -> Path | None:
    """Write a backup if one is due, as ``back_up`` does; None when it is too early."""
    return back_up(store, folder) if due(folder, every=every, at=at) else None
