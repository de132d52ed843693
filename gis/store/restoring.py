"""How does a store come back out of a backup, as it was at some time?

Inputs come back; computed layers come back only where nothing was cut, else ``gcvag update``
computes them anew. The restored history says of itself that it was restored.
"""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from gis.errors import StoreError
from gis.store import schema
from gis.store.backup import Manifest, file_sha256, manifests
from gis.store.canonical import now, write_time
from gis.store.carrying import FOREVER
from gis.store.cutting import cut
from gis.store.database import explained, looking
from gis.store.doors import check_new, known_store, on_server, open_store, settle
from gis.store.head import beside, put_file
from gis.store.migrating import migrate
from gis.store.postgis.doors import fill_store
from gis.store.records import Entry

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from gis.store.base import Store


def restore(folder: Path, location: str | Path, *, at: datetime | None = None) -> Store:
    """Make a new store out of a backup, whatever the engine it was made by.

    Parameters
    ----------
    folder
        Where ``backup`` wrote; it may hold many backups of one store.
    location
        A path ending in ``.gpkg`` where nothing lies yet, or ``postgresql://…`` of a database
        without a store.
    at
        Restore what was recorded by then; everything when None.

    Raises
    ------
    StoreError
        If there is no backup, it is not whole, it holds several stores, or something lies at
        `location`.
    """
    path = None if on_server(location) else check_new(location)
    manifest = _choose(manifests(folder), folder, at)
    if not manifest.file.is_file() or file_sha256(manifest.file) != manifest.sha256:
        msg = f"{manifest.file} is not the file that was backed up; take another backup"
        raise StoreError(msg)
    until = None if at is None or at >= manifest.at else write_time(at)
    with _current(manifest, path) as source:
        if path is None:
            store = _into_server(source, manifest, str(location), until or FOREVER)
        else:
            store = _into_file(source, manifest, path, until)
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


@contextmanager
def _current(manifest: Manifest, path: Path | None) -> Iterator[Path]:
    """Give the file of a backup, or a copy of our version where it is of an earlier one."""
    with looking(manifest.file) as tx:
        known_store(tx, manifest.file)
        version = schema.version_of(tx)
    if version == schema.VERSION:
        yield manifest.file
        return
    with TemporaryDirectory(dir=path.parent if path else None) as folder:
        copy = Path(folder) / manifest.file.name
        shutil.copyfile(manifest.file, copy)
        migrate(copy, manifest.store_id, keep=False)
        yield copy


def _into_server(source: Path, manifest: Manifest, location: str, until: str) -> Store:
    with looking(source) as tx:
        return fill_store(location, tx, _keys(manifest), until)


def _into_file(source: Path, manifest: Manifest, path: Path, until: str | None) -> Store:
    new = path.with_name(f"{path.name}.new")
    new.unlink(missing_ok=True)
    with explained(str(path)):
        if until is None:
            shutil.copyfile(source, new)
        else:
            with looking(source) as tx:
                cut(tx, new, until)
    put_file(beside(str(path), "pub"), _keys(manifest))
    settle(new, path, manifest.store_id)
    return open_store(path)


def _keys(manifest: Manifest) -> bytes:
    public = beside(str(manifest.file), "pub")
    return public.read_bytes() if public.exists() else b""


def _said(manifest: Manifest, at: datetime | None) -> Entry:
    body = {
        "backup": manifest.file.name,
        "sha256": manifest.sha256,
        "at": None if at is None else write_time(at),
        "restored_at": write_time(now()),
    }
    return Entry(entity="store", entity_id="restore", op="restore", body=body, author="system")
