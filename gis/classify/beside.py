"""What runs beside a segment: a way for walkers, a street?

Asked by geometry for cycle paths alone, as only there it matters where walkers go. Lengths are
metres in the working CRS.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import shapely

from gis.classify.series import text

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

BESIDE_M: Final = 10.0
"""How far from a cycle path its footpath may lie (NVDB shifts lines by 3–10 m)."""
_ALONG: Final = (0.25, 0.5, 0.75)
_MOST: Final = 2
_SIDES: Final = ("left", "right")


def footway_beside(segments: gpd.GeoDataFrame, asked: pd.Series) -> pd.Series:
    """Tell along which segments a footway runs: near two of three places of theirs.

    Parameters
    ----------
    segments
        Of the network.
    asked
        Which of them to ask about, same index; the others are false.
    """
    rows = np.flatnonzero(asked.to_numpy(dtype=bool))
    walks = segments["kind"].eq("path") & segments["highway"].isin(("footway", "pedestrian"))
    walks |= segments["kind"].eq("path") & segments["side_tag"].eq("sidewalk")
    beside = np.zeros(len(segments), dtype=bool)
    if len(rows) and walks.any():
        beside[rows] = _along(segments, rows, np.flatnonzero(walks.to_numpy(dtype=bool)))
    return pd.Series(beside, index=segments.index)


def _along(
    segments: gpd.GeoDataFrame, rows: NDArray[np.intp], walks: NDArray[np.intp]
) -> NDArray[np.bool_]:
    """Tell which lines have another of some lines near most of their places."""
    lines = segments.geometry.to_numpy()
    places = shapely.line_interpolate_point(lines[rows, None], _ALONG, normalized=True)
    tree = shapely.STRtree(lines[walks])
    place, found = tree.query(places.ravel(), predicate="dwithin", distance=BESIDE_M)
    own = place // len(_ALONG)
    other = walks[found] != rows[own]
    near = np.zeros(places.size, dtype=bool)
    near[place[other]] = True
    most: NDArray[np.bool_] = near.reshape(places.shape).sum(axis=1) >= _MOST
    return most


def street_beside(segments: pd.DataFrame) -> pd.Series:
    """Tell which segments are a street's side, or are said to run along one."""
    return segments["side"].isin(_SIDES) | text(segments, "is_sidepath").eq("yes")
