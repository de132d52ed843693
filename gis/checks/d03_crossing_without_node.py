"""Do lines cross at the same level without meeting?

Bridge, tunnel, layer, level, cover and indoor tags part two lines; drawn sides of streets are not
real lines. Two paths give one finding, at the smaller id.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import shapely

from gis.checks.base import hits_at, own_line, tags
from gis.checks.graph import same_height

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gis.checks.base import Layers

CHECK_ID: Final = "D03"
QUESTION: Final = "Korsas linjerna i samma plan utan att mötas?"
SOURCE: Final = "topology: lines that meet share a node"
REACH_M: Final = 0.0
ROW_LOCAL: Final = False

NODES: Final = ("from_node", "to_node")


def flag(layers: Layers) -> pd.DataFrame:
    """Flag path lines that cross a path or street on the same level without a shared node."""
    s = layers.segments
    rows = np.flatnonzero(own_line(s).to_numpy())
    paths = _pairs(s, rows, s, rows)
    streets = _pairs(s, rows, layers.streets, np.arange(len(layers.streets)))
    return pd.concat(
        [_told(s, paths, s, "segment_id"), _told(s, streets, layers.streets, "street_id")],
        ignore_index=True,
    )


def _pairs(
    first: pd.DataFrame, a: NDArray[np.intp], second: pd.DataFrame, b: NDArray[np.intp]
) -> pd.DataFrame:
    """Find pairs of rows whose lines cross at the same height and share no node.

    Of two segments that cross each other one pair is found, the lower id first.
    """
    if len(a) == 0 or len(b) == 0:
        return pd.DataFrame({"row": a[:0], "other": b[:0]})
    ones, twos = first.geometry.to_numpy()[a], second.geometry.to_numpy()[b]
    one, two = shapely.STRtree(twos).query(ones)
    asked = ~_meet(first, a[one], second, b[two])
    if first is second:
        names = first["segment_id"].to_numpy(dtype=object)
        asked &= names[a[one]] < names[b[two]]
    one, two = one[asked], two[asked]
    crossed = shapely.crosses(ones[one], twos[two])
    one, two = one[crossed], two[crossed]
    level = same_height(first, a[one], second, b[two])
    return pd.DataFrame({"row": a[one[level]], "other": b[two[level]]})


def _meet(
    first: pd.DataFrame, a: NDArray[np.intp], second: pd.DataFrame, b: NDArray[np.intp]
) -> NDArray[np.bool_]:
    """Tell which pairs share an end node."""
    nodes = [first[name].to_numpy()[a] for name in NODES]
    others = [second[name].to_numpy()[b] for name in NODES]
    shared: NDArray[np.bool_] = np.zeros(len(a), dtype=bool)
    for node in nodes:
        for other in others:
            shared |= node == other
    return shared


def _told(
    segments: pd.DataFrame, pairs: pd.DataFrame, others: pd.DataFrame, key: str
) -> pd.DataFrame:
    """Name the crossed line and the place."""
    if pairs.empty:
        return hits_at(segments, pairs["row"].to_numpy())
    rows, other = pairs["row"].to_numpy(), pairs["other"].to_numpy()
    met = shapely.intersection(
        segments.geometry.to_numpy()[rows], others.geometry.to_numpy()[other]
    )
    named = others.iloc[other]
    return hits_at(
        segments,
        rows,
        subject=named[key].to_numpy(),
        line=named["source_id"].to_numpy(),
        crossed=tags(named, ("highway", "name")).to_numpy(),
        place=shapely.point_on_surface(met),
    )
