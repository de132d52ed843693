"""How does a record become a GeoPackage of its own, whole or as it was at some time?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import apsw

from gis.store import schema
from gis.store.carrying import FOREVER, carry
from gis.store.database import Tx, prepare

if TYPE_CHECKING:
    from pathlib import Path


def cut(source: Tx, new: Path, until: str = FOREVER) -> None:
    """Make a new GeoPackage of the inputs of a store up to a time."""
    settings: dict[str, str] = dict(source.rows("SELECT key, value FROM store_meta"))
    target = apsw.Connection(str(new))
    try:
        prepare(target)
        schema.lay_out(target, settings | schema.FRESH)
        with target:
            carry(source, Tx(target), until)
        target.pragma("journal_mode", "delete")
    finally:
        target.close()
