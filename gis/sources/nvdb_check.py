"""Which places does Trafikverket's own validation of NVDB point at?

Points in EPSG:3006, which is required: where a GCM link crosses a car link without a crossing type
(rule of 2023), with the element to correct.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from gis import crs
from gis.sources.ground import in_sweden, require_sweref
from gis.sources.layout import read_toml, targets
from gis.sources.opening import places, read_place
from gis.sources.row_faults import faults_at, row_faults
from gis.sources.said import Said, make_points, nothing_said
from gis.sources.shapes import flat_points
from gis.sources.sheet_text import numbers

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd

    from gis.sources.row_faults import RowFault


def read(path: Path) -> Said:
    """Read validation points.

    Parameters
    ----------
    path
        A vector file of points in EPSG:3006.

    Returns
    -------
    said
        Points of the role check: ``code`` the rule, ``name`` its words, ``element_id``.

    Raises
    ------
    SourceError
        If the file cannot be opened, is in another system or has its axes swapped.
    """
    listed, faults = places(path)
    parts: list[gpd.GeoDataFrame] = []
    for place in listed:
        rows, bad = _rows(read_place(place), f"{path.name}, {place.layer}", path.name)
        parts.append(rows)
        faults += bad
    joined = pd.concat(parts, ignore_index=True)
    told = pd.DataFrame(joined.drop(columns="geometry"))
    shapes = joined["geometry"].to_numpy(dtype=object)
    return nothing_said(points=make_points(told, shapes), faults=row_faults(faults))


def _rows(frame: gpd.GeoDataFrame, what: str, file: str) -> tuple[gpd.GeoDataFrame, list[RowFault]]:
    """Read one layer."""
    require_sweref(frame, what)
    form = read_toml("nvdb_check")
    frame = frame.reset_index(drop=True)
    told = targets(frame, form["columns"], required=form["required"], file=file)
    element = told["element_id"]
    numbered = pd.Series([f"nvdb-check:{n + 1}" for n in frame.index], dtype="str")
    names = ("nvdb:" + element).where(element.notna(), numbered).astype("str")
    inside, faults = in_sweden(frame, names, what)
    placed = told.assign(
        source_id=names, role="check", kind="crossing", measure=numbers(told["measure"])
    )
    points, bad = flat_points(
        frame[["geometry"]].join(placed)[inside],
        names[inside],
    )
    faults += [*bad, *faults_at(names[element.isna()], "no_element")]
    return crs.to_wgs84(points), faults
