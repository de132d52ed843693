"""How does a store come back out of a backup, as it was at some time?

Inputs come back; computed layers come back only where nothing was cut, else ``gcvag update``
computes them anew. The restored history says of itself that it was restored.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Final

import apsw

from gis.errors import StoreError
from gis.store import schema
from gis.store.backup import Manifest, file_sha256, manifests
from gis.store.canonical import now, write_time
from gis.store.database import explained, looking, prepare
from gis.store.doors import check_new, open_store, settle
from gis.store.head import beside, put_file
from gis.store.records import Entry
from gis.store.wording import fill, quoted

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from apsw import Connection

    from gis.store.base import Store

# What is cut at a time; a file goes with its delivery, and people stay as they were last.
_CUT: Final = ("revision", "lineage", "idempotency")
_WHOLE: Final = ("person", "account", "token", "item")
_COPY: Final = "INSERT INTO main.$t SELECT * FROM backup.$t"
_FILES: Final = """
INSERT INTO main.delivery_raw SELECT * FROM backup.delivery_raw
WHERE delivery_id IN (SELECT entity_id FROM main.revision WHERE entity = 'delivery')"""


def restore(folder: Path, location: str | Path, *, at: datetime | None = None) -> Store:
    """Make a new store out of a backup.

    Parameters
    ----------
    folder
        Where ``backup`` wrote; it may hold many backups of one store.
    location
        A path ending in ``.gpkg`` where nothing lies yet.
    at
        Restore what was recorded by then; everything when None.

    Raises
    ------
    StoreError
        If there is no backup, it is not whole, it holds several stores, or something lies at
        `location`.
    """
    path = check_new(location)
    manifest = _choose(manifests(folder), folder, at)
    if not manifest.file.is_file() or file_sha256(manifest.file) != manifest.sha256:
        msg = f"{manifest.file} is not the file that was backed up; take another backup"
        raise StoreError(msg)
    new = path.with_name(f"{path.name}.new")
    new.unlink(missing_ok=True)
    with explained(str(path)):
        _copy(manifest.file, new, None if at is None or at >= manifest.at else at)
    public = beside(str(manifest.file), "pub")
    if public.exists():
        put_file(beside(str(path), "pub"), public.read_bytes())
    settle(new, path, manifest.store_id)
    store = open_store(path)
    store.append([_said(manifest, at)])
    return store


def _choose(found: list[Manifest], folder: Path, at: datetime | None) -> Manifest:
    """Choose the first backup that reaches to `at`, else the newest."""
    if not found:
        msg = f"{folder} holds no backup; gcvag backup makes one"
        raise StoreError(msg)
    if len({one.store_id for one in found}) > 1:
        msg = f"{folder} holds backups of several stores; put those of one in a folder of its own"
        raise StoreError(msg)
    reaching = [one for one in found if at is not None and one.at >= at]
    return (reaching or found[-1:])[0]


def _copy(source: Path, new: Path, at: datetime | None) -> None:
    """Copy a backup: as it is, or its inputs up to a time into a new layout."""
    if at is None:
        shutil.copyfile(source, new)
        return
    with looking(source) as tx:
        settings: dict[str, str] = dict(tx.rows("SELECT key, value FROM store_meta"))
    target = apsw.Connection(str(new))
    try:
        prepare(target)
        schema.lay_out(target, settings | schema.FRESH)
        target.execute("ATTACH ? AS backup", (str(source),))
        with target:
            _copy_rows(target, write_time(at))
        target.execute("DETACH backup")
        target.pragma("journal_mode", "delete")
    finally:
        target.close()


def _copy_rows(target: Connection, until: str) -> None:
    """Copy what was recorded by a time, in the order it was recorded."""
    for table in _CUT:
        words = fill(_COPY, t=quoted(table))
        target.execute(f"{words} WHERE at_utc <= ? ORDER BY rowid", (until,))
    for table in _WHOLE:
        target.execute(fill(_COPY, t=quoted(table)))
    target.execute(_FILES)


def _said(manifest: Manifest, at: datetime | None) -> Entry:
    body = {
        "backup": manifest.file.name,
        "sha256": manifest.sha256,
        "at": None if at is None else write_time(at),
        "restored_at": write_time(now()),
    }
    return Entry(entity="store", entity_id="restore", op="restore", body=body, author="system")
