"""What do segments become where people say that they must be cut?

The longer part keeps the id, the other gets one that follows from the operation alone; so the
same cuts give the same segments, whether they are made at once or in the next update. Cuts are
few beside segments, so they are made one by one.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """Where somebody said that a segment must be cut; `point` in the working CRS."""

    op_id: str
    segment_id: str
    point: shapely.Point
    at: datetime

    @property
    def child_id(self) -> str:
        """The id of the shorter part."""
        return child_id(self.op_id)


def child_id(op_id: str) -> str:
    """Return the id that the shorter part gets by this operation."""
    return mint("s", "split", op_id)


def cut(segments: gpd.GeoDataFrame, cuts: Sequence[Cut]) -> gpd.GeoDataFrame:
    """Cut segments where people said.

    Parameters
    ----------
    segments
        On which a cut may fall: a segment, the parts cut from it and what came of it.
    cuts
        In the order they were said.

    Returns
    -------
    segments
        With one row more for each cut that falls inside a segment; row order is kept, new rows
        come last.
    """
    made = segments
    for one in cuts:
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
    child = 0 if shapes[0].length < shapes[1].length else 1
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


def _node(one: Cut) -> int:
    """Return the node at which both parts meet; nodes of sources are positive."""
    return -int(sha256(one.op_id.encode()).hexdigest()[:12], 16)
