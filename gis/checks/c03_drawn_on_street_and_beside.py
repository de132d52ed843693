"""Is the same path drawn on the street and beside it?

A pavement and a cycle path beside each other are two things, so only lines of the side's own group
count: walkable ones for a pavement, ridable ones for a track.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import shapely

from gis.checks.base import CYCLING, among, col, hits_at, path_way

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gis.checks.base import Layers

CHECK_ID: Final = "C03"
QUESTION: Final = "Är samma bana ritad både på gatan och bredvid?"
SOURCE: Final = "proposed: 8 m and 20 degrees"
REACH_M: Final = 8.0
ROW_LOCAL: Final = False

PLACES: Final = (0.15, 0.325, 0.5, 0.675, 0.85)
MIN_PART: Final = 0.6
MAX_ANGLE_DEG: Final = 20.0


def flag(layers: Layers) -> pd.DataFrame:
    """Flag tagged sides that have a parallel line of their own beside them.

    A pavement drawn twice is a note: nobody doubts what it is.
    """
    s = layers.segments
    sides = among(s, "side", ("left", "right")) & among(s, "kind", ("path",))
    rows = np.flatnonzero(sides.to_numpy())
    own = np.flatnonzero((path_way(s) & ~among(s, "highway", ("steps", "track"))).to_numpy())
    lines = s.geometry.to_numpy()
    pairs = pd.concat([_beside(lines, rows, own, place) for place in PLACES], ignore_index=True)
    pairs = pairs[_same_group(s, pairs)]
    pairs["part"] = pairs.groupby(["row", "own"])["distance"].transform("size") / len(PLACES)
    best = pairs[pairs["part"].ge(MIN_PART)].assign(name=lambda p: _ids(s, p["own"]))
    best = best.sort_values(["row", "distance", "name"]).drop_duplicates("row")
    found = hits_at(s, best["row"].to_numpy(), subject=best["name"].to_numpy())
    found["line"] = s["source_id"].to_numpy()[best["own"]]
    side = s.iloc[found["row"]]
    twin = side["path_class"].to_numpy() == s["path_class"].to_numpy()[best["own"]]
    return found.assign(
        tags=(col(side, "side_tag") + "=" + col(side, "side_value")).to_numpy(),
        distance=best["distance"].round(1).to_numpy(),
        other=twin & among(side, "side_tag", ("sidewalk",)).to_numpy(),
    )


def _beside(
    lines: NDArray[np.object_], rows: NDArray[np.intp], own: NDArray[np.intp], place: float
) -> pd.DataFrame:
    """Find lines within reach of one point of each side that run the same way there."""
    points = shapely.line_interpolate_point(lines[rows], place, normalized=True)
    one, two = shapely.STRtree(lines[own]).query(points, predicate="dwithin", distance=REACH_M)
    near = lines[own][two]
    at = shapely.line_locate_point(near, points[one])
    turn = _apart(
        _bearing(lines[rows][one], place * shapely.length(lines[rows][one])), _bearing(near, at)
    )
    distance = shapely.distance(points[one], near)
    pairs = pd.DataFrame({"row": rows[one], "own": own[two], "distance": distance})
    return pairs[turn <= MAX_ANGLE_DEG]


def _bearing(lines: NDArray[np.object_], at: NDArray[np.float64]) -> NDArray[np.float64]:
    """Read in which direction lines run at a place, over two metres."""
    length = shapely.length(lines)
    first = shapely.line_interpolate_point(lines, np.clip(at - 1.0, 0.0, length))
    last = shapely.line_interpolate_point(lines, np.clip(at + 1.0, 0.0, length))
    east = shapely.get_x(last) - shapely.get_x(first)
    north = shapely.get_y(last) - shapely.get_y(first)
    bearing: NDArray[np.float64] = np.degrees(np.arctan2(east, north))
    return bearing


def _apart(one: NDArray[np.float64], two: NDArray[np.float64]) -> NDArray[np.float64]:
    """Measure the angle between undirected bearings, 0–90 degrees."""
    apart = np.abs(one - two) % 180.0
    return np.minimum(apart, 180.0 - apart)


def _same_group(segments: pd.DataFrame, pairs: pd.DataFrame) -> pd.Series:
    """Tell where the line serves the group that the side serves."""
    ridable = among(segments, "path_class", CYCLING).to_numpy()[pairs["own"]]
    pure = among(segments, "path_class", ("cykelbana",)).to_numpy()[pairs["own"]]
    cycle = among(segments, "side_tag", ("cycleway",)).to_numpy()[pairs["row"]]
    return pd.Series(np.where(cycle, ridable, ~pure), index=pairs.index)


def _ids(segments: pd.DataFrame, rows: pd.Series) -> NDArray[np.object_]:
    names: NDArray[np.object_] = segments["segment_id"].to_numpy(dtype=object)
    taken: NDArray[np.object_] = names[rows.to_numpy()]
    return taken
