"""Can a segment be moved or joined as somebody says, and has somebody else changed it meanwhile?

Geometry is a field like any other: who changed a line that another changed since they looked
disagrees with that person, and a planner settles it. Position alone says where a cut falls, so a
cut never disagrees.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import orjson

from gis.areas import from_json
from gis.marks.edits import read_edits
from gis.marks.redrawing import degrees, epsg_of, settle_edits
from gis.marks.standing import RESHAPING, operations
from gis.network.redrawn import unjoinable

if TYPE_CHECKING:
    from collections.abc import Collection

    from gis.store import Revision, Store

KINDS: Final = ("move", "join")
"""Kinds of operations that are judged by the line that stands."""
REDRAWS: Final = ("move", "split")
"""Kinds that are kept with the line that the person had before them."""
LINES: Final = (*RESHAPING, "path", "undo")
"""Kinds that may give segments another line; undo may take any of them back."""


def bring_up(store: Store, segment_ids: Collection[str]) -> None:
    """Let the network show what was said earlier in the same batch."""
    if segment_ids and "network" in store.layer_names():
        epsg = from_json(store.area_json()).crs
        settle_edits(store, sorted(segment_ids), read_edits(store, epsg))


def line_before(store: Store, operation: dict[str, Any]) -> list[list[float]] | None:
    """Return the line that a person moved or cut, [lon, lat]: what they were shown, if known.

    Parameters
    ----------
    store
        The public store.
    operation
        A move or a cut; `observed_at` tells which delivery the person had before them.
    """
    if operation["kind"] == "move" and operation["fields"].get("before") is not None:
        shown: list[list[float]] = operation["fields"]["before"]
        return shown
    segment_id, at = operation["segment_id"], _time(operation.get("observed_at"))
    deliveries = store.deliveries()
    latest = deliveries[-1].at if deliveries else None
    if at is not None and latest is not None and latest > at:
        then = store.feature("segments", segment_id, as_of=at)
        if then is not None:
            line: list[list[float]] = orjson.loads(then)["geometry"]["coordinates"]
            return [place[:2] for place in line]
    rows = store.layer("network", ids=[segment_id])
    return None if rows.empty else degrees(rows.geometry.to_numpy()[0], epsg_of(rows))


def _time(written: str | None) -> datetime | None:
    return None if written is None else datetime.fromisoformat(written)


def refused(store: Store, operation: dict[str, Any]) -> str | None:
    """Say why two segments cannot become one; None where they can, or where it is no join."""
    if operation["kind"] != "join":
        return None
    segment_id, other_id = operation["segment_id"], operation["fields"]["with"]
    rows = store.layer("network", ids=[segment_id, other_id])
    own, other = (rows[rows["segment_id"].eq(one)] for one in (segment_id, other_id))
    if other.empty:
        return "join_part" if _was(store, other_id) else "unknown_segment"
    edits = read_edits(store, epsg_of(rows))
    if other_id in edits.parts() and segment_id not in edits.family(other_id):
        return "join_part"
    return "join_apart" if own.empty else unjoinable(own, other)


def _was(store: Store, segment_id: str) -> bool:
    """Tell whether a segment lived once."""
    return store.feature("segments", segment_id) is not None or bool(store.lineage(segment_id))


def clashes(store: Store, operation: dict[str, Any], author: str) -> bool:
    """Tell whether somebody else changed the line of a segment, unseen by who changes it now."""
    theirs = operations(store, operation["segment_id"], RESHAPING)
    return any(one.author != author and _differs(operation, one) for one in theirs)


def _differs(operation: dict[str, Any], other: Revision) -> bool:
    """Tell whether an operation was made without the other, and wants something else."""
    base = operation.get("base_version")
    if base is not None and base >= other.body["segment_version"]:
        return False
    names = ("line", "with", "point")
    mine, theirs = operation["fields"], other.body.get("fields") or {}
    return any(mine.get(name) != theirs.get(name) for name in names)
