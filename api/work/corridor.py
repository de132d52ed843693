"""Which segments are one corridor, and how are they decided together?

A corridor is what has the same name and hangs together end to end. Each segment is decided by
itself, with its own version: one that somebody changed meanwhile is told, the others stand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import orjson
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from api.errors import Problem
from api.kinds import Kind
from api.ogc import pages, tags
from api.ogc.wire import CRS84
from api.work.decision import settle

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd

    from api.auth.identity import Identity
    from api.models import SegmentPatch
    from gis.store import Store

SEGMENTS: Final = "segments"
REACH_M: Final = 0.5
MOST: Final = 200
AROUND_M: Final = 500.0
OUTWARDS: Final = np.array([-1.0, -1.0, 1.0, 1.0])
"""Which way each side of a box moves when it grows."""


def corridor(store: Store, segment_id: str) -> list[dict[str, Any]]:
    """List the segments of a corridor, the asked one among them.

    Returns
    -------
    segments
        ``segment_id``, ``path_class``, ``status``, ``length_m``, ``version``, at most `MOST`;
        only the segment itself where it has no name.

    Raises
    ------
    Problem
        ``not_found`` when there is no such segment.
    """
    pages.one(store, SEGMENTS, segment_id)
    own = store.layer(SEGMENTS, ids=[segment_id])
    name = own["name"].iloc[0]
    named = _hanging(store, own, name) if isinstance(name, str) else own
    mine = named.iloc[:MOST]
    wanted = ["segment_id", "path_class", "status", "length_m", "version"]
    return [
        {str(key): value for key, value in row.items()} for row in mine[wanted].to_dict("records")
    ]


def _hanging(store: Store, own: gpd.GeoDataFrame, name: str) -> gpd.GeoDataFrame:
    """Return what has a name and hangs together with a segment; only its surroundings are read."""
    box, segment_id = own.total_bounds, own["segment_id"].iloc[0]
    while True:
        wide = box + AROUND_M * OUTWARDS
        near = store.layer(SEGMENTS, where={"name": [name]}, bbox=tuple(wide.tolist()))
        live = near[near["status"].ne("retired")]
        mine = live[together(live, segment_id)]
        box = mine.total_bounds
        if mine.empty or ((box - wide) * OUTWARDS < -REACH_M).all():
            return mine


def together(segments: gpd.GeoDataFrame, segment_id: str) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Tell which lines hang together with one of them, ends within `REACH_M`."""
    ends = shapely.get_point(segments.geometry.to_numpy()[:, None], [0, -1])
    owner = np.repeat(np.arange(len(segments)), 2)
    tree = shapely.STRtree(ends.ravel())
    left, right = tree.query(ends.ravel(), predicate="dwithin", distance=REACH_M)
    links = coo_array(
        (np.ones(len(left)), (owner[left], owner[right])), shape=(len(segments), len(segments))
    )
    _, group = connected_components(links, directed=False)
    at = np.flatnonzero(segments["segment_id"].eq(segment_id).to_numpy())
    found: np.ndarray[Any, np.dtype[np.bool_]] = np.isin(group, group[at])
    return found


def decide(
    store: Store, wanted: Mapping[str, int], patch: SegmentPatch, who: Identity
) -> list[dict[str, Any]]:
    """Decide each segment under its own version; a refusal of one leaves the others.

    Parameters
    ----------
    store
        The public store.
    wanted
        Segment id to the version the planner had before them.
    patch
        Class and reason, the same for all.
    who
        The planner.

    Returns
    -------
    results
        ``segment_id``, ``result`` (``applied`` or ``refused``) and, where refused, ``why``.
    """
    return [_one(store, one, version, patch, who) for one, version in wanted.items()]


def _one(
    store: Store, segment_id: str, version: int, patch: SegmentPatch, who: Identity
) -> dict[str, Any]:
    """Decide one segment; its neighbours' decisions change its tag, never its version."""
    try:
        tag = _tag(store, segment_id, version)
        settle(store, segment_id, patch, if_match=tag, who=who)
    except Problem as problem:
        return {"segment_id": segment_id, "result": "refused", "why": problem.kind.value}
    return {"segment_id": segment_id, "result": "applied"}


def _tag(store: Store, segment_id: str, version: int) -> str:
    """Return the tag of a segment that still stands at a version; ``stale`` otherwise."""
    feature = pages.one(store, SEGMENTS, segment_id)
    if orjson.loads(feature)["properties"]["version"] != version:
        raise Problem(Kind.STALE)
    return tags.tag(tags.state(feature), CRS84)
