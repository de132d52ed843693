"""Of which kind is a delivered file, when nobody says?

OSM is known by its first bytes; other files by names of layers and columns, one row each in
``data/geo/sources/recognise.csv`` (first match wins). What opens and matches nothing is a table.
"""

from __future__ import annotations

import csv
from functools import cache
from typing import TYPE_CHECKING, Final

import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError

from gis import csvfile
from gis.errors import SourceError
from gis.settings import data_dir
from gis.sources import osm_form
from gis.sources.opening import check_file

if TYPE_CHECKING:
    from pathlib import Path

KINDS: Final = (
    "osm",
    "nvdb",
    "nvdb-check",
    "table",
    "regulations",
    "accidents",
    "schools",
    "survey",
    "crime",
    "marks",
)
SHEETS: Final = (".csv", ".txt", ".tsv", ".xlsx")
VECTORS: Final = (".gpkg", ".zip", ".shp", ".geojson", ".fgb", ".gml", ".json", ".kml")


def recognise(path: Path) -> str:
    """Tell the kind of a delivered file.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    kind
        One of ``KINDS``.

    Raises
    ------
    SourceError
        If the file is absent, empty, or nothing that can be opened.
    """
    if osm_form.content(path) is not None or _named_osm(path):
        return "osm"
    words = _words(path)
    for row in _table():
        if row["word"].casefold() in words:
            return row["kind"]
    return "table"


def _named_osm(path: Path) -> bool:
    """Tell whether the name says OSM, so that the OSM reader tells what is wrong with it."""
    return path.name.lower().endswith((".osm", ".pbf", ".osm.gz", ".osm.json"))


@cache
def _table() -> tuple[dict[str, str], ...]:
    path = data_dir() / "sources" / "recognise.csv"
    return tuple(row.cells for row in csvfile.read(path).rows)


def _words(path: Path) -> set[str]:
    """Return names of the file, its layers and its columns, in small letters."""
    suffix = path.suffix.lower()
    if suffix not in SHEETS + VECTORS:
        msg = f"{path.name}: the ending is of no format taken here; name the kind with --kind"
        raise SourceError(msg)
    if suffix in SHEETS and suffix != ".xlsx":
        return {word.casefold() for word in _header(path)}
    check_file(path)
    try:
        layers = [str(name) for name, _ in pyogrio.list_layers(path)]
        fields = [
            name for layer in layers for name in pyogrio.read_info(path, layer=layer)["fields"]
        ]
    except (DataSourceError, DataLayerError) as error:
        msg = f"{path.name}: the file cannot be opened as {suffix}; it is truncated or another file"
        raise SourceError(msg) from error
    return {str(word).casefold() for word in (path.stem, *layers, *fields)}


def _header(path: Path) -> list[str]:
    """Return the words of the first line of a sheet of text."""
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
        line = stream.readline()
    mark = max(";,\t", key=line.count)
    return [word.strip() for word in next(csv.reader([line], delimiter=mark), [])]
