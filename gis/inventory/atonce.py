"""What may be said of a segment the moment somebody marks it?

That it was inspected, when, and how often it was changed: this follows from its own marks. Its
class, its findings and its neighbours follow with the refresh, and so does everything about
segments of which several people, a planner or a source have said more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import pandas as pd

from gis import marks
from gis.inventory.publish import TICK
from gis.marks.frames import STANDING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    import geopandas as gpd

    from gis.store import Store

FREE: Final = ("proposed", "ambiguous", "inspected")
"""Of a segment with one of these nobody has decided, and no two people have disagreed."""
PLAIN: Final = frozenset({"mark", "visit"})


class _Seen(NamedTuple):
    """When a segment was last seen and changed, and how often."""

    inspected_at: datetime
    changed_at: datetime
    version: int


def settle_at_once(store: Store, segment_ids: Sequence[str]) -> None:
    """Give marked segments their new status where it is plain, before anything is recomputed.

    Parameters
    ----------
    store
        The public store, updated at least once.
    segment_ids
        Segments with new marks or visits; a refresh of them must follow.
    """
    with store.transaction():
        seen = {one: told for one in segment_ids if (told := _seen(store, one)) is not None}
        rows = store.layer("segments", ids=sorted(seen))
        rows = rows[rows["status"].isin(FREE)]
        if len(rows):
            store.update_layers({"segments": _settled(rows, seen)})


def _settled(rows: gpd.GeoDataFrame, seen: Mapping[str, _Seen]) -> gpd.GeoDataFrame:
    """Write into rows of segments what was seen."""
    told = pd.DataFrame([seen[one] for one in rows["segment_id"]], index=rows.index)
    changed = _times(told["changed_at"])
    return rows.assign(
        status="inspected",
        inspected_at=_times(told["inspected_at"]),
        valid_from=rows["valid_from"].where(rows["valid_from"] > changed, changed),
        version=told["version"],
    )


def _seen(store: Store, segment_id: str) -> _Seen | None:
    """Read when a segment was seen; None where that alone does not tell its status."""
    standing = [
        one for one in store.revisions("observation", segment_id) if one.body["result"] in STANDING
    ]
    plain = {one.body["kind"] for one in standing} <= PLAIN
    if not standing or not plain or len({one.author for one in standing}) > 1:
        return None
    if store.lineage(segment_id):
        return None
    said = [one.body.get("observed_at") or one.at for one in standing]
    at = pd.to_datetime(pd.Series(said, dtype=object), utc=True, format="ISO8601").max()
    return _Seen(at, max(one.at for one in standing), marks.version(store, segment_id))


def _times(times: pd.Series[datetime]) -> pd.Series[pd.Timestamp]:
    """Floor times as public layers hold them."""
    return pd.to_datetime(times, utc=True).astype("datetime64[us, UTC]").dt.floor(TICK)
