"""Do the positions of a delivery lie where they can?

A whole file whose axes are swapped or whose system is another is refused; a single row that lies
elsewhere is left out. Sweden's box in EPSG:3006 is the registry's area of use, rounded outwards.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from gis import crs
from gis.errors import SourceError

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

    from gis.sources.row_faults import RowFault

SWEREF_TM: Final = 3006
# West, south, east, north of Sweden with its waters in EPSG:3006, metres.
SWEDEN_M: Final = (180_000.0, 6_090_000.0, 1_060_000.0, 7_720_000.0)
EARTH_DEG: Final = (-180.0, -90.0, 180.0, 90.0)
# A file of which more rows than this are swapped was written with its axes swapped.
WHOLE_SHARE: Final = 0.5


def require_sweref(frame: gpd.GeoDataFrame, what: str) -> None:
    """Refuse a layer that is not in EPSG:3006.

    Parameters
    ----------
    frame
        A layer as read.
    what
        File and layer, for the message.
    """
    told = frame.crs.to_epsg() if frame.crs is not None else None
    if told != SWEREF_TM:
        name = f"EPSG:{told}" if told else "no known system"
        msg = f"{what}: the layer is in {name}; NVDB is delivered in EPSG:3006, order it in that"
        raise SourceError(msg)


def in_sweden(
    frame: gpd.GeoDataFrame, ids: pd.Series[str], what: str
) -> tuple[NDArray[np.bool_], list[RowFault]]:
    """Tell which rows lie in Sweden's box.

    Parameters
    ----------
    frame
        Rows in EPSG:3006; null geometries count as inside.
    ids
        What each row is called in a fault.
    what
        File and layer, for the message.

    Returns
    -------
    inside
        One flag a row.
    faults
        The rows outside.

    Raises
    ------
    SourceError
        If most of the rows have north and east swapped.
    """
    box = shapely.bounds(frame.geometry.to_numpy(dtype=object))
    swapped = _within(box[:, [1, 0, 3, 2]], SWEDEN_M)
    inside = _within(box, SWEDEN_M) | np.isnan(box[:, 0])
    swapped &= ~inside
    if len(frame) and swapped.mean() > WHOLE_SHARE:
        msg = (
            f"{what}: north and east are swapped ({box[swapped][0, 0]:.0f} is no easting);"
            " write east first and order the file again"
        )
        raise SourceError(msg)
    outside = ~inside & ~swapped
    faults = [(str(one), "swapped_axes", "") for one in ids[swapped]]
    return inside, faults + [(str(one), "outside_sweden", "") for one in ids[outside]]


def _within(box: NDArray[np.float64], limits: tuple[float, ...]) -> NDArray[np.bool_]:
    west, south, east, north = limits
    low = (box[:, 0] >= west) & (box[:, 1] >= south)
    high = (box[:, 2] <= east) & (box[:, 3] <= north)
    return np.asarray(low & high, dtype=np.bool_)


def to_earth(
    frame: gpd.GeoDataFrame, ids: pd.Series[str], *, epsg: int | None, file: str
) -> tuple[gpd.GeoDataFrame, list[RowFault]]:
    """Move rows to longitude and latitude.

    Parameters
    ----------
    frame
        Rows in the system that they name.
    ids
        What each row is called in a fault.
    epsg
        The system when the file names none; where it names one, that holds.
    file
        For the message.

    Returns
    -------
    moved
        The rows that lie on the earth, in EPSG:4326.
    faults
        The others.

    Raises
    ------
    SourceError
        If no system is known, or the file's and the given one differ.
    """
    told = frame.crs.to_epsg() if frame.crs is not None else None
    if frame.crs is None and epsg is None:
        msg = f"{file}: no coordinate system is named; write crs = 3006 or another in the mapping"
        raise SourceError(msg)
    if told is not None and epsg is not None and told != epsg:
        msg = f"{file}: the file says EPSG:{told} but the mapping EPSG:{epsg}; keep one of them"
        raise SourceError(msg)
    known = frame if epsg is None or frame.crs is not None else frame.set_crs(epsg)
    moved = crs.to_wgs84(known)
    box = shapely.bounds(moved.geometry.to_numpy(dtype=object))
    inside = _within(box, EARTH_DEG) | shapely.is_missing(moved.geometry.to_numpy(dtype=object))
    _refuse_swapped(moved[inside], file)
    return moved[inside], [(str(one), "off_earth", "") for one in ids[~inside]]


def _refuse_swapped(frame: gpd.GeoDataFrame, file: str) -> None:
    """Refuse a layer whose degrees can only be Nordic ones with their axes swapped."""
    box = shapely.bounds(frame.geometry.to_numpy(dtype=object))
    box = box[~np.isnan(box[:, 0])]
    swapped = _within(box, (54.0, 4.0, 72.0, 32.0))
    if len(box) and swapped.mean() > WHOLE_SHARE:
        msg = f"{file}: latitude and longitude are swapped; write longitude as x, latitude as y"
        raise SourceError(msg)
