"""What does the public map hold when the segments are too many to send?

The page draws vector tiles far away and asks for real features when it is close; here stand only
the words, the looks, how many there are of each class and status, and, asked for apart, the names
that can be searched for.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from maps import page
from maps.layers import coding

if TYPE_CHECKING:
    import geopandas as gpd

    from maps.page import About, Contents

MOST_SENT: Final = 10_000
"""Segments that a page is sent as a whole (design: breakpoints measured in Chromium)."""

CLOSE_ZOOM: Final = 15
TILE_ZOOM: Final = 14
TILES: Final = "/ogc/collections/{layer}/tiles/WebMercatorQuad/{z}/{y}/{x}"
ITEMS: Final = "/ogc/collections/{layer}/items"
NAMES: Final = "/api/map/names"
COUNTED: Final = ("path_class", "status")
PLACES: Final = ("segments", "streets", "places")
KINDS: Final = {"segments": "path", "streets": "street", "places": "place"}


def contents(
    segments: gpd.GeoDataFrame,
    counted: pd.DataFrame,
    extent: list[list[float]] | None,
    about: About,
    title: str,
) -> Contents:
    """Code a page without its segments.

    Parameters
    ----------
    segments
        The layer without a row.
    counted
        `path_class`, `status` and `length_m` of every segment.
    extent
        South-west and north-east corner, latitude and longitude; None without segments.
    about, title
        As for every page.

    Returns
    -------
    contents
        As of any page, with ``tiled``: addresses, zooms and counts.
    """
    coded = page.contents("inventory", {"segments": segments}, about, title)
    return fetching(coded, counted, extent)


def fetching(coded: Contents, counted: pd.DataFrame, extent: list[list[float]] | None) -> Contents:
    """Let a page fetch what it was not sent: addresses, zooms and counts."""
    live = counted[counted["status"].ne("retired")]
    tiled = {
        "tiles": TILES,
        "items": ITEMS,
        "names": NAMES,
        "close": CLOSE_ZOOM,
        "far": TILE_ZOOM,
        "counts": {column: _counts(live, column) for column in COUNTED},
    }
    return replace(coded, data={**coded.data, "extent": extent, "tiled": tiled})


def names(layers: dict[str, gpd.GeoDataFrame]) -> dict[str, Any]:
    """Return every name with its kind and box (south, west, north, east), each name once."""
    found = pd.concat([_named(layers[name], KINDS[name]) for name in PLACES if name in layers])
    boxes = found.groupby("name", sort=True).agg(
        kind=("kind", "first"),
        miny=("miny", "min"),
        minx=("minx", "min"),
        maxy=("maxy", "max"),
        maxx=("maxx", "max"),
    )
    return {
        "name": boxes.index.tolist(),
        "kind": boxes["kind"].tolist(),
        "box": boxes[["miny", "minx", "maxy", "maxx"]].round(5).to_numpy().tolist(),
    }


def _counts(live: pd.DataFrame, column: str) -> dict[str, list[float]]:
    """Return code to number of segments and metres."""
    summed = live.groupby(column, sort=False)["length_m"].agg(["size", "sum"]).round()
    return dict(zip(summed.index.astype(str), summed.to_numpy().tolist(), strict=True))


def _named(layer: gpd.GeoDataFrame, kind: str) -> pd.DataFrame:
    """Return the named rows of a layer with their boxes in degrees."""
    named = coding.in_degrees(layer[layer["name"].notna()])
    return named.geometry.bounds.assign(name=named["name"].astype(str), kind=kind)
