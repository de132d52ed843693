"""How do the rows of a sheet become records and places, each kind by its own description?

A description is ``data/geo/sources/<kind>.toml``: names of columns, which of them are required,
which hold numbers. Cells stay text until a type is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from gis.sources.ground import to_earth
from gis.sources.layout import read_toml, targets
from gis.sources.opening import read_table
from gis.sources.row_faults import faults_at
from gis.sources.shapes import flat_points
from gis.sources.sheet_text import numbers

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd

    from gis.sources.row_faults import RowFault


HALF_TURN_DEG: Final = 180


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Rows under their wanted names, the frame that they came in, its faults."""

    told: pd.DataFrame
    frame: gpd.GeoDataFrame
    names: pd.Series[str]
    faults: list[RowFault]
    form: dict[str, Any]


def read_sheet(path: Path, kind: str) -> Sheet:
    """Read a file by the description of its kind.

    Parameters
    ----------
    path
        Sheet, workbook or vector file.
    kind
        Name of the description.

    Raises
    ------
    SourceError
        If the file cannot be opened or a required column is missing.
    """
    form = read_toml(kind)
    frame, faults = read_table(path)
    frame = frame.reset_index(drop=True)
    told = targets(frame, form["columns"], required=form["required"], file=path.name)
    names = pd.Series([f"{kind}#{n + 2}" for n in range(len(frame))], dtype="str")
    return Sheet(told=told, frame=frame, names=names, faults=list(faults), form=form)


def drop_rows(
    sheet: Sheet, gone: pd.Series[bool], fault: str, values: pd.Series | str = ""
) -> Sheet:
    """Leave rows out and say why."""
    said = values if isinstance(values, str) else values[gone]
    faults = sheet.faults + faults_at(sheet.names[gone], fault, said)
    kept = ~gone
    return Sheet(
        told=sheet.told[kept].reset_index(drop=True),
        frame=sheet.frame[kept].reset_index(drop=True),
        names=sheet.names[kept].reset_index(drop=True),
        faults=faults,
        form=sheet.form,
    )


def whole_rows(sheet: Sheet) -> Sheet:
    """Leave out rows whose required cells are empty."""
    for column in sheet.form["required"]:
        sheet = drop_rows(sheet, sheet.told[column].isna(), "missing_value", column)
    return sheet


def with_numbers(sheet: Sheet, columns: list[str]) -> Sheet:
    """Write numbers with a decimal point; what is none is left empty and is a fault."""
    told, faults = sheet.told.copy(), list(sheet.faults)
    for column in columns:
        read = numbers(told[column])
        bad = told[column].notna() & read.isna()
        faults += faults_at(sheet.names[bad], "bad_number", told[column][bad])
        told[column] = read.map("{:.15g}".format, na_action="ignore").astype("str")
    return Sheet(told=told, frame=sheet.frame, names=sheet.names, faults=faults, form=sheet.form)


def placed(sheet: Sheet, file: str, *, epsg: int | None = None) -> tuple[Sheet, np.ndarray]:
    """Place rows in longitude and latitude; rows without a place are left out.

    Returns
    -------
    sheet
        The rows that have a place.
    points
        As many points.
    """
    empty = sheet.frame.geometry.isna() | sheet.frame.geometry.is_empty
    sheet = drop_rows(sheet, empty.set_axis(sheet.told.index), "unplaced")
    if sheet.frame.empty:
        return sheet, np.empty(0, dtype=object)
    points, bad = flat_points(sheet.frame, sheet.names)
    moved, off = to_earth(points, sheet.names[points.index], epsg=epsg, file=file)
    kept = sheet.told.index.isin(moved.index)
    dropped = drop_rows(sheet, pd.Series(~kept), "off_earth")
    faults = [*sheet.faults, *bad, *off]
    final = Sheet(
        told=dropped.told, frame=dropped.frame, names=dropped.names, faults=faults, form=sheet.form
    )
    return final, moved.geometry.to_numpy(dtype=object)


def guessed_epsg(sheet: Sheet, candidates: tuple[int, ...] = (4326, 3006)) -> int | None:
    """Guess the system of unnamed coordinates: degrees are small, SWEREF 99 TM is large."""
    if sheet.frame.crs is not None or sheet.frame.empty:
        return None
    west, south, east, north = sheet.frame.total_bounds
    if np.isnan(west):
        return candidates[0]
    small = max(abs(west), abs(south), abs(east), abs(north)) <= HALF_TURN_DEG
    return candidates[0] if small else candidates[1]
