"""How does a store of an earlier version become one of ours?

A backup first, into ``STORE.backup``; then every step of versioned SQL in one transaction. Killed
at any time, the store is what it was or what it was to become.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from gis.store import schema
from gis.store.backup import write_backup
from gis.store.database import Database
from gis.store.head import Signer, beside
from gis.store.holding import hold

if TYPE_CHECKING:
    from pathlib import Path


def migrate(path: Path, store_id: str, *, keep: bool = True) -> None:
    """Bring a store to the version of this program.

    Parameters
    ----------
    path
        A whole store of this or an earlier version.
    store_id
        Its id.
    keep
        False leaves the backup out, for a copy that is one itself.

    Raises
    ------
    StoreError
        If it is served by another process, or its backup is not whole; nothing has changed then.
    """
    held = hold(beside(str(path), "serve"), "served by another process")
    database = Database(str(path))
    try:
        if keep:
            write_backup(database, Signer(str(path), store_id), beside(str(path), "backup"))
        with database.write() as tx:
            schema.step_up(tx)
    finally:
        database.close()
        os.close(held)
