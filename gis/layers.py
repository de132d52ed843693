"""Does a layer keep its contract?

Layers are checked where they are handed over and trusted afterwards. All faults of a layer come
in one error. Every test works on whole columns: a million rows take seconds.
"""

from __future__ import annotations

import json
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import pandas as pd
import shapely
from pandas.api import types as dtypes

from gis.contracts import Column, Contract, columns, contract, names
from gis.errors import LayerError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["check", "columns", "conform", "contract", "empty", "faults", "names"]

SHOWN: Final = 3
"""How many wrong values a fault names before it says how many more there are."""

DTYPES: Final[dict[str, Any]] = {
    "text": "str",
    "json": "str",
    "integer": "int64",
    "number": "float64",
    "boolean": "bool",
    "list": "object",
    "time": "datetime64[us, UTC]",
}
NULLABLE_DTYPES: Final[dict[str, Any]] = DTYPES | {"integer": "Int64", "boolean": "boolean"}


def empty(name: str, crs: int | str) -> gpd.GeoDataFrame:
    """Make a layer without rows.

    Parameters
    ----------
    name
        Layer name.
    crs
        The coordinate reference system, as an EPSG code or text.

    Returns
    -------
    layer
        Every column of the contract in order and with its type.
    """
    nothing = gpd.GeoDataFrame(geometry=gpd.GeoSeries([], crs=crs))
    return _with_types(nothing, contract(name).columns)


def conform(frame: gpd.GeoDataFrame, name: str) -> gpd.GeoDataFrame:
    """Give a layer the columns, order and types of its contract.

    Parameters
    ----------
    frame
        A layer that holds at least the columns that may not be null; others are left out.
    name
        Layer name.

    Returns
    -------
    layer
        A new layer with a RangeIndex; absent nullable columns are null, absent lists empty.

    Raises
    ------
    LayerError
        If a column is absent that may not be null, or cannot take its type without loss.

    Notes
    -----
    It does not look at codes or geometry: `check` does.
    """
    wanted = contract(name).columns
    for column in wanted:
        if column.name not in frame and not column.nullable and column.type != "list":
            msg = f"layer {name}: column {column.name} is missing and may not be null"
            raise LayerError(msg)
    try:
        return _with_types(frame, wanted)
    except (TypeError, ValueError) as error:
        msg = f"layer {name}: {error}"
        raise LayerError(msg) from error


def check(frame: gpd.GeoDataFrame, name: str, *, projected: bool = True) -> None:
    """Refuse a layer that breaks its contract.

    Parameters
    ----------
    frame
        Any layer; an unknown width and the like is null, never 0 or empty text.
    name
        Layer name.
    projected
        Whether the layer must be in a projected CRS (for work) or a geographic one.

    Raises
    ------
    LayerError
        With every fault of the layer, each naming column, value and what would be right.

    Examples
    --------
    >>> check(empty("districts", 3006), "districts")
    """
    found = faults(frame, name, projected=projected)
    if found:
        count = "1 fault" if len(found) == 1 else f"{len(found)} faults"
        msg = f"layer {name} has {count}: " + "; ".join(found)
        raise LayerError(msg)


def faults(frame: gpd.GeoDataFrame, name: str, *, projected: bool = True) -> list[str]:
    """List everything by which a layer breaks its contract; see `check`."""
    wanted = contract(name)
    found = _column_faults(list(frame.columns), columns(name))
    for column in wanted.columns:
        if column.name in frame:
            found += _value_faults(frame[column.name], column)
    if wanted.key in frame:
        keys = frame[wanted.key]
        repeated = keys[keys.duplicated() & keys.notna()]
        found += _fault(f"{wanted.key} must be unique but repeats", repeated.unique())
    if "geometry" not in frame:
        return found
    lines = gpd.GeoSeries(frame["geometry"])
    return found + _crs_faults(lines, projected=projected) + _geometry_faults(lines, wanted)


def _with_types(frame: gpd.GeoDataFrame, wanted: Iterable[Column]) -> gpd.GeoDataFrame:
    rows = frame.reset_index(drop=True)
    made: dict[str, Any] = {column.name: _typed(rows, column) for column in wanted}
    return gpd.GeoDataFrame(made, geometry=gpd.GeoSeries(rows.geometry), crs=frame.crs)


def _typed(rows: pd.DataFrame, column: Column) -> pd.Series[Any]:
    """Return a column with its type; an absent one is null, or an empty list in every row."""
    values = rows[column.name] if column.name in rows else _nothing(len(rows), column)
    dtype: Any = (NULLABLE_DTYPES if column.nullable else DTYPES)[column.type]
    try:
        if column.type == "time":
            return pd.to_datetime(values, utc=True).astype(dtype)
        if column.type == "integer":  # only the nullable type refuses to drop decimals
            return values.astype("Int64").astype(dtype)
        if column.type == "json":
            return values.map(_json_text, na_action="ignore").astype(dtype)
        return values.astype(dtype)
    except (TypeError, ValueError) as error:
        msg = f"column {column.name} cannot be read as {column.type} ({error})"
        raise ValueError(msg) from error


