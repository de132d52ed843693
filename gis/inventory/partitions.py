"""Into which parts is a network cut, so that each answers as the whole would?

Each part owns the segments whose middles lie in its cell, and sees all that comes within `REACH_M`
of them. What only the whole net tells (checks of infinite reach) is asked of no part.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from gis import checks

if TYPE_CHECKING:
    from collections.abc import Iterator

    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

    from gis.network import Network

NEAR: Final = tuple(c.check_id for c in checks.all_checks() if np.isfinite(c.reach_m))
"""Ids of the checks that a part can answer."""
FAR: Final = tuple(c.check_id for c in checks.all_checks() if not np.isfinite(c.reach_m))
"""Ids of the checks that only the whole net answers."""
REACH_M: Final = max(c.reach_m for c in checks.all_checks() if np.isfinite(c.reach_m))


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of a network: the ids of its own segments, and all that stands around them."""

    network: Network
    own: frozenset[str]
    observations: pd.DataFrame
    decisions: pd.DataFrame


def cut(
    network: Network, observations: pd.DataFrame, decisions: pd.DataFrame, rows: int
) -> Iterator[Part]:
    """Cut a network into parts, one after the other so that few are held at a time.

    Parameters
    ----------
    network
        The whole.
    observations, decisions
        Frames of ``gis.marks``.
    rows
        How many segments a part owns at most.
    """
    ids = network.segments["segment_id"].to_numpy(dtype=object)
    for own in cells(network.segments, rows):
        seen = window(network, own)
        there = seen.segments["segment_id"]
        yield Part(
            network=seen,
            own=frozenset(ids[own]),
            observations=observations[observations["segment_id"].isin(there)],
            decisions=decisions[decisions["segment_id"].isin(there)],
        )


def cells(segments: gpd.GeoDataFrame, rows: int) -> list[NDArray[np.intp]]:
    """Share segments out by place, at most `rows` to a cell: positions in ascending order."""
    if segments.empty:
        return []
    count = -(-len(segments) // rows)
    box = segments.geometry.bounds.to_numpy()
    x, y = (box[:, 0] + box[:, 2]) / 2, (box[:, 1] + box[:, 3]) / 2
    strips = max(round(np.sqrt(count)), 1)
    strip = np.argsort(np.argsort(x, kind="stable"), kind="stable") * strips // len(x)
    return [np.sort(own) for own in np.array_split(np.lexsort((y, strip)), count)]


def window(network: Network, own: NDArray[np.intp]) -> Network:
    """Take out of a network what comes within `REACH_M` of the box of some of its segments."""
    lines = network.segments.geometry.to_numpy()[own]
    west, south, east, north = shapely.total_bounds(lines).tolist()
    box = shapely.box(west - REACH_M, south - REACH_M, east + REACH_M, north + REACH_M)
    layers = {
        name: within(getattr(network, name), np.array([box]))
        for name in ("segments", "streets", "crossings", "signs", "barriers", "places", "areas")
    }
    return replace(network, **layers, routes=network.routes.iloc[:0])


def within(layer: gpd.GeoDataFrame, boxes: NDArray[np.object_]) -> gpd.GeoDataFrame:
    """Take the rows whose boxes meet one of some boxes, in their order."""
    return layer.iloc[np.unique(layer.sindex.query(boxes)[1])].reset_index(drop=True)
