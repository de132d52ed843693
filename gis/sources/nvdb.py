"""What does a delivery of NVDB from Lastkajen say about paths?

Taken are per-product GeoPackages, older zipped shapefiles and homogenised tables, all in EPSG:3006
which is required. Element ids and measures are kept as delivered so that corrections can go back.
A code is evidence, never a class.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from gis import crs
from gis.errors import SourceError
from gis.sources import nvdb_form
from gis.sources.layout import find_column
from gis.sources.nvdb_join import join_products
from gis.sources.nvdb_rows import read_rows
from gis.sources.nvdb_twins import settle_twins
from gis.sources.opening import places, read_place
from gis.sources.row_faults import row_faults
from gis.sources.said import FACTS, Said, make_lines, make_points, nothing_said

if TYPE_CHECKING:
    from pathlib import Path

    from gis.sources.opening import Place
    from gis.sources.row_faults import RowFault

PREFIX: Final = "nvdb:"
MIXED: Final = "nvdb:GCM_vagtyp"


def read(path: Path) -> Said:
    """Read a delivery of NVDB.

    Parameters
    ----------
    path
        GeoPackage, zip of shapefiles or GeoPackage, homogenised table; EPSG:3006.

    Returns
    -------
    said
        Lines with GCM type or path network, streets for people, and passages as points.

    Raises
    ------
    SourceError
        If the file cannot be opened, holds no layer of NVDB, is in another system or has its axes
        swapped; nothing of it is kept then.
    """
    listed, faults = places(path)
    frames = {place: nvdb_form.product_of(place.layer) for place in listed}
    used = {place: product for place, product in frames.items() if product}
    whole = [place for place in listed if place not in used and _homogenised(place)]
    if not used and not whole:
        msg = f"{path.name}: no layer is one of NVDB; there should be one ending in GCM_vagtyp"
        raise SourceError(msg)
    rows, found = (
        _products(used, path.name) if used else _table([read_place(p) for p in whole], path.name)
    )
    faults += found
    points = rows.pop("points", None)
    lines, twins = settle_twins(rows["lines"], [name for name in FACTS if name in rows["lines"]])
    faults += [*twins, *_mixed(lines)]
    return nothing_said(lines=_lines(lines), points=_points(points), faults=row_faults(faults))


def _homogenised(place: Place) -> bool:
    """Tell a homogenised table by its column of network types."""
    frame = read_place(place).head(0)
    return find_column(frame, [nvdb_form.form()["homogenised"]]) is not None


def _products(
    used: dict[Place, str], file: str
) -> tuple[dict[str, gpd.GeoDataFrame], list[RowFault]]:
    """Read a delivery of one layer a product."""
    faults: list[RowFault] = []
    read_as: dict[str, list[gpd.GeoDataFrame]] = {}
    for place, product in used.items():
        rows, bad = read_rows(read_place(place), product, f"{file}, {place.layer}")
        read_as.setdefault(product, []).append(rows)
        faults += bad
    joined = {product: _stacked(parts) for product, parts in read_as.items()}
    if not set(joined) & set(nvdb_form.form()["extents"]):
        msg = f"{file}: there is no layer of GCM types or networks; order GCM_vagtyp as well"
        raise SourceError(msg)
    lines, lost = join_products(joined)
    out = {"lines": lines}
    for name in nvdb_form.form()["points"]:
        if name in joined:
            out["points"] = joined[name]
    return out, faults + lost


def _table(
    frames: list[gpd.GeoDataFrame], file: str
) -> tuple[dict[str, gpd.GeoDataFrame], list[RowFault]]:
    """Read homogenised tables: one row a smallest segment, every attribute beside it."""
    faults: list[RowFault] = []
    parts = []
    for frame in frames:
        rows, bad = read_rows(frame, None, file)
        parts.append(rows)
        faults += bad
    rows = _stacked(parts)
    on_path = rows["nattyp"].isin(nvdb_form.form()["path_networks"])
    street = rows["nvdb_street"].notna() if "nvdb_street" in rows else on_path
    wanted = on_path | street | (rows["gcm"].notna() if "gcm" in rows else on_path)
    return {"lines": rows[wanted].reset_index(drop=True)}, faults


def _stacked(parts: list[gpd.GeoDataFrame]) -> gpd.GeoDataFrame:
    joined = pd.concat(parts, ignore_index=True)
    return gpd.GeoDataFrame(joined, geometry="geometry", crs=parts[0].crs)


def _mixed(lines: pd.DataFrame) -> list[RowFault]:
    """Say when both code series stand in one delivery."""
    if "gcm" not in lines:
        return []
    series = lines["gcm"].map(nvdb_form.gcm_series())
    old = int(series.eq("old").sum())
    return [(MIXED, "mixed_schemes", str(old))] if old and series.eq("new").any() else []


def _lines(rows: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Lay the lines out."""
    moved = crs.to_wgs84(rows.set_geometry("geometry"))
    gcm = rows["gcm"] if "gcm" in rows else pd.Series(None, index=rows.index, dtype="str")
    kind = gcm.map(nvdb_form.gcm_kinds()).replace("any", "path").fillna("path")
    if "nvdb_street" in rows:
        kind = kind.mask(rows["nvdb_street"].notna() & gcm.isna(), "street")
    told = pd.DataFrame(rows.drop(columns="geometry")).assign(source_id=rows["row"], kind=kind)
    return make_lines(told, moved.geometry.to_numpy())


def _points(rows: gpd.GeoDataFrame | None) -> gpd.GeoDataFrame:
    """Lay the passages out."""
    if rows is None:
        return make_points(pd.DataFrame(), np.empty(0, dtype=object))
    moved = crs.to_wgs84(rows)
    told = pd.DataFrame(rows.drop(columns="geometry")).assign(
        source_id=rows["row"], role="passage", code=rows["passage"], kind="crossing"
    )
    return make_points(told, moved.geometry.to_numpy())
