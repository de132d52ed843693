"""What does a page know of each segment?

One list a column, in the order of drawing. Retired segments are not drawn. Nothing here decides:
class, reason and status are read from the layer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import shapely

from maps.layers import coding
from maps.style import lines

if TYPE_CHECKING:
    import geopandas as gpd

    from maps.layers.coding import Texts

CODES: Final = ("kind", "side", "confidence", "basis", "status", "path_class", "runner_up")
TEXTS: Final = ("name", "district", "rule", "reason_sv", "reason_en", "surface", "ltf_id")
LISTS: Final = ("signs", "source_ids", "flags")
# A pavement lies less than this from the middle of its street, broad streets included.
BESIDE_M: Final = 30
# Web Mercator, whose distances are the true ones divided by the cosine of the latitude.
_MERCATOR: Final = 3857
DAYS: Final = ("inspected_at", "decided_at")


def drawn(segments: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Keep what a map shows, quiet classes below the main ones.

    Parameters
    ----------
    segments
        The layer `segments`, any CRS; the index is not used.

    Returns
    -------
    segments
        In WGS84, without retired and empty ones, in a new order.
    """
    shown = segments[segments["status"].ne("retired") & ~segments.geometry.is_empty]
    main = [code for code, line in lines("class").items() if line.tier == "main"]
    order = np.argsort(shown["path_class"].isin(main).to_numpy(), kind="stable")
    return coding.in_degrees(shown.iloc[order].reset_index(drop=True))


def columns(segments: gpd.GeoDataFrame, texts: Texts) -> dict[str, Any]:
    """Code the columns of the segments that are drawn.

    Parameters
    ----------
    segments
        From `drawn`.
    texts
        The page's table of texts; grows.

    Returns
    -------
    columns
        Column to list, `line` to coded geometry. A column that says nothing is left out.
    """
    found: dict[str, list[Any]] = {}
    for name in _present(segments, (*CODES, *TEXTS)):
        found[name] = texts.column(segments[name])
    for name in _present(segments, LISTS):
        found[name] = texts.lists(segments[name])
    for name in _present(segments, DAYS):
        found[name] = texts.column(pd.to_datetime(segments[name], utc=True).dt.strftime("%Y-%m-%d"))
    for name, digits in (("length_m", 0), ("width_m", 2), ("severity", 0)):
        if name in segments:
            found[name] = coding.numbers(segments[name], digits)
    return {
        "segment_id": segments["segment_id"].astype(str).tolist(),
        **coding.slim(found),
        "line": coding.lines(segments.geometry),
    }


def beside(segments: gpd.GeoDataFrame, streets: gpd.GeoDataFrame | None) -> pd.Series:
    """Name the street that a nameless segment runs along, so that a person finds it.

    Parameters
    ----------
    segments
        From `drawn`.
    streets
        The layer `streets` with `name`, any CRS; None is as none.

    Returns
    -------
    names
        One text a segment: the nearest named street within `BESIDE_M` of its middle; null where
        there is none and where the segment has a name of its own.
    """
    names = pd.Series([None] * len(segments), index=segments.index, dtype=object)
    named = None if streets is None else streets[streets["name"].notna()]
    nameless = segments[segments["name"].isna()]
    if named is None or named.empty or nameless.empty:
        return names
    stretch = 1 / np.cos(np.radians(segments.total_bounds[[1, 3]].mean()))
    lines = nameless.geometry.to_crs(_MERCATOR).to_numpy()
    middles = shapely.line_interpolate_point(lines, 0.5, normalized=True)
    tree = shapely.STRtree(named.geometry.to_crs(_MERCATOR).to_numpy())
    row, street = tree.query_nearest(
        middles, max_distance=BESIDE_M * stretch, all_matches=False, exclusive=False
    )
    names.loc[nameless.index[row]] = named["name"].to_numpy()[street]
    return names


def extent(segments: gpd.GeoDataFrame) -> list[list[float]] | None:
    """Return the south-west and north-east corner in degrees; None without segments."""
    if segments.empty:
        return None
    west, south, east, north = np.round(segments.total_bounds, 6).tolist()
    return [[south, west], [north, east]]


def _present(segments: gpd.GeoDataFrame, names: tuple[str, ...]) -> list[str]:
    return [name for name in names if name in segments]
