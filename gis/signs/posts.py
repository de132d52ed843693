"""Who reads a sign that stands at the end of its path, and on which side of them does it stand?

The driver's view is that of who enters the path at that end; traffic keeps right in every country
that has a catalogue. A sign on the way tells by ``direction`` = forward or backward whom it is for;
beside the way it tells by a compass direction which way its face looks. Angles are degrees from
north, lengths metres in the working CRS.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import shapely

from gis.signs.place import ON_WAY_M, PATH_SIGNS

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

AWAY_DEG: Final = 60.0
"""A face within this angle of the way ahead is seen from behind by who enters (proposed)."""
_ARM_M: Final = 1.0
_POINTS: Final = (
    "N", "NNE", "NE", "ENE", "E", "ESE", "SE", "SSE",
    "S", "SSW", "SW", "WSW", "W", "WNW", "NW", "NNW",
)  # fmt: skip
_POINT_DEG: Final = {name: n * 360.0 / len(_POINTS) for n, name in enumerate(_POINTS)}
# Whom a sign on the way is for, where it is not for those who enter by that end.
_AGAINST: Final = {"start": "backward", "end": "forward"}


def posts(signs: gpd.GeoDataFrame, segments: gpd.GeoDataFrame) -> pd.DataFrame:
    """Look at the path signs that stand at an end of their segment.

    Parameters
    ----------
    signs
        As `gis.signs.place` returns them.
    segments
        Of the network, same CRS, any part of it.

    Returns
    -------
    posts
        One row a sign, ordered by its position: ``sign`` (position in `signs`), ``row`` (position
        in `segments`), ``away`` (true where only who leaves the path can read it), ``right_m``
        (distance to the right of who enters; negative is left).
    """
    row = pd.Series(np.arange(len(segments)), index=segments["segment_id"].to_numpy())
    at_end = signs["path_class"].isin(PATH_SIGNS) & signs["end"].isin(list(_AGAINST))
    at_end &= signs["segment_id"].isin(row.index)
    which = np.flatnonzero(at_end.to_numpy(dtype=bool))
    theirs = signs.iloc[which]
    rows = theirs["segment_id"].map(row).to_numpy(dtype=np.intp)
    lines, points = segments.geometry.to_numpy()[rows], theirs.geometry.to_numpy()
    ahead = _ahead(lines, points, theirs["end"].eq("end").to_numpy(dtype=bool))
    right = _right(lines, points, ahead)
    on_way = shapely.distance(lines, points) <= ON_WAY_M
    away = _away(theirs, ahead, on_way)
    return pd.DataFrame({"sign": which, "row": rows, "away": away, "right_m": right})


def _ahead(
    lines: NDArray[np.object_], points: NDArray[np.object_], at_end: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Return the direction into the path where each sign stands, as unit vectors."""
    place = shapely.line_locate_point(lines, points)
    back = shapely.line_interpolate_point(lines, np.maximum(place - _ARM_M, 0.0))
    on = shapely.line_interpolate_point(lines, np.minimum(place + _ARM_M, shapely.length(lines)))
    vectors = shapely.get_coordinates(on) - shapely.get_coordinates(back)
    vectors[at_end] *= -1.0
    sizes = np.hypot(vectors[:, 0], vectors[:, 1])
    unit: NDArray[np.float64] = vectors / np.where(sizes > 0.0, sizes, 1.0)[:, None]
    return unit


def _right(
    lines: NDArray[np.object_], points: NDArray[np.object_], ahead: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Measure how far to the right of the way ahead each sign stands."""
    foot = shapely.line_interpolate_point(lines, shapely.line_locate_point(lines, points))
    east = shapely.get_x(points) - shapely.get_x(foot)
    north = shapely.get_y(points) - shapely.get_y(foot)
    right: NDArray[np.float64] = east * ahead[:, 1] - north * ahead[:, 0]
    return right


def _away(
    signs: gpd.GeoDataFrame, ahead: NDArray[np.float64], on_way: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Tell which signs turn their back on who enters; false where nothing says so."""
    said = signs["direction"]
    against = said.eq(signs["end"].map(_AGAINST)).to_numpy(dtype=bool) & on_way
    bearing = np.degrees(np.arctan2(ahead[:, 0], ahead[:, 1]))
    apart = np.abs((_compass(said) - bearing + 180.0) % 360.0 - 180.0)
    away: NDArray[np.bool_] = against | (apart < AWAY_DEG)
    return away


def _compass(said: pd.Series) -> NDArray[np.float64]:
    """Read compass directions as degrees: ``NE``, ``225``; anything else is not a number."""
    named = said.astype("str").str.upper().map(_POINT_DEG)
    degrees = pd.to_numeric(said, errors="coerce")
    return np.asarray(named.fillna(degrees), dtype=np.float64)
