"""What do local traffic regulations (LTF) say, and of which stretch?

A regulation with a line or a point is laid on the network; one without is a record that meets
NVDB's pedestrian streets by its id. The class is read from the words of its subject.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from gis import codes
from gis.sources.ground import to_earth
from gis.sources.row_faults import faults_at, row_faults
from gis.sources.rows import Sheet, guessed_epsg, read_sheet, whole_rows
from gis.sources.said import Said, make_lines, make_points, nothing_said
from gis.sources.shapes import flat_lines, flat_points
from gis.sources.sheet_text import numbers

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd
    import pandas as pd

    from gis.sources.row_faults import RowFault

PREFIX: Final = "ltf:"


def read(path: Path) -> Said:
    """Read a table or layer of regulations.

    Parameters
    ----------
    path
        Sheet, workbook or vector file with the id of each regulation.

    Returns
    -------
    said
        Lines and points with ``ltf_id`` and ``ltf_class``; every regulation is a record too.

    Raises
    ------
    SourceError
        If the file cannot be opened or names no ids.
    """
    sheet = whole_rows(read_sheet(path, "regulations"))
    told = sheet.told.assign(
        source_id=PREFIX + sheet.told["ltf_id"],
        m_from=numbers(sheet.told["m_from"]),
        m_to=numbers(sheet.told["m_to"]),
        side="none",
    )
    told["ltf_class"], unknown = _classes(told["ltf_class"], sheet.form["words"])
    faults = sheet.faults + faults_at(
        told["source_id"][unknown], "unknown_word", sheet.told["ltf_class"][unknown]
    )
    lines, points, more = _shapes(sheet, told, path.name)
    records = _records(told)
    return nothing_said(
        lines=lines, points=points, records=records, faults=row_faults(faults + more)
    )


def _classes(
    words: pd.Series, listed: list[dict[str, Any]]
) -> tuple[pd.Series[str], pd.Series[bool]]:
    """Read the class from a code, a name, or words of the subject."""
    classes = codes.load("path_class")
    names = {label.casefold(): code for code, label in classes.labels("sv").items()}
    names |= {code: code for code in classes.assignable}

    def of(text: str) -> str | None:
        plain = text.casefold().strip()
        found = (row["path_class"] for row in listed if row["word"] in plain)
        return names.get(plain) or next(found, None)

    read = words.map({word: of(word) for word in words.dropna().unique()}).astype("str")
    return read, words.notna() & read.isna()


def _shapes(
    sheet: Sheet, told: pd.DataFrame, file: str
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame, list[RowFault]]:
    """Sort rows by what they have: a line, a point or neither."""
    frame = sheet.frame[["geometry"]].join(told)
    empty = frame.geometry.isna() | frame.geometry.is_empty
    faults = faults_at(told["source_id"][empty], "unplaced_regulation")
    frame = frame[~empty]
    if frame.empty:
        return make_lines(frame, []), make_points(frame, []), faults
    moved, off = to_earth(frame, frame["source_id"], epsg=guessed_epsg(sheet), file=file)
    dots = moved.geometry.type.isin(["Point", "MultiPoint"])
    lines, bad = flat_lines(moved[~dots], moved["source_id"][~dots])
    points, more = flat_points(moved[dots], moved["source_id"][dots])
    kinds = {row.code: row.more["kind"] for row in codes.load("path_class").rows}
    kind = lines["ltf_class"].map(kinds).replace("any", None)
    return (
        make_lines(lines.drop(columns="geometry").assign(kind=kind), lines.geometry),
        make_points(points.drop(columns="geometry").assign(role="said"), points.geometry),
        faults + off + bad + more,
    )


def _records(told: pd.DataFrame) -> pd.DataFrame:
    """Keep every regulation as a row of text."""
    columns = ["ltf_id", "ltf_class", "name", "valid_from", "valid_to"]
    rows = told[columns].astype("str")
    rows.insert(0, "record_id", told["source_id"].astype("str"))
    rows.insert(1, "kind", "regulation")
    return rows.sort_values(["record_id", "ltf_class"], ignore_index=True).drop_duplicates()
