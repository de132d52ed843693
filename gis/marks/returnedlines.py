"""Which lines did somebody draw anew in a GeoPackage that came back from QGIS or QField?

Each segment went out with its line written beside it, so a line that was moved is told from one
that has changed at its source since. A line without a segment is a new path.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from uuid import UUID, uuid5

import orjson
import shapely

from gis import crs
from gis.marks import packet
from gis.marks.drawn import path_id
from gis.store.geometry import from_blobs
from gis.store.wording import fill

if TYPE_CHECKING:
    import sqlite3

NAMESPACE: Final = UUID("0b7f4a5e-6f0c-5c1e-9a55-0f3f5f2f4b1d")
ROWS: Final = "SELECT segment_id, version, $sent, $geometry FROM segments ORDER BY rowid"
DIGITS: Final = 7


def line_operations(file: sqlite3.Connection, geometry: str, epsg: int) -> list[dict[str, Any]]:
    """Read the lines that were drawn as operations; none from a file of an earlier version.

    Parameters
    ----------
    file
        The returned file, opened to be read.
    geometry, epsg
        Column of the segments' lines, quoted, and their CRS.
    """
    columns = {row[1] for row in file.execute("PRAGMA table_info(segments)")}
    if packet.SENT not in columns:
        return []
    rows = file.execute(fill(ROWS, sent=packet.SENT, geometry=geometry)).fetchall()
    lines = from_blobs([row[3] for row in rows])
    pairs = zip(rows, lines, strict=True)
    drawn = [(row, line) for row, line in pairs if line is not None and packet.sent(line) != row[2]]
    return [_operation(row, line, epsg) for row, line in drawn]


def _operation(row: tuple[Any, ...], line: shapely.Geometry, epsg: int) -> dict[str, Any]:
    """Lay a line out as a move, or as a new path where it has no segment."""
    segment_id, version, sent, _ = row
    told: dict[str, Any] = {"line": _degrees(line, epsg)}
    if sent is not None:
        told["before"] = _degrees(shapely.from_wkt(sent), epsg)
    named = orjson.dumps([segment_id, version, told], option=orjson.OPT_SORT_KEYS).decode()
    op_id = str(uuid5(NAMESPACE, named))
    return {
        "op_id": op_id,
        "kind": "move" if segment_id else "path",
        "segment_id": segment_id or path_id(op_id),
        packet.VERSION: version if segment_id else None,
        "fields": told,
    }


def _degrees(line: shapely.Geometry, epsg: int) -> list[list[float]]:
    """Write a line as [lon, lat]."""
    east, north = shapely.get_coordinates(line).T
    lon, lat = crs.project(east, north, source=epsg, target=crs.WGS84)
    return [
        [round(x, DIGITS), round(y, DIGITS)]
        for x, y in zip(lon.tolist(), lat.tolist(), strict=True)
    ]
