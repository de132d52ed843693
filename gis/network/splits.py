"""What do segments become where people say that they must be cut?

The part before a cut keeps the id, the part behind it gets one that follows from the operation
alone: every further cut leaves all other parts as they are, so the same cuts give the same
segments in whatever order they come, at once and in each update. Before and behind are as the
segment ran when it was cut. Cuts are few beside segments, so they are made one by one.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.ops import substring

from gis.network.ids import mint

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

REACH_M: Final = 15.0
"""A cut further from its segment than this is not made: the line has moved away."""
LEAST_M: Final = 0.5
"""No part may be shorter."""
BESIDE_M: Final = 2.0
"""How far to either side of a cut a line is looked at, to tell which way it runs there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """Where somebody said that a segment must be cut.

    `point` and `before`, the line as it was then, are in the working CRS; null if nobody knows it.
    """

    op_id: str
    segment_id: str
    point: shapely.Point
    before: shapely.LineString | None
    at: datetime

    @property
    def child_id(self) -> str:
        """The id of the part behind the cut."""
        return child_id(self.op_id)


def child_id(op_id: str) -> str:
    """Return the id that the part behind a cut gets by this operation."""
    return mint("s", "split", op_id)


def cut(segments: gpd.GeoDataFrame, cuts: Sequence[Cut]) -> gpd.GeoDataFrame:
    """Cut segments where people said.

    Parameters
    ----------
    segments
        On which a cut may fall: a segment, the parts cut from it and what came of it.
    cuts
        In any order.

    Returns
    -------
    segments
        With one row more for each cut that falls inside a segment; row order is kept, new rows
        come last.
    """
    made = segments
    for one in sorted(cuts, key=lambda one: one.op_id):
        row = _struck(made, one.point)
        if row is not None:
            made = _cut_row(made, row, one)
    return made


def join(parts: gpd.GeoDataFrame, segment_id: str) -> gpd.GeoDataFrame | None:
    """Make one segment again of its parts; None where they no longer meet."""
    merged = shapely.line_merge(shapely.multilinestrings(parts.geometry.to_numpy()), directed=True)
    if not isinstance(merged, shapely.LineString):
        return None
    lines = parts.geometry.to_numpy()
    first = next(i for i, line in enumerate(lines) if line.coords[0] == merged.coords[0])
    last = next(i for i, line in enumerate(lines) if line.coords[-1] == merged.coords[-1])
    own = parts["segment_id"].eq(segment_id).to_numpy()
    whole = parts.iloc[[int(own.argmax())]].reset_index(drop=True)
    told: dict[str, Any] = {"segment_id": segment_id, "length_m": merged.length}
    told |= {name: parts[name].iloc[first] for name in ("from_node", "m_from") if name in parts}
    told |= {name: parts[name].iloc[last] for name in ("to_node", "m_to") if name in parts}
    return whole.assign(**told, geometry=gpd.GeoSeries([merged], crs=parts.crs))


def _struck(segments: gpd.GeoDataFrame, point: shapely.Point) -> int | None:
    """Return the place of the row that a cut falls on; None where too far or too near an end."""
    if segments.empty:
        return None
    lines = segments.geometry.to_numpy()
    nearest = int(np.argmin(shapely.distance(lines, point)))
    line = lines[nearest]
    along = line.project(point)
    inside = LEAST_M <= along <= line.length - LEAST_M
    return nearest if inside and line.distance(point) <= REACH_M else None


def _cut_row(segments: gpd.GeoDataFrame, row: int, one: Cut) -> gpd.GeoDataFrame:
    """Put two rows for one: the parent in its place, the child last."""
    line: shapely.LineString = segments.geometry.to_numpy()[row]
    along = line.project(one.point)
    shapes = [substring(line, 0, along), substring(line, along, line.length)]
    child = 1 if _runs_on(line, one) else 0
    both = pd.concat([segments.iloc[[row]]] * 2, ignore_index=True)
    both["length_m"] = [shape.length for shape in shapes]
    both["geometry"] = gpd.GeoSeries(shapes, crs=segments.crs)
    both.loc[0, "to_node"] = both.loc[1, "from_node"] = _node(one)
    if "m_from" in both:
        middle = both["m_from"] + (both["m_to"] - both["m_from"]) * along / line.length
        both.loc[0, "m_to"] = both.loc[1, "m_from"] = middle.iloc[0]
    both.loc[child, "segment_id"] = one.child_id
    if "first_seen" in both:
        both.loc[child, "first_seen"] = pd.Timestamp(one.at).floor("ms")
    before, after = segments.iloc[:row], segments.iloc[row + 1 :]
    parts = [before, both.iloc[[1 - child]], after, both.iloc[[child]]]
    made = pd.concat([part for part in parts if len(part)], ignore_index=True)
    return gpd.GeoDataFrame(made, geometry="geometry", crs=segments.crs)


def _runs_on(line: shapely.LineString, one: Cut) -> bool:
    """Tell whether a line runs as it did when it was cut; sources may turn one round."""
    if one.before is None:
        return True
    return bool(_heading(line, one.point) @ _heading(one.before, one.point) >= 0)


def _heading(line: shapely.LineString, point: shapely.Point) -> np.ndarray[Any, Any]:
    """Return the vector between two places on a line, one on either side of a point."""
    along = line.project(point)
    ahead, back = line.interpolate(along + BESIDE_M), line.interpolate(max(along - BESIDE_M, 0.0))
    return np.array([ahead.x - back.x, ahead.y - back.y])


def _node(one: Cut) -> int:
    """Return the node at which both parts meet; nodes of sources are positive."""
    return -int(sha256(one.op_id.encode()).hexdigest()[:12], 16)
