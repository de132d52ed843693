"""Can the server take a write now?"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Final

from api.errors import Problem
from api.kinds import Kind

if TYPE_CHECKING:
    from gis.store import Store

MIN_FREE_SHARE: Final = 0.05


def check(store: Store) -> None:
    """Refuse unless the writer can be held, the history has an end, and the disk has room.

    Raises
    ------
    StoreError
        If the store cannot be written or read.
    Problem
        ``store_full`` when less than `MIN_FREE_SHARE` of the disk is free.
    """
    with store.transaction():
        store.head()
    folder = Path(store.location).parent
    if folder.is_dir():
        usage = shutil.disk_usage(folder)
        if usage.free < MIN_FREE_SHARE * usage.total:
            raise Problem(Kind.STORE_FULL)
