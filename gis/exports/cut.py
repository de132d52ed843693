"""Which rows of which layers leave the store?

A window is given in degrees and taken in the working CRS; what meets it leaves whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import shapely

from gis import codes, crs
from gis.errors import CodeError, GisError
from gis.sources.packing import unpacked

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from gis.areas import Area
    from gis.store import Store

PUBLIC: Final = (
    "segments", "findings", "crossings", "signs", "places", "streets", "districts",
)  # fmt: skip
SEGMENTS: Final = "segments"
NETWORK: Final = "network"
EVERY: Final = "every"
"""All segments, whatever part is wanted: a way is judged by the whole of it."""
EDGE_STEP_DEG: Final = 0.01
LON_MAX: Final = 180
LAT_MAX: Final = 90
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """Which part is wanted: public layers, a box in degrees, classes of segments, a time (UTC).

    Empty or null is everything, and what stands now.
    """

    layers: Sequence[str] = ()
    bbox: Box | None = None
    classes: Sequence[str] = ()
    as_of: datetime | None = None


def parse_bbox(text: str) -> Box:
    """Read ``west,south,east,north`` in degrees.

    Raises
    ------
    GisError
        If it is not four numbers in order and within the earth's range.

    Examples
    --------
    >>> parse_bbox("15.5,56.1,15.7,56.2")
    (15.5, 56.1, 15.7, 56.2)
    """
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        west = south = east = north = float("nan")
    if not (-LON_MAX <= west < east <= LON_MAX and -LAT_MAX <= south < north <= LAT_MAX):
        msg = f"bbox {text!r} is no west,south,east,north in degrees, such as 15.5,56.1,15.7,56.2."
        raise GisError(msg)
    return west, south, east, north


def check(cut: Cut) -> None:
    """Refuse layers that are not public and classes that are none."""
    for layer in cut.layers:
        if layer not in PUBLIC:
            msg = f"layer {layer!r} is not exported; choose among {', '.join(PUBLIC)}."
            raise GisError(msg)
    for code in cut.classes:
        if code not in codes.load("path_class"):
            msg = f"class {code!r} is not in the code list path_class."
            raise CodeError(msg)


def frame(store: Store, layer: str, area: Area, cut: Cut) -> gpd.GeoDataFrame:
    """Read the wanted rows of a layer in the working CRS.

    Parameters
    ----------
    store
        The public store.
    layer
        One of ``PUBLIC``, or ``NETWORK`` (as it is now, each tag a column), or ``EVERY``.
    area
        Its working CRS.
    cut
        Which part.
    """
    window = _window(cut.bbox, area) if cut.bbox else None
    if layer == NETWORK:
        return unpacked(store.layer(NETWORK, bbox=window))
    if layer == EVERY:
        return store.layer(SEGMENTS, as_of=cut.as_of)
    where = {"path_class": list(cut.classes)} if cut.classes and layer == SEGMENTS else None
    return store.layer(layer, bbox=window, where=where, as_of=cut.as_of)


def _window(bbox: Box, area: Area) -> Box:
    """Return the box in the working CRS that holds all of a box in degrees."""
    edge = shapely.segmentize(shapely.box(*bbox), EDGE_STEP_DEG)
    there = crs.to_working(gpd.GeoSeries([edge], crs=crs.WGS84), area.crs)
    west, south, east, north = (float(side) for side in there.total_bounds)
    return west, south, east, north
