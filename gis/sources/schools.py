"""Where are the schools?

From the register's JSON (Skolverket) or a table with coordinates. Units that have closed are left
out; a preschool alone is a place of another kind.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gis.errors import SourceError
from gis.sources.layout import plain, read_toml, targets
from gis.sources.row_faults import row_faults
from gis.sources.rows import Sheet, drop_rows, guessed_epsg, placed, read_sheet, whole_rows
from gis.sources.said import Said, make_points, nothing_said

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DEEPEST: Final = 12
LATITUDE: Final = ("latitude", "lat", "wgs84lat")
LONGITUDE: Final = ("longitude", "lon", "lng", "wgs84long")


def read(path: Path) -> Said:
    """Read school units.

    Parameters
    ----------
    path
        JSON of the register, sheet, workbook or vector file.

    Returns
    -------
    said
        Points of the role school: ``kind`` school or preschool, ``name``.

    Raises
    ------
    SourceError
        If the file cannot be opened or names no units.
    """
    sheet = _register(path) if path.suffix.lower() == ".json" else read_sheet(path, "schools")
    sheet = whole_rows(sheet)
    status = sheet.told["status"].str.casefold().str.strip()
    closed = status.isin(sheet.form["closed"])
    sheet = drop_rows(sheet, closed, "closed", sheet.told["status"])
    count = sheet.told.groupby("number")["number"].transform("size").astype("str")
    sheet = drop_rows(sheet, sheet.told["number"].duplicated(), "repeated_id", count)
    sheet, shapes = placed(sheet, path.name, epsg=guessed_epsg(sheet))
    forms = sheet.told["form"].str.casefold().str.strip()
    rows = pd.DataFrame(
        {
            "source_id": "schools:" + sheet.told["number"],
            "role": "school",
            "kind": forms.isin(sheet.form["preschool"]).map({True: "preschool", False: "school"}),
            "name": sheet.told["name"],
            "code": sheet.told["number"],
        }
    )
    return nothing_said(points=make_points(rows, shapes), faults=row_faults(sheet.faults))


def _register(path: Path) -> Sheet:
    """Read the register's answer: every object with a unit code, wherever it stands."""
    try:
        body = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        msg = f"{path.name}: this is no JSON; download the file again"
        raise SourceError(msg) from error
    form = read_toml("schools")
    units = list(_units(body, {plain(name) for name in form["columns"]["number"][:2]}, 0))
    if not units:
        msg = f"{path.name}: no object has a school unit code; it should be the register's answer"
        raise SourceError(msg)
    told = targets(
        pd.DataFrame([_flat(unit) for unit in units]),
        form["columns"],
        required=form["required"],
        file=path.name,
    )
    shapes = np.array([_point(unit) for unit in units], dtype=object)
    names = pd.Series([f"schools#{n + 1}" for n in range(len(units))], dtype="str")
    frame = gpd.GeoDataFrame(geometry=shapes, crs=4326)
    return Sheet(told=told, frame=frame, names=names, faults=[], form=form)


def _units(body: object, wanted: set[str], depth: int) -> Iterator[dict[str, Any]]:
    """Walk through JSON and yield the objects that have a unit code."""
    if depth > DEEPEST:
        return
    if isinstance(body, dict):
        if any(plain(key) in wanted for key in body):
            yield body
            return
        body = list(body.values())
    if isinstance(body, list):
        for part in body:
            yield from _units(part, wanted, depth + 1)


def _flat(unit: dict[str, Any]) -> dict[str, str]:
    """Return the texts of a unit; a list of texts as its only member."""
    told = {}
    for key, value in unit.items():
        single = value[0] if isinstance(value, list) and len(value) == 1 else value
        if isinstance(single, str | int) and not isinstance(single, bool):
            told[key] = str(single)
    return told


def _point(unit: dict[str, Any]) -> shapely.Point | None:
    """Find the first pair of latitude and longitude in a unit."""
    pair = _pair(unit, 0)
    return shapely.Point(pair) if pair else None


def _pair(body: object, depth: int) -> tuple[float, float] | None:
    if depth > DEEPEST or not isinstance(body, dict | list):
        return None
    if isinstance(body, dict):
        named = {plain(key): value for key, value in body.items()}
        lon = next((named[key] for key in LONGITUDE if key in named), None)
        lat = next((named[key] for key in LATITUDE if key in named), None)
        try:
            return float(str(lon).replace(",", ".")), float(str(lat).replace(",", "."))
        except ValueError:
            body = list(body.values())
    found = (_pair(part, depth + 1) for part in body)
    return next((pair for pair in found if pair), None)
