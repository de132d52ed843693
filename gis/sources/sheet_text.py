"""How is a sheet of text read as rows, whatever a spreadsheet made of it?

Semicolons, a byte order mark, decimal commas and Windows letters are taken. A place stands in a
column of WKT or in two columns of numbers; their names are in ``places.toml``.
"""

from __future__ import annotations

import csv
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gis import csvfile
from gis.errors import SourceError
from gis.sources.layout import find_column, read_toml

if TYPE_CHECKING:
    from pathlib import Path

    from gis.sources.row_faults import RowFault

WINDOWS: Final = "cp1252"


def read(path: Path) -> tuple[gpd.GeoDataFrame, list[RowFault]]:
    """Read a sheet; every cell is text, an empty one null.

    Parameters
    ----------
    path
        CSV, TSV or text, UTF-8 or Windows-1252.

    Returns
    -------
    frame
        Its rows; geometry where it has places, with the CRS that the column names tell.
    faults
        Rows of another length than the header.

    Raises
    ------
    SourceError
        If it cannot be opened, has no header or a column stands twice.
    """
    header, records = _records(path)
    good = [record for _, record in records if len(record) == len(header)]
    faults = [
        (f"row {number}", "bad_row", str(len(record)))
        for number, record in records
        if len(record) != len(header)
    ]
    frame = pd.DataFrame(good, columns=header, dtype="str")
    return with_places(frame.where(frame != "")), faults


def _records(path: Path) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Split a sheet into its header and numbered rows; a spreadsheet calls the header row 1."""
    lines = text(path).splitlines(keepends=True)
    first = lines[0].strip().lower() if lines else ""
    told = first.startswith("sep=") and len(first) == len("sep=;")
    mark = first[-1] if told else max(csvfile.SEPARATORS, key=first.count)
    cells = split(lines[told:], mark, path.name)
    if not cells or not any(cells[0]):
        msg = f"{path.name}: the file is empty; its first row should name the columns"
        raise SourceError(msg)
    numbered = [(n, row) for n, row in enumerate(cells[1:], start=2 + told) if any(row)]
    return _header(cells[0], path.name), numbered


def split(lines: list[str], mark: str, file: str) -> list[list[str]]:
    """Split lines into cells without blanks round them; SourceError where quotes do not match."""
    try:
        return [[cell.strip() for cell in row] for row in csv.reader(lines, delimiter=mark)]
    except csv.Error as error:
        msg = f"{file}: a cell's quotes do not match ({error}); close every quote"
        raise SourceError(msg) from error


def _header(cells: list[str], file: str) -> list[str]:
    """Return the column names; refuse a name that stands twice or is missing."""
    twice = [name for place, name in enumerate(cells) if not name or name in cells[:place]]
    if twice:
        msg = f"{file}: column {twice[0]!r} stands twice or has no name; name each column once"
        raise SourceError(msg)
    return cells


def text(path: Path) -> str:
    """Read the text of a sheet by the encoding that fits: UTF-8, else Windows-1252."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        msg = f"{path.name}: the file cannot be opened"
        raise SourceError(msg) from error
    if b"\x00" in raw:
        msg = f"{path.name}: this is no text; save it as 'CSV UTF-8'"
        raise SourceError(msg)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode(WINDOWS, errors="replace")


@cache
def _names() -> dict[str, Any]:
    return read_toml("places")


def with_places(frame: pd.DataFrame) -> gpd.GeoDataFrame:
    """Find where each row lies, by the names of its columns.

    Parameters
    ----------
    frame
        Rows of text.

    Returns
    -------
    placed
        Geometry null where nothing tells; the CRS of the pair of columns, null for WKT.
    """
    named = _names()
    wkt = find_column(frame, named["wkt"])
    if wkt is not None:
        told = frame[wkt].astype(object).where(frame[wkt].notna(), None)
        shapes = shapely.from_wkt(told.to_numpy(dtype=object), on_invalid="ignore")
        return gpd.GeoDataFrame(frame, geometry=shapes)
    for pair in named["pairs"]:
        x, y = find_column(frame, pair["x"]), find_column(frame, pair["y"])
        if x is not None and y is not None:
            return _by_pair(frame, x, y, pair.get("crs"))
    return gpd.GeoDataFrame(frame, geometry=np.full(len(frame), None, dtype=object))


def _by_pair(frame: pd.DataFrame, x: str, y: str, epsg: int | None) -> gpd.GeoDataFrame:
    """Make points of two columns of numbers; null where one is none."""
    east, north = numbers(frame[x]), numbers(frame[y])
    known = (east.notna() & north.notna()).to_numpy()
    shapes = np.full(len(frame), None, dtype=object)
    shapes[known] = shapely.points(east[known], north[known])
    return gpd.GeoDataFrame(frame, geometry=shapes, crs=epsg)


def numbers(column: pd.Series) -> pd.Series[float]:
    """Read numbers with decimal point or comma and blanks between thousands; else null.

    Examples
    --------
    >>> numbers(pd.Series(["1 200,5", "x", None, "-3"])).tolist()
    [1200.5, nan, nan, -3.0]
    """
    text = column.astype("str").str.replace(r"[\s\u00a0\u202f]", "", regex=True)
    text = text.str.replace("−", "-").str.replace(",", ".")
    return pd.to_numeric(text, errors="coerce").astype("float64")