def _nothing(count: int, column: Column) -> pd.Series[Any]:
    """Make a column that says nothing: null, or a list of its own in every row."""
    cells: list[Any] = [[] if column.type == "list" else None for _ in range(count)]
    return pd.Series(cells, dtype="object")


def _json_text(cell: object) -> object:
    """Write an object as JSON text; text is JSON already."""
    return cell if isinstance(cell, str) else json.dumps(cell, ensure_ascii=False)


def _fault(what: str, values: Iterable[object]) -> list[str]:
    """Make one fault that names the first wrong values, or none when there are no values."""
    wrong = [str(value) for value in values]
    if not wrong:
        return []
    more = f" and {len(wrong) - SHOWN} more" if len(wrong) > SHOWN else ""
    return [f"{what}: {', '.join(wrong[:SHOWN])}{more}"]


def _column_faults(present: list[str], wanted: tuple[str, ...]) -> list[str]:
    missing = [name for name in wanted if name not in present]
    extra = [name for name in present if name not in wanted]
    found = _fault("columns are missing", missing)
    found += _fault("columns are not in the contract", extra)
    if not found and tuple(present) != wanted:
        found.append(f"columns must stand in the order {', '.join(wanted)}")
    return found


def _value_faults(values: pd.Series[Any], column: Column) -> list[str]:
    """Test null, type, smallest value and words of one column."""
    null = values.isna()
    found = []
    if null.any() and (column.type == "list" or not column.nullable):
        remedy = "an empty list" if column.type == "list" else "a value"
        rows = values.index[null]
        found += _fault(f"{column.name} may not be null, write {remedy}, in rows", rows)
    known = values[~null]
    if not _has_type(values, known, column):
        said = f"{column.name} must be {column.type}, but is {values.dtype}"
        return [*found, said]
    if column.minimum is not None:
        low = known[known < column.minimum]
        found += _fault(f"{column.name} must be {column.minimum:g} or more", low.unique())
    return found + _word_faults(known, column)


def _has_type(values: pd.Series[Any], known: pd.Series[Any], column: Column) -> bool:
    """Tell whether a column has its type; one that is all null has every type."""
    if values.dtype == object and known.empty:
        return True
    return TYPE_TESTS[column.type](known)


def _is_text(known: pd.Series[Any]) -> bool:
    return dtypes.is_string_dtype(known)


def _is_number(known: pd.Series[Any]) -> bool:
    return dtypes.is_numeric_dtype(known) and not dtypes.is_bool_dtype(known)


def _is_boolean(known: pd.Series[Any]) -> bool:
    return dtypes.is_bool_dtype(known) or set(map(type, known)) <= {bool}


def _is_time(known: pd.Series[Any]) -> bool:
    return isinstance(known.dtype, pd.DatetimeTZDtype) and str(known.dtype.tz) == "UTC"


def _is_list(known: pd.Series[Any]) -> bool:
    items = set(map(type, known)) <= {list}
    return items and set(map(type, chain.from_iterable(known))) <= {str}


TYPE_TESTS: Final[dict[str, Callable[[pd.Series[Any]], bool]]] = {
    "text": _is_text,
    "json": _is_text,
    "integer": dtypes.is_integer_dtype,
    "number": _is_number,
    "boolean": _is_boolean,
    "list": _is_list,
    "time": _is_time,
}


def _word_faults(known: pd.Series[Any], column: Column) -> list[str]:
    """Name the words that stand neither in the column's code list nor in its tables."""
    words = set(chain.from_iterable(known)) if column.type == "list" else set(known.unique())
    allowed = column.allowed() if words else None
    if allowed is None:
        return []
    where = column.codes or " or ".join(column.refers)
    wrong = sorted(str(word) for word in words if str(word) not in allowed)
    return _fault(f"{column.name} must hold words of {where}, not", wrong)


def _crs_faults(lines: gpd.GeoSeries, *, projected: bool) -> list[str]:
    wanted = "projected" if projected else "geographic"
    if lines.crs is None:
        return [f"the layer has no CRS, it must be {wanted}"]
    if projected == lines.crs.is_projected:
        return []
    return [f"CRS {lines.crs.to_string()} must be {wanted}"]


def _geometry_faults(lines: gpd.GeoSeries, wanted: Contract) -> list[str]:
    """Test null, kind, emptiness and validity of the geometries."""
    shapes = lines.to_numpy()
    missing = shapely.is_missing(shapes)
    empty_ones = shapely.is_empty(shapes)
    kinds = set(lines.geom_type.dropna().unique()) - set(wanted.geometry)
    found = _fault(f"geometry must be {' or '.join(wanted.geometry)}, not", sorted(kinds))
    if not wanted.geometry_nullable:
        found += _fault("geometry may not be null, in rows", lines.index[missing])
    found += _fault("geometry is empty in rows", lines.index[empty_ones])
    invalid = ~(shapely.is_valid(shapes) | missing | empty_ones)
    return found + _fault("geometry is invalid in rows", lines.index[invalid])
