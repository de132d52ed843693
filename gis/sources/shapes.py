"""How do delivered geometries become plain lines or points?

What is neither is left out and named; what has several parts is split. Whole columns at a time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

    from gis.sources.row_faults import RowFault

    Shapes = NDArray[np.object_]
    Flags = NDArray[np.bool_]

POINT: Final = 0
LINE: Final = 1
MANY_POINTS: Final = 4
MANY_LINES: Final = 5


def flat_lines(
    frame: gpd.GeoDataFrame, ids: pd.Series[str]
) -> tuple[gpd.GeoDataFrame, list[RowFault]]:
    """Turn geometries into LineStrings; what is none is left out, what has parts is split.

    Parameters
    ----------
    frame
        Rows with any geometry; a range index.
    ids
        What each row is called in a fault.

    Returns
    -------
    lines
        Rows of LineStrings, at least as long as a millimetre in units of metres or degrees, with
        ``part_from`` and ``part_to``: the share of the row's line that the part is.
    faults
        What was left out or split.
    """
    shapes = shapely.force_2d(frame.geometry.to_numpy(dtype=object))
    many = shapely.get_type_id(shapes) == MANY_LINES
    shapes[many] = shapely.line_merge(shapes[many])
    kinds = shapely.get_type_id(shapes)
    missing = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    wrong = ~missing & ~np.isin(kinds, (LINE, MANY_LINES))
    short = ~missing & ~wrong & ~(shapely.length(shapes) > 0)
    several = ~missing & ~wrong & ~short & (kinds == MANY_LINES)
    faults = _shape_faults(ids, {"no_geometry": missing, "zero_length": short})
    faults += _named_faults(ids, shapes, wrong, "not_a_line")
    faults += [
        (str(one), "several_parts", str(n))
        for one, n in zip(ids[several], shapely.get_num_geometries(shapes[several]), strict=True)
    ]
    kept = ~(missing | wrong | short)
    return _parts(frame[kept], shapes[kept]), faults


def flat_points(
    frame: gpd.GeoDataFrame, ids: pd.Series[str]
) -> tuple[gpd.GeoDataFrame, list[RowFault]]:
    """Turn geometries into points; what is no point is left out."""
    shapes = shapely.force_2d(frame.geometry.to_numpy(dtype=object))
    single = (shapely.get_type_id(shapes) == MANY_POINTS) & (
        shapely.get_num_geometries(shapes) == 1
    )
    shapes = np.where(single, shapely.get_geometry(shapes, 0), shapes)
    missing = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    wrong = ~missing & (shapely.get_type_id(shapes) != POINT)
    faults = _shape_faults(ids, {"no_geometry": missing})
    faults += _named_faults(ids, shapes, wrong, "not_a_point")
    return frame.set_geometry(shapes, crs=frame.crs)[~(missing | wrong)], faults


def _shape_faults(ids: pd.Series[str], masks: dict[str, Flags]) -> list[RowFault]:
    return [(str(one), code, "") for code, mask in masks.items() for one in ids[mask]]


def _named_faults(ids: pd.Series[str], shapes: Shapes, mask: Flags, code: str) -> list[RowFault]:
    """Name the kind of each geometry that is of the wrong kind."""
    kinds = [shape.geom_type for shape in shapes[mask]]
    return [(str(one), code, kind) for one, kind in zip(ids[mask], kinds, strict=True)]


def _parts(frame: gpd.GeoDataFrame, shapes: Shapes) -> gpd.GeoDataFrame:
    """Repeat each row for every part of its line, with the share that the part is."""
    parts, row = shapely.get_parts(shapes, return_index=True)
    size = shapely.length(parts)
    end = np.cumsum(size)
    start = end - size
    first = np.searchsorted(row, np.arange(len(shapes)))
    before = start[first] if len(shapes) else start
    whole = shapely.length(shapes)[row]
    spread = frame.iloc[row].set_geometry(parts, crs=frame.crs)
    return spread.assign(
        part_from=(start - before[row]) / whole, part_to=(end - before[row]) / whole
    ).reset_index(drop=True)
