"""Which marks and lines does a GeoPackage hold that came back from QGIS or QField?

A file that is not laid out as it went out is refused whole; a row that cannot be understood becomes
an operation that ``receive`` calls invalid. The file is only read, and nothing in it is run. The
same row gives the same operation, so a file that comes twice changes nothing the second time.
"""

from __future__ import annotations

import hashlib
import math
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID, uuid5

import orjson
import shapely

from gis import crs
from gis.errors import SourceError, StoreError
from gis.marks import packet
from gis.marks.clock import moment
from gis.marks.returnedlines import line_operations
from gis.sources.magic import check_content
from gis.store.geometry import from_blobs
from gis.store.wording import quoted

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

NAMESPACE: Final = UUID("6f0a9d51-0f0e-5d55-9f8e-6d2a3b1c7e44")
MAGIC_BYTES: Final = 4096
OWN_TRIGGERS: Final = (
    "gpkg_", "rtree_", "trigger_insert_feature_count_", "trigger_delete_feature_count_",
)  # fmt: skip
"""Triggers that GDAL and QGIS put into every GeoPackage."""
SCHEMA: Final = "SELECT type, name FROM sqlite_master"
PLACE: Final = (
    "SELECT g.column_name, s.organization_coordsys_id FROM gpkg_geometry_columns g "
    "JOIN gpkg_spatial_ref_sys s ON s.srs_id = g.srs_id WHERE g.table_name = ?"
)
ROWS: Final = "SELECT {columns}, {geometry} FROM {table} ORDER BY rowid"
SEPARATORS: Final = str.maketrans('{}";', "   ,")


def operations(path: Path) -> list[dict[str, Any]]:
    """Read the marks of a returned file as operations.

    Parameters
    ----------
    path
        A GeoPackage as ``gcvag export qfield`` wrote it, filled in; photographs lie beside it.

    Returns
    -------
    operations
        One a mark and one a line that was drawn anew, in the order of the rows, as a phone would
        send them.

    Raises
    ------
    SourceError
        If it is no GeoPackage, is damaged, or QGIS still holds changes of it.
    StoreError
        If it is no longer laid out as the store wrote it: a layer or a field is gone, or it holds
        views or triggers.
    """
    with path.open("rb") as stream:
        check_content(f"{path.stem}.gpkg", stream.read(MAGIC_BYTES))
    beside = path.with_name(f"{path.name}-wal")
    if beside.is_file() and beside.stat().st_size:
        msg = f"{path.name}: changes still stand in {beside.name}; close the project in QGIS first."
        raise SourceError(msg)
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?immutable=1", uri=True)) as file:
            file.execute("PRAGMA trusted_schema = OFF")
            rows, places = _read(file, path.name)
            drawn = _drawn(file)
    except (sqlite3.DatabaseError, shapely.errors.GEOSException, UnicodeDecodeError) as error:
        msg = f"{path.name}: the file is damaged ({error}); copy it from the device again."
        raise SourceError(msg) from error
    told = [_operation(row, at, path.parent) for row, at in zip(rows, places, strict=True)]
    return told + drawn


def _read(
    file: sqlite3.Connection, name: str
) -> tuple[list[dict[str, Any]], list[tuple[float, float] | None]]:
    """Read the rows and where each stands, in longitude and latitude."""
    _check_layout(file, name)
    place = file.execute(PLACE, (packet.MARKS,)).fetchone()
    if place is None:
        msg = f"{name}: the layer {packet.MARKS} has lost its places; export the project anew."
        raise StoreError(msg)
    columns = ", ".join(packet.COLUMNS)
    asked = ROWS.format(columns=columns, geometry=quoted(place[0]), table=packet.MARKS)
    found = file.execute(asked).fetchall()
    rows = [dict(zip(packet.COLUMNS, row[:-1], strict=True)) for row in found]
    return rows, _places([row[-1] for row in found], place[1])


