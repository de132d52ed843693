"""How does a record get from one store into another, whatever their engines?

Inputs are carried row by row, as they are. Computed layers are not: they are computed anew, and
what they held before goes along.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gis.store.past import lives
from gis.store.wording import fill

if TYPE_CHECKING:
    from gis.store.database import Tx

FOREVER: Final = "9999"
# What is cut at a time; a file goes with its delivery, and people stay as they were last.
_CUT: Final = {
    "revision": "at_utc <= ? ORDER BY seq",
    "lineage": "at_utc <= ? ORDER BY number",
    "idempotency": "at_utc <= ? ORDER BY at_utc",
    "layer_epoch": "at_utc <= ? ORDER BY at_utc",
    "delivery_raw": """delivery_id IN (SELECT entity_id FROM revision
        WHERE entity = 'delivery' AND at_utc <= ?) ORDER BY delivery_id, piece""",
}
_WHOLE: Final = ("person", "account", "token", "item")


def carry(source: Tx, target: Tx, until: str = FOREVER) -> None:
    """Carry what was recorded by a time into an empty store, in the order it was recorded."""
    for table, which in _CUT.items():
        words = fill("SELECT * FROM $t WHERE $which", t=table, which=which)
        target.put_all(table, source.each(words, (until,)))
    for table in _WHOLE:
        target.put_all(table, source.each(fill("SELECT * FROM $t", t=table)))
    target.put_all("layer_past", lives(source, until))
