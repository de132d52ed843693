"""May this store be made, or opened?

A path is a GeoPackage, an address a database with PostGIS. Whatever is not a whole store of a
version we know is refused with one sentence and left as it was.
"""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Final

import apsw

from gis.errors import StoreError
from gis.store import schema
from gis.store.canonical import genesis
from gis.store.database import Database, Tx, explained, looking, prepare, refuse_affected
from gis.store.geopackage import GeoPackageStore
from gis.store.head import Checker, Signer, beside
from gis.store.migrating import migrate
from gis.store.postgis.doors import create_in_database, holds_store, open_in_database
from gis.store.verifying import head_faults

if TYPE_CHECKING:
    from gis.store.base import Store

_KINDS: Final = frozenset({"public", "police"})
# File systems whose locks do not reach the other computers: WAL cannot work there.
_SHARED: Final = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "davfs", "fuse.sshfs", "fuse.glusterfs"}
)
_SERVERS: Final = ("postgresql://", "postgres://")
_OURS: Final = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'store_meta'"


def create_store(location: str | Path, area_json: str, *, kind: str = "public") -> Store:
    """Make a new store for an area.

    Parameters
    ----------
    location
        A path ending in ``.gpkg`` where nothing lies yet, or ``postgresql://…`` of a database
        without a store.
    area_json
        The area profile as JSON text.
    kind
        ``public`` or ``police``.

    Raises
    ------
    StoreError
        If something lies there, or the place is no place for a store.
    """
    if kind not in _KINDS:
        msg = f"a store is public or police, not {kind}"
        raise StoreError(msg)
    if on_server(location):
        return create_in_database(str(location), area_json, kind)
    path = check_new(location)
    store_id = secrets.token_hex(8)
    new = path.with_name(f"{path.name}.new")
    new.unlink(missing_ok=True)
    with explained(str(path)):
        _lay_out(new, {"store_id": store_id, "kind": kind, "area": area_json})
    settle(new, path, store_id).write(0, genesis(store_id))
    return open_store(path)


def check_new(location: str | Path) -> Path:
    """Check that a store may be made at a place and give its path.

    Raises
    ------
    StoreError
        If something lies there, or the place is no place for a store.
    """
    path = _local(location)
    refuse_affected(apsw.sqlite_lib_version())
    if not path.parent.is_dir():
        msg = f"{path.parent} is no folder; make it first"
        raise StoreError(msg)
    for there in (path, path.with_name(f"{path.name}-wal")):
        if there.exists():
            msg = f"{there} exists; name a new file or use the store that is there"
            raise StoreError(msg)
    _refuse_shared(path.parent)
    return path


def settle(new: Path, path: Path, store_id: str) -> Signer:
    """Give a finished file its own name and a new pair of keys."""
    beside(str(path), "head").unlink(missing_ok=True)
    new.replace(path)
    signer = Signer(str(path), store_id)
    signer.mint()
    return signer


def open_store(location: str | Path, *, check: bool = True) -> Store:
    """Open a store that is there.

    Parameters
    ----------
    location
        A path ending in ``.gpkg``, or ``postgresql://…``.
    check
        False leaves out the look at layout and tail, for ``verify``, which tells all faults.

    Raises
    ------
    StoreError
        If it is missing, damaged, from a newer version, without its tail, altered by another
        program, on a network share or in a folder that cannot be written.
    """
    if on_server(location):
        return open_in_database(str(location), check=check)
    path = _local(location)
    if not path.is_file():
        msg = f"{path} does not exist; gcvag init makes a store"
        raise StoreError(msg)
    _refuse_shared(path)
    with looking(path) as tx:
        store_id = known_store(tx, path)
        version = schema.version_of(tx)
    if check:
        _refuse_faults(path, Checker(str(path), store_id))
        if version < schema.VERSION:
            migrate(path, store_id)
    database = Database(str(path))
    try:
        return GeoPackageStore(database)
    except BaseException:
        database.close()
        raise


def is_there(location: str | Path) -> bool:
    """Tell whether a store, or a file in its place, lies at a location."""
    if on_server(location):
        return holds_store(str(location))
    return Path(location).exists()


def on_server(location: str | Path) -> bool:
    """Tell whether a location names a database of PostgreSQL.

    Examples
    --------
    >>> on_server("postgresql://localhost/paths"), on_server("town.gpkg")
    (True, False)
    """
    return str(location).startswith(_SERVERS)


def _local(location: str | Path) -> Path:
    text = str(location)
    if "://" in text or not text.endswith(".gpkg"):
        msg = (
            f"{text.rpartition('@')[2]} is no store; name a path ending in .gpkg or postgresql://…"
        )
        raise StoreError(msg)
    return Path(text).absolute()


def _lay_out(new: Path, settings: dict[str, str]) -> None:
    """Make the file under another name, so that a half-made store never stands in its place."""
    connection = apsw.Connection(str(new))
    try:
        prepare(connection)
        schema.lay_out(connection, settings)
        connection.pragma("journal_mode", "delete")
    finally:
        connection.close()


def known_store(tx: Tx, path: Path) -> str:
    """Refuse what is no store of a version we know; give the id of a store that is."""
    if tx.one("PRAGMA application_id") != (schema.APPLICATION_ID,) or not tx.one(_OURS):
        msg = f"{path} is no store of gcvag; gcvag init makes one, gcvag import reads a GeoPackage"
        raise StoreError(msg)
    settings: dict[str, str] = dict(tx.rows("SELECT key, value FROM store_meta"))
    version = settings.get("schema", "unknown")
    if version not in map(str, range(1, schema.VERSION + 1)):
        msg = f"{path} was made by a newer gcvag (schema {version}); update gcvag"
        raise StoreError(msg)
    return settings.get("store_id", "")


def _refuse_faults(path: Path, checker: Checker) -> None:
    """Refuse a store that lacks its tail or was altered by another program."""
    with looking(path) as tx:
        faults = schema.layout_faults(tx)
        if checker.head() is not None:
            faults += head_faults(tx, checker)
    if faults:
        msg = f"{path}: {faults[0].message}"
        raise StoreError(msg)


def _refuse_shared(path: Path) -> None:
    kind = file_system(path.resolve(), Path("/proc/self/mounts"))
    if kind in _SHARED:
        msg = f"{path} lies on a network share ({kind}); put the store on a disk of this computer"
        raise StoreError(msg)


def file_system(path: Path, mounts: Path) -> str:
    """Name the kind of file system a path lies on; empty where the system does not say."""
    if not mounts.exists():
        return ""
    rows = [line.split() for line in mounts.read_text(encoding="utf-8").splitlines()]
    holding = [row for row in rows if path.is_relative_to(row[1].replace("\\040", " "))]
    return max(holding, key=lambda row: len(row[1]))[2] if holding else ""
