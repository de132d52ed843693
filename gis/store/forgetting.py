"""How does a forgotten person's name leave the computed layers and their past?

Layers with a column ``author`` show names. A name that is forgotten is replaced where it stands
and where it stood: the one change the past of a layer ever sees.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import orjson

from gis.store.wording import fill, quoted

if TYPE_CHECKING:
    from gis.store.database import Tx

GONE: Final = "borttagen"
"""What stands for the name of a person who was forgotten."""
_SIGNED: Final = "SELECT layer FROM layer_column WHERE name = 'author' ORDER BY layer"
_THERE: Final = """
SELECT o.fid, o.feature FROM $json AS o JOIN $t AS t ON t.fid = o.fid WHERE t.author = ?"""
_WRITING: Final = "UPDATE store_meta SET value = ? WHERE key = 'writing'"
_GROWN: Final = """
UPDATE store_meta SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT)
WHERE key = 'layers_state'"""


def forget_name(tx: Tx, name: str) -> None:
    """Take a name out of every layer that shows authors, and out of its past."""
    said, instead = _said(name), _said(GONE)
    tx.run(_WRITING, ("1",))
    for (layer,) in tx.rows(_SIGNED):
        parts = {"json": quoted(f"json_{layer}"), "t": quoted(layer)}
        rows = tx.rows(fill(_THERE, **parts), (name,))
        put = fill("UPDATE $json SET feature = ? WHERE fid = ?", **parts)
        tx.run_many(put, [(bytes(row[1]).replace(said, instead), row[0]) for row in rows])
        tx.run(fill("UPDATE $t SET author = ? WHERE author = ?", **parts), (GONE, name))
    past = tx.rows("SELECT layer, key, began, feature FROM layer_past")
    put = "UPDATE layer_past SET feature = ? WHERE layer = ? AND key = ? AND began = ?"
    tx.run_many(
        put, [(bytes(row[3]).replace(said, instead), *row[:3]) for row in past if said in row[3]]
    )
    tx.run(_WRITING, ("0",))
    tx.run(_GROWN)


def _said(name: str) -> bytes:
    return b'"author":' + orjson.dumps(name)
