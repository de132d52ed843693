"""Which layers does a delivered file hold, and how is one of them read?

GeoPackage, zipped or plain shapefile, GeoJSON, FlatGeobuf, GML, zipped geodatabase; sheets of
text and workbooks. Of a GeoPackage only base tables are read, never views: a view is SQL that
somebody else wrote. Nothing here knows what a column means or keeps state, so that it can run in
a worker process with limits.
"""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import apsw
import geopandas as gpd
import numpy as np
import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError

from gis.errors import SourceError
from gis.sources import sheet_text
from gis.sources.magic import LOOKED_AT, check_content

if TYPE_CHECKING:
    import pandas as pd

    from gis.sources.row_faults import RowFault

INSIDE: Final = (".gpkg", ".shp", ".gdb", ".geojson", ".fgb", ".gml", ".json", ".csv")
TEXT_SHEETS: Final = (".csv", ".txt", ".tsv")
WORKBOOKS: Final = (".xlsx", ".ods")
SWEDISH_DBF: Final = "cp1252"
MOST_UNPACKED: Final = 16 * 1024**3
MOST_MEMBERS: Final = 5000
# No schema and no referred file is fetched from a network.
QUIET: Final = {"GML_DOWNLOAD_SCHEMA": "NO", "GML_SKIP_RESOLVE_ELEMS": "ALL"}
ZIPPED: Final = "/vsizip/"
MOST_ZIPPED_PACKAGE: Final = 1024**3
_FAILURES: Final = (DataSourceError, DataLayerError, FeatureError, ValueError, RuntimeError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where one layer lies: the address that GDAL opens, the layer, its text encoding."""

    address: str
    layer: str
    encoding: str | None = None


def places(path: Path) -> tuple[list[Place], list[RowFault]]:
    """List the layers of a file.

    Parameters
    ----------
    path
        A vector file, or a zip of them.

    Returns
    -------
    places
        Base tables, in the order of the file.
    faults
        Layers that are views.

    Raises
    ------
    SourceError
        If the file cannot be opened or holds no layer.
    """
    found: list[Place] = []
    faults: list[RowFault] = []
    pyogrio.set_gdal_config_options(QUIET)
    for address, encoding in _addresses(path):
        views = _views(path, address) if address.lower().endswith(".gpkg") else set()
        try:
            names = [str(name) for name, _ in pyogrio.list_layers(address)]
        except _FAILURES as error:
            msg = f"{path.name}: the file cannot be opened; it is truncated or of another format"
            raise SourceError(msg) from error
        faults += [(name, "layer_view", "") for name in names if name in views]
        found += [
            Place(address=address, layer=n, encoding=encoding) for n in names if n not in views
        ]
    if not found:
        msg = f"{path.name}: the file holds no layer that can be read; a view does not count"
        raise SourceError(msg)
    return found, faults


def read_place(place: Place) -> gpd.GeoDataFrame:
    """Read one layer whole; columns as the file names them, geometries in two dimensions.

    Raises
    ------
    SourceError
        If the layer cannot be read.
    """
    try:
        frame = pyogrio.read_dataframe(
            place.address, layer=place.layer, encoding=place.encoding, force_2d=True
        )
    except _FAILURES as error:
        msg = f"layer {place.layer}: it cannot be read; export it again from its program"
        raise SourceError(msg) from error
    if isinstance(frame, gpd.GeoDataFrame):
        return frame
    return gpd.GeoDataFrame(frame, geometry=np.full(len(frame), None, dtype=object))


def read_table(path: Path, *, layer: str | None = None) -> tuple[gpd.GeoDataFrame, list[RowFault]]:
    """Read a vector file, sheet or workbook of one layer.

    Parameters
    ----------
    path
        Any file taken here.
    layer
        Which layer; the first when null.

    Returns
    -------
    frame
        Its rows; geometry null where the file has none, CRS null where it does not say.
    faults
        Rows of a sheet that have another length than the header; views.
    """
    if path.suffix.lower() in TEXT_SHEETS:
        return sheet_text.read(path)
    if path.suffix.lower() in WORKBOOKS:
        return _workbook(path, layer)
    listed, faults = places(path)
    named = [place for place in listed if layer in (None, place.layer)]
    if not named:
        msg = f"{path.name}: there is no layer {layer!r}; the file has {listed[0].layer!r}"
        raise SourceError(msg)
    if named[0].address.lower().endswith(TEXT_SHEETS):
        msg = f"{path.name}: unpack the sheet first; a zip is taken for map layers only"
        raise SourceError(msg)
    return read_place(named[0]), faults


def cells(path: Path) -> list[list[str]]:
    """Read every cell of the first sheet of a workbook as text, an empty one as an empty text."""
    return _sheet(path, None, "DISABLE").fillna("").to_numpy(dtype=object).tolist()


def _workbook(path: Path, layer: str | None) -> tuple[gpd.GeoDataFrame, list[RowFault]]:
    """Read one sheet of a workbook, its first row as the header."""
    return sheet_text.with_places(_sheet(path, layer, "FORCE")), []


def _sheet(path: Path, layer: str | None, headers: str) -> pd.DataFrame:
    """Read one sheet of a workbook, every cell as text."""
    with path.open("rb") as stream:
        check_content(path.name, stream.read(LOOKED_AT))
    try:
        name = layer or str(pyogrio.list_layers(path)[0][0])
        frame: pd.DataFrame = pyogrio.read_dataframe(
            path, layer=name, HEADERS=headers, FIELD_TYPES="STRING", read_geometry=False
        )
    except (*_FAILURES, IndexError) as error:
        msg = f"{path.name}: the workbook cannot be read; save it as CSV UTF-8"
        raise SourceError(msg) from error
    return frame.astype("str")


def check_file(path: Path) -> None:
    """Refuse a file, or a zip with one, that is not what its ending says or refers to others."""
    if path.suffix.lower() == ".zip":
        _check_members(path, _members(path))
        return
    with path.open("rb") as stream:
        check_content(path.name, stream.read(LOOKED_AT))


def _addresses(path: Path) -> list[tuple[str, str | None]]:
    """Return what GDAL opens, and the encoding of shapefiles that do not say theirs."""
    if not path.is_file():
        msg = f"{path.name}: there is no such file"
        raise SourceError(msg)
    if path.suffix.lower() != ".zip":
        check_file(path)
    if path.suffix.lower() == ".shp":
        told = path.with_suffix(".cpg").is_file()
        return [(str(path), None if told else SWEDISH_DBF)]
    if path.suffix.lower() != ".zip":
        return [(str(path), None)]
    inside = _members(path)
    known = {str(Path(name).with_suffix("")) for name in inside if name.lower().endswith(".cpg")}
    roots = {_root(name) for name in inside}
    chosen = sorted(root for root in roots if root and root.lower().endswith(INSIDE))
    _check_members(path, chosen)
    return [(f"{ZIPPED}{path.resolve()}/{name}", _encoding(name, known)) for name in chosen]


def _check_members(path: Path, names: list[str]) -> None:
    """Look at the first bytes of each file in a zip; a geodatabase is a folder and is not."""
    with zipfile.ZipFile(path) as packed:
        for name in names:
            if not name.endswith(".gdb"):
                with packed.open(name) as stream:
                    check_content(name, stream.read(LOOKED_AT))


def _root(name: str) -> str:
    """Return the file, or the geodatabase folder, that a member of a zip belongs to."""
    head, mark, _ = name.partition(".gdb/")
    return head + ".gdb" if mark else name


def _encoding(name: str, known: set[str]) -> str | None:
    """Return the encoding of a shapefile without a .cpg file; null for everything else."""
    plain = name.lower().endswith(".shp") and str(Path(name).with_suffix("")) not in known
    return SWEDISH_DBF if plain else None


def _members(path: Path) -> list[str]:
    """List the files of a zip; refuse one that unpacks to more than a country."""
    try:
        with zipfile.ZipFile(path) as packed:
            listed = packed.infolist()
    except (zipfile.BadZipFile, OSError) as error:
        msg = f"{path.name}: the zip is damaged or cut off; download it again"
        raise SourceError(msg) from error
    if len(listed) > MOST_MEMBERS or sum(one.file_size for one in listed) > MOST_UNPACKED:
        msg = f"{path.name}: the zip unpacks to more than 16 GiB or 5000 files; split it"
        raise SourceError(msg)
    return [one.filename for one in listed if not one.filename.startswith("__MACOSX")]


def _views(path: Path, address: str) -> set[str]:
    """Name the views of a GeoPackage, opened read-only and as data that nobody vouches for."""
    try:
        store = _zipped(path, address) if address.startswith(ZIPPED) else _plain(path)
        try:
            store.execute("PRAGMA trusted_schema=OFF")
            rows = store.execute("SELECT name FROM sqlite_master WHERE type = 'view'")
            return {str(name) for (name,) in rows}
        finally:
            store.close()
    except apsw.Error as error:
        msg = f"{path.name}: this is no whole GeoPackage; download it again"
        raise SourceError(msg) from error


def _plain(path: Path) -> apsw.Connection:
    """Open a GeoPackage that nobody writes."""
    address = f"file:{path.resolve().as_posix().replace('?', '%3f').replace('#', '%23')}"
    flags = apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI
    return apsw.Connection(f"{address}?mode=ro&immutable=1", flags=flags)


def _zipped(path: Path, address: str) -> apsw.Connection:
    """Open a GeoPackage inside a zip in memory."""
    name = address.removeprefix(f"{ZIPPED}{path.resolve()}/")
    with zipfile.ZipFile(path) as packed:
        if packed.getinfo(name).file_size > MOST_ZIPPED_PACKAGE:
            msg = f"{path.name}: unpack the GeoPackage {name} first; it is larger than 1 GiB"
            raise SourceError(msg)
        raw = packed.read(name)
    store = apsw.Connection(":memory:")
    store.deserialize("main", raw)
    return store
