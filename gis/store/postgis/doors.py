"""May a store be made in this database, or opened?

Whatever is not a whole store of a version we know is refused with one sentence and left as it was.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from gis.errors import StoreError
from gis.store.canonical import genesis
from gis.store.carrying import carry
from gis.store.head import Checker, Signer, beside, put_file
from gis.store.history import last_link
from gis.store.postgis import schema
from gis.store.postgis.server import ServerDatabase, ServerTx, connect, explained, shown
from gis.store.postgis.store import FILES, PostgisStore, base_of
from gis.store.verifying import head_faults

if TYPE_CHECKING:
    from gis.store.base import Store
    from gis.store.database import Tx


def create_in_database(address: str, area_json: str, kind: str) -> Store:
    """Make a new store in a database that holds none."""
    store_id = secrets.token_hex(8)
    settings = _named({"store_id": store_id, "kind": kind, "area": area_json})
    database = ServerDatabase(address)
    try:
        with database.write() as tx:
            _refuse_store(tx, database.location)
            schema.lay_out(tx, settings)
            _refuse_open_door(tx, database.location)
        _mint(settings).write(0, genesis(store_id))
    finally:
        database.close()
    return open_in_database(address)


def fill_store(address: str, source: Tx, keys: bytes, until: str) -> Store:
    """Make a new store in a database from the inputs of another up to a time.

    Parameters
    ----------
    address
        Of a database that holds no store.
    source
        The other store, of our version.
    keys
        The public keys that signed its history.
    until
        The time, as the history writes it.
    """
    settings = _named(dict(source.rows("SELECT key, value FROM store_meta")))
    database = ServerDatabase(address)
    try:
        with database.write() as tx:
            _refuse_store(tx, database.location)
            schema.lay_out(tx, settings)
            _refuse_open_door(tx, database.location)
            carry(source, tx, until)
            last = last_link(tx, settings["store_id"])
        put_file(beside(str(base_of(settings)), "pub"), keys)
        _mint(settings).write(last.seq, last.hash)
    finally:
        database.close()
    return open_in_database(address)


def holds_store(address: str) -> bool:
    """Tell whether a database holds a store."""
    with explained(shown(address)), connect(address) as connection:
        return schema.is_store(ServerTx(connection))


def open_in_database(address: str, *, check: bool = True) -> Store:
    """Open a store that is there; see ``gis.store.doors.open_store``."""
    database = ServerDatabase(address)
    try:
        with database.read() as tx:
            settings = _known(tx, database.location)
        if check:
            _refuse_faults(database, Checker(str(base_of(settings)), settings["store_id"]))
        return PostgisStore(database)
    except BaseException:
        database.close()
        raise


def _refuse_store(tx: Tx, location: str) -> None:
    if schema.is_store(tx):
        msg = (
            f"{location} holds a store; name a database without one or use the store that is there"
        )
        raise StoreError(msg)


def _refuse_open_door(tx: Tx, location: str) -> None:
    """Refuse a place for a police store that this log-in cannot shut."""
    for fault in schema.open_door(tx):
        msg = f"{location}: {fault.message}"
        raise StoreError(msg)


def _named(settings: dict[str, str]) -> dict[str, str]:
    """Name the files of a store in a new place: nobody else's, also not of where it came from."""
    return {**settings, FILES: f"{settings['store_id']}-{secrets.token_hex(4)}"}


def _mint(settings: dict[str, str]) -> Signer:
    signer = Signer(str(base_of(settings)), settings["store_id"])
    signer.mint()
    return signer


def _known(tx: Tx, location: str) -> dict[str, str]:
    """Refuse what is no store of a version we know; give the settings of a store that is."""
    if not schema.is_store(tx):
        msg = f"{location} holds no store of gcvag; gcvag init makes one"
        raise StoreError(msg)
    settings: dict[str, str] = dict(tx.rows("SELECT key, value FROM store_meta"))
    version = settings.get("schema", "unknown")
    if version != str(schema.VERSION):
        msg = f"{location} was made by a newer gcvag (schema {version}); update gcvag"
        raise StoreError(msg)
    return settings


def _refuse_faults(database: ServerDatabase, checker: Checker) -> None:
    """Refuse a store that lacks its tail or was altered by another program."""
    with database.read() as tx:
        faults = schema.layout_faults(tx)
        if checker.head() is not None:
            faults += head_faults(tx, checker)
    if faults:
        msg = f"{database.location}: {faults[0].message}"
        raise StoreError(msg)