def _drawn(file: sqlite3.Connection) -> list[dict[str, Any]]:
    """Read the lines that were drawn anew; a file whose segments lost their lines has none."""
    place = file.execute(PLACE, (packet.BESIDE[0],)).fetchone()
    return [] if place is None else line_operations(file, quoted(place[0]), place[1])


def _check_layout(file: sqlite3.Connection, name: str) -> None:
    """Refuse a file that is not laid out as it went out."""
    held = file.execute(SCHEMA).fetchall()
    for kind, what in held:
        if kind == "view" or (kind == "trigger" and not what.startswith(OWN_TRIGGERS)):
            msg = f"{name}: it holds the {kind} {what}, which no project of ours has; remove it."
            raise StoreError(msg)
    tables = {what for kind, what in held if kind == "table"}
    for layer in (packet.MARKS, *packet.BESIDE):
        if layer not in tables:
            msg = f"{name}: the layer {layer} is gone; export the project anew, or copy it back."
            raise StoreError(msg)
    fields = {row[1] for row in file.execute(f"PRAGMA table_info({packet.MARKS})")}
    for field in packet.COLUMNS:
        if field not in fields:
            msg = f"{name}: the field {field} of {packet.MARKS} is gone or renamed; name it so."
            raise StoreError(msg)


def _places(blobs: list[bytes | None], epsg: int) -> list[tuple[float, float] | None]:
    """Move points to longitude and latitude; null where there is none."""
    shapes = from_blobs(blobs)
    points = shapely.centroid(shapes)
    lon, lat = crs.project(
        shapely.get_x(points), shapely.get_y(points), source=epsg, target=crs.WGS84
    )
    pairs = zip(lon.tolist(), lat.tolist(), strict=True)
    return [pair if all(map(math.isfinite, pair)) else None for pair in pairs]


def _operation(
    row: dict[str, Any], place: tuple[float, float] | None, folder: Path
) -> dict[str, Any]:
    """Lay a row out as an operation; its id is made of its content."""
    told = {name: _plain(value) for name, value in row.items()}
    fields = {name: _field(name, told[name]) for name in packet.FIELDS if told[name] is not None}
    made: dict[str, Any] = {
        "kind": "mark" if fields else "visit",
        "segment_id": told["segment_id"],
        packet.VERSION: told[packet.VERSION],
        "fields": fields,
        "observed_at": _utc(told["observed_at"]),
        "fix": _fix(place, told["accuracy_m"]),
        "photo_sha256": _photo(told["photo"], folder),
    }
    named = {"row": told["observation_id"], **made}
    text = orjson.dumps(named, option=orjson.OPT_SORT_KEYS).decode()
    return {"op_id": str(uuid5(NAMESPACE, text)), **made}


def _plain(value: object) -> object:
    """Return a cell as JSON can hold it; blank text is null."""
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, str):
        return value.replace("\x00", "\ufffd").strip() or None
    return value


def _field(name: str, value: object) -> object:
    """Return the content of a field; a list is written ``{"a","b"}``, ``a, b`` or ``a; b``."""
    if name not in packet.LISTS or not isinstance(value, str):
        return value
    return _listed(value.translate(SEPARATORS).split(","))


def _listed(parts: Iterable[str]) -> list[str]:
    return [part.strip() for part in parts if part.strip()]


def _utc(written: object) -> object:
    """Return a time in UTC; what is no time stays as it was written."""
    try:
        return moment(written).isoformat() if isinstance(written, str) else written
    except (ValueError, OverflowError):
        return written


def _fix(place: tuple[float, float] | None, accuracy_m: object) -> dict[str, object] | None:
    if place is None:
        return None
    fix: dict[str, object] = {"lon": place[0], "lat": place[1]}
    return fix if accuracy_m is None else fix | {"accuracy_m": accuracy_m}


def _photo(named: object, folder: Path) -> str | None:
    """Return the digest of the photograph, where it lies in the folder of the file."""
    if not isinstance(named, str):
        return None
    at, home = (folder / named).resolve(), folder.resolve()
    if not at.is_relative_to(home) or not at.is_file():
        return None
    with at.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
