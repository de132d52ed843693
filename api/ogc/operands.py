"""Which values does a part of a filter stand for?

A property is a column of the layer, anything else one value; both carry their type, so that only
like is compared with like. Geometry is in the working system.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import orjson
import pandas as pd
import shapely

from api.errors import Problem
from api.kinds import Kind
from api.ogc import wire
from gis import crs

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from api.ogc.truth import Flags
    from api.ogc.wire import Wire
    from gis.contracts import Contract

KINDS: Final = {
    "text": "text",
    "integer": "number",
    "number": "number",
    "boolean": "boolean",
    "time": "time",
    "list": "list",
}
"""Type of an operand by the type of its column; other columns cannot be asked for."""

GEOMETRY: Final = "geometry"
MARGIN: Final = 0.1
"""Geometry of a filter is cut this share beyond the layer: the whole world has no projection."""


@dataclass(frozen=True, slots=True)
class Operand:
    """Values of one type: ``n`` of them, or one for all rows; `present` is false for null."""

    kind: str
    values: NDArray[Any]
    present: Flags


@dataclass(frozen=True, slots=True)
class Table:
    """The rows that are asked about.

    A layer in the working system `epsg`, its contract, and the system of the filter's places.
    """

    frame: gpd.GeoDataFrame
    contract: Contract
    epsg: int
    system: Wire


def queryable(contract: Contract) -> dict[str, str]:
    """Return the columns one can ask for, and the type of each.

    Examples
    --------
    >>> from gis.contracts import contract
    >>> queryable(contract("places"))
    {'place_id': 'text', 'kind': 'text', 'name': 'text'}
    """
    return {c.name: KINDS[c.type] for c in contract.columns if c.type in KINDS}


def operand(part: object, table: Table) -> Operand:
    """Read a part of a filter; 400 for a property or value that cannot be used."""
    if isinstance(part, bool):
        return _single("boolean", part)
    if isinstance(part, int | float):
        return Operand("number", np.array([float(part)]), np.ones(1, dtype=bool))
    if isinstance(part, str):
        return _single("text", part)
    if isinstance(part, list):
        return _single("list", frozenset(_texts(part)))
    if isinstance(part, dict):
        return _composed(part, table)
    raise Problem(Kind.BAD_FILTER)


def instant(text: object) -> np.datetime64:
    """Read a date or time; one without a zone is UTC, ``..`` is open.

    Examples
    --------
    >>> str(instant("2026-11-22T08:00:00+01:00"))
    '2026-11-22T07:00:00.000000'
    """
    if text in {"..", ""}:
        return np.datetime64("NaT")
    try:
        at = datetime.fromisoformat(str(text))
        aware = at if at.tzinfo else at.replace(tzinfo=UTC)
        return np.datetime64(aware.astimezone(UTC).replace(tzinfo=None), "us")
    except (ValueError, OverflowError):
        raise Problem(Kind.BAD_FILTER) from None


def _single(kind: str, value: object) -> Operand:
    """Hold one value against every row."""
    values = np.empty(1, dtype=object)
    values[0] = value
    return Operand(kind, values, np.ones(1, dtype=bool))


def _composed(part: dict[str, Any], table: Table) -> Operand:
    """Read a property, a time, a place, or a function of text."""
    match part:
        case {"property": str(name)}:
            return _property(name, table)
        case {"date": text} | {"timestamp": text}:
            at = np.array([instant(text)], dtype="datetime64[us]")
            return Operand("time", at, ~np.isnat(at))
        case {"interval": [start, end]}:
            ends = np.array([instant(start), instant(end)], dtype="datetime64[us]")
            return Operand("interval", ends, np.ones(1, dtype=bool))
        case {"bbox": _} | {"type": _}:
            return _single(GEOMETRY, _place(part, table))
        case {"op": "casei", "args": [inner]}:
            return _folded(operand(inner, table))
    raise Problem(Kind.BAD_FILTER)


def _property(name: str, table: Table) -> Operand:
    """Read a column."""
    if name == GEOMETRY:
        shapes = table.frame.geometry.to_numpy()
        return Operand(GEOMETRY, shapes, ~shapely.is_missing(shapes))
    kind = queryable(table.contract).get(name)
    if kind is None:
        raise Problem(Kind.BAD_FILTER)
    column = table.frame[name]
    present = column.notna().to_numpy(dtype=bool)
    if kind == "number":
        return Operand(kind, column.to_numpy(dtype=np.float64, na_value=np.nan), present)
    if kind == "time":
        at = pd.to_datetime(column, utc=True).dt.tz_localize(None)
        return Operand(kind, at.to_numpy(dtype="datetime64[us]"), present)
    return Operand(kind, column.to_numpy(dtype=object), present)


def _folded(inner: Operand) -> Operand:
    """Take upper and lower case for the same."""
    if inner.kind != "text":
        raise Problem(Kind.BAD_FILTER)
    folded = pd.Series(inner.values, dtype=object).str.casefold()
    return Operand("text", folded.to_numpy(dtype=object), inner.present)


def _texts(parts: list[Any]) -> list[str]:
    """Take an array of texts."""
    if not all(isinstance(part, str) for part in parts):
        raise Problem(Kind.BAD_FILTER)
    return parts


def _place(part: dict[str, Any], table: Table) -> shapely.Geometry:
    """Read a box or geometry and move it to the working system."""
    shape = _box(part["bbox"], table) if "bbox" in part else _geometry(part)
    if table.system.swapped and "bbox" not in part:
        shape = shapely.transform(shape, lambda places: places[:, ::-1])
    return _moved(shape, _around(table), table.system.epsg, table.epsg)


def _box(told: object, table: Table) -> shapely.Geometry:
    """Read a box: four numbers in the order of the filter's system."""
    text = ",".join(str(number) for number in told) if isinstance(told, list) else ""
    return shapely.box(*wire.read_bbox(text, table.system))


def _geometry(part: dict[str, Any]) -> shapely.Geometry:
    """Read GeoJSON geometry."""
    try:
        shape = shapely.from_geojson(orjson.dumps(part))
    except (shapely.errors.ShapelyError, TypeError, ValueError):
        raise Problem(Kind.BAD_FILTER) from None
    if shape is None or not np.isfinite(shapely.get_coordinates(shape)).all():
        raise Problem(Kind.BAD_FILTER)
    return shapely.force_2d(shape)


def _around(table: Table) -> wire.Box | None:
    """Return the box of the layer in the filter's system, somewhat widened."""
    if table.frame.empty:
        return None
    west, south, east, north = table.frame.total_bounds.tolist()
    more = MARGIN * max(east - west, north - south) + 1000.0
    wide = (west - more, south - more, east + more, north + more)
    return wire.moved_box(wide, source=table.epsg, target=table.system.epsg)


def _moved(
    shape: shapely.Geometry, within: wire.Box | None, source: int, target: int
) -> shapely.Geometry:
    """Cut geometry to where there is data and move it to the working system."""
    if within is None:
        return shapely.Point()
    cut = shapely.clip_by_rect(shape, *within) if shapely.get_dimensions(shape) else shape
    if shapely.get_dimensions(shape) == 0 and not shapely.intersects(shape, shapely.box(*within)):
        return shapely.Point()

    def there(places: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(
            crs.project(places[:, 0], places[:, 1], source=source, target=target)
        )

    fine = shapely.segmentize(cut, max((within[2] - within[0]) / wire.STEPS, 1e-9))
    return shapely.transform(fine, there)
