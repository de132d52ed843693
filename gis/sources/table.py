"""What does a vector file or sheet of anybody's making say, read through a mapping?

A class that a municipality's own file gives is a document (``document_class``), weaker than signs
and stronger than NVDB. Unknown values are named and left empty; nothing stops the reading.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Final

import pandas as pd

from gis import codes
from gis.errors import SourceError
from gis.sources.ground import to_earth
from gis.sources.layout import find_column
from gis.sources.mapping import CLASS, LISTS, Mapping, load
from gis.sources.opening import read_table
from gis.sources.row_faults import faults_at, row_faults
from gis.sources.said import LINE_COLUMNS, Said, make_lines, make_points, nothing_said
from gis.sources.shapes import flat_lines, flat_points
from gis.sources.sheet_text import numbers
from gis.sources.text import clean

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd

    from gis.sources.mapping import Target
    from gis.sources.row_faults import RowFault

DOTS: Final = ("Point", "MultiPoint")
NUMBERS: Final = ("width_m", "m_from", "m_to")
DATES: Final = ("valid_from", "valid_to")
ID_LENGTH: Final = 12


def read(path: Path, mapping: Mapping | Path | None = None) -> Said:
    """Read a file through a mapping.

    Parameters
    ----------
    path
        Any vector file, sheet or workbook.
    mapping
        The mapping, or its file.

    Returns
    -------
    said
        Lines, and points of the role said, with the facts that the mapping names.

    Raises
    ------
    SourceError
        If there is no mapping, a column it names is missing, no coordinate system is known, or the
        file cannot be opened.
    """
    if mapping is None:
        msg = f"{path.name}: a table needs a mapping; --explain-mapping prints a draft for it"
        raise SourceError(msg)
    told = mapping if isinstance(mapping, Mapping) else load(mapping)
    frame, faults = read_table(path, layer=told.layer)
    frame = frame.reset_index(drop=True)
    names, bad = _names(frame, told, path.name)
    faults += bad
    rows, more = _mapped(frame, told, names, path.name)
    placed = frame[["geometry"]].join(rows)
    placed = placed[~names.duplicated()]
    lines, points, shape_faults = _shapes(placed, told, path.name)
    return nothing_said(lines=lines, points=points, faults=row_faults(faults + more + shape_faults))


def _names(
    frame: gpd.GeoDataFrame, mapping: Mapping, file: str
) -> tuple[pd.Series[str], list[RowFault]]:
    """Name each row by its id; one without gets an id from its content, whatever its place."""
    column = find_column(frame, [mapping.id_column]) if mapping.id_column else None
    if mapping.id_column and column is None:
        raise SourceError(_missing(frame, mapping.id_column, "id", file))
    told = (
        frame[column].astype("str").str.strip() if column else pd.Series(None, frame.index, "str")
    )
    if column and pd.api.types.is_float_dtype(frame[column]):
        told = told.str.removesuffix(".0")
    known = told.notna() & told.ne("")
    plain = pd.DataFrame(frame.drop(columns=frame.geometry.name)).astype("str").fillna("")
    content = plain.agg("|".join, axis=1) if plain.size else pd.Series("", frame.index, "str")
    content = content + "|" + frame.geometry.to_wkb(hex=True).astype("str").fillna("")
    made = content.map(lambda text: sha256(text.encode()).hexdigest()[:ID_LENGTH])
    names = (f"{mapping.source}:" + told.map(clean, na_action="ignore").where(known, made)).astype(
        "str"
    )
    faults = faults_at(names[~known], "missing_id") if mapping.id_column else []
    size = names.groupby(names).transform("size")
    several = size.gt(1) & ~names.duplicated()
    return names, faults + faults_at(names[several], "repeated_id", size[several])


def _missing(frame: pd.DataFrame, column: str, target: str, file: str) -> str:
    held = ", ".join(str(name) for name in list(frame.columns)[:8])
    return f"{file}: there is no column {column!r} for {target}; the file has {held}"


def _mapped(
    frame: gpd.GeoDataFrame, mapping: Mapping, names: pd.Series[str], file: str
) -> tuple[pd.DataFrame, list[RowFault]]:
    """Read every target of the mapping."""
    rows: dict[str, pd.Series] = {"source_id": names}
    faults: list[RowFault] = []
    for target in mapping.targets:
        column = find_column(frame, [target.column])
        if column is None:
            raise SourceError(_missing(frame, target.column, target.name, file))
        name = "document_class" if target.name == CLASS else target.name
        rows[name], bad = _values(frame[column], target, names)
        faults += bad
    told = pd.DataFrame(rows, index=frame.index)
    if mapping.kind and "kind" not in told:
        told["kind"] = mapping.kind
    if "side" not in told:
        told["side"] = "none"
    return told, faults


def _values(
    values: pd.Series, target: Target, names: pd.Series[str]
) -> tuple[pd.Series, list[RowFault]]:
    """Read the values of one target."""
    text = values.astype("str").str.strip()
    if pd.api.types.is_float_dtype(values):
        text = text.str.removesuffix(".0")
    text = text.where(text.ne(""))
    if target.name in NUMBERS:
        return _told(text, numbers(text), names, "bad_number")
    if target.name in DATES:
        days = pd.to_datetime(text, utc=True, errors="coerce", format="mixed")
        return _told(text, days, names, "bad_date")
    if target.codes:
        words = {word.strip(): code for word, code in target.codes.items()}
        return _told(text, text.map(words).astype("str"), names, "unmapped_value")
    return _copied(text, target, names)


def _told(
    text: pd.Series[str], read: pd.Series, names: pd.Series[str], fault: str
) -> tuple[pd.Series, list[RowFault]]:
    """Return what was read, and a fault for each text that was not."""
    bad = text.notna() & read.isna()
    return read, faults_at(names[bad], fault, text[bad])


def _copied(
    text: pd.Series[str], target: Target, names: pd.Series[str]
) -> tuple[pd.Series, list[RowFault]]:
    """Copy values; where the target has a code list, only its codes."""
    plain = text.map(clean, na_action="ignore").astype("str")
    if target.name not in LISTS:
        return plain, []
    known = plain.isin(codes.load(LISTS[target.name]).assignable)
    return _told(plain, plain.where(known), names, "unknown_word")


def _shapes(
    rows: gpd.GeoDataFrame, mapping: Mapping, file: str
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame, list[RowFault]]:
    """Sort rows into lines and points, in longitude and latitude."""
    if rows.geometry.isna().all():
        msg = (
            f"{file}: no row has a place; the file needs a geometry, WKT or two columns of numbers"
        )
        raise SourceError(msg)
    moved, faults = to_earth(rows, rows["source_id"], epsg=mapping.epsg, file=file)
    dots = moved.geometry.type.isin(DOTS)
    lines, bad = flat_lines(moved[~dots], moved["source_id"][~dots])
    points, more = flat_points(moved[dots], moved["source_id"][dots])
    lines = lines.assign(**{n: None for n in LINE_COLUMNS if n not in lines})
    return (
        make_lines(lines.drop(columns="geometry"), lines.geometry),
        make_points(points.drop(columns="geometry").assign(role="said"), points.geometry),
        faults + bad + more,
    )
