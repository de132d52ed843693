"""Does the engine find a GeoPackage store whole: pages, indexes, layers?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gis.store.records import Fault
from gis.store.wording import fill, quoted

if TYPE_CHECKING:
    from gis.store.database import Tx


def file_faults(tx: Tx) -> list[Fault]:
    """Let the engine look through every page, index and reference of the file."""
    found = [row[0] for row in tx.rows("PRAGMA integrity_check(10)")]
    loose = tx.rows("PRAGMA foreign_key_check")
    return [Fault("file", text) for text in found if text != "ok"] + [
        Fault("file", f"table {row[0]}, row {row[1]} refers to nothing") for row in loose
    ]


def layer_faults(tx: Tx) -> list[Fault]:
    """Count rows, rendered features and boxes of every layer, and check its R-tree."""
    return [
        Fault("layer", f"layer {name} and its index differ; run gcvag update")
        for name, srs_id in tx.rows("SELECT name, srs_id FROM layer_register ORDER BY name")
        if not _layer_whole(tx, name, spatial=srs_id is not None)
    ]


def _layer_whole(tx: Tx, name: str, *, spatial: bool) -> bool:
    parts = {"t": quoted(name), "json": quoted(f"json_{name}"), "tree": f"rtree_{name}_geom"}
    counts = tx.one(fill(_COUNTS, **parts))
    if counts is None or counts[0] != counts[1]:
        return False
    if not spatial:
        return True
    boxes = tx.one(fill(_BOXES, **parts))
    checked = tx.one("SELECT rtreecheck(?)", (parts["tree"],))
    return boxes is not None and boxes[0] == boxes[1] and checked == ("ok",)


_COUNTS: Final = "SELECT (SELECT count(*) FROM $t), (SELECT count(*) FROM $json)"
_BOXES: Final = """
SELECT (SELECT count(*) FROM $t WHERE geom IS NOT NULL AND NOT ST_IsEmpty(geom)),
  (SELECT count(*) FROM "$tree")"""
