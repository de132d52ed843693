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
FAST_KMH: Final = 50.0
"""On a faster street the rule of 15 years and the more suitable carriageway does not help (3:6)."""
OFF_M: Final = 50.0
"""How far off a street a path is still one along it (proposed; no source gives a distance)."""
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
    place, found = _near(lines[rows], lines[walks], BESIDE_M)
    own = walks[found] != rows[place // len(_ALONG)]
    return _mostly(place[own], len(rows))


def _near(
    asked: NDArray[np.object_], lines: NDArray[np.object_], within_m: float
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Pair the places along some lines, three a line, with the lines near them."""
    places = shapely.line_interpolate_point(asked[:, None], _ALONG, normalized=True)
    pairs = shapely.STRtree(lines).query(places.ravel(), predicate="dwithin", distance=within_m)
    return pairs[0], pairs[1]


def _mostly(places: NDArray[np.intp], count: int) -> NDArray[np.bool_]:
    """Tell which of `count` lines have two of their three places among some."""
    near = np.zeros(count * len(_ALONG), dtype=bool)
    near[places] = True
    most: NDArray[np.bool_] = near.reshape(count, len(_ALONG)).sum(axis=1) >= _MOST
    return most


def fast_street_near(segments: gpd.GeoDataFrame, streets: gpd.GeoDataFrame) -> pd.Series:
    """Tell along which ways for cyclists a fast street runs, neither beside them nor far off.

    Parameters
    ----------
    segments
        Of the network.
    streets
        Of the network, with ``maxspeed_kmh``.

    Returns
    -------
    near
        True from `BESIDE_M` to `OFF_M` metres from a street of more than `FAST_KMH`.
    """
    ways = segments["kind"].eq("path") & ~segments["side"].isin(_SIDES)
    ways &= segments["highway"].isin(("cycleway", "footway", "path"))
    rows = np.flatnonzero(ways.to_numpy(dtype=bool))
    near = np.zeros(len(segments), dtype=bool)
    if len(rows) and len(streets):
        fast = streets.geometry.to_numpy()[streets["maxspeed_kmh"].gt(FAST_KMH)]
        lines = segments.geometry.to_numpy()[rows]
        off, beside = (_mostly(_near(lines, fast, m)[0], len(rows)) for m in (OFF_M, BESIDE_M))
        near[rows] = off & ~beside
    return pd.Series(near, index=segments.index)


def street_beside(segments: pd.DataFrame) -> pd.Series:
    """Tell which segments are a street's side, or are said to run along one."""
    return segments["side"].isin(_SIDES) | text(segments, "is_sidepath").eq("yes")
