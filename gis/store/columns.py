"""How does a column of a frame become a column of a table, and back?

Seven kinds: text, int, float, bool, time, list (JSON text, never null) and json. A column is
converted as a whole; null is None in the table, and what the dtype uses for it in the frame.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import orjson
import pandas as pd
import pyarrow as pa

from gis.errors import LayerError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Column = pd.Series[Any]

DECLARED: Final = {
    "text": "TEXT",
    "int": "INTEGER",
    "float": "REAL",
    "bool": "BOOLEAN",
    "time": "DATETIME",
    "list": "TEXT",
    "json": "TEXT",
}
_BY_LETTER: Final = {"b": "bool", "i": "int", "u": "int", "f": "float", "M": "time"}
_BY_CONTENT: Final = {
    "boolean": "bool",
    "integer": "int",
    "floating": "float",
    "mixed-integer-float": "float",
    "decimal": "float",
    "datetime": "time",
    "datetime64": "time",
}
_BY_TYPE: Final = {list: "list", tuple: "list", np.ndarray: "list", dict: "json"}


def kind_of(column: Column) -> str:
    """Tell which kind of column this is; all null is text."""
    letter = getattr(column.dtype, "kind", "O")
    if letter in _BY_LETTER:
        return _BY_LETTER[letter]
    if letter != "O":
        msg = f"column {column.name}: {column.dtype} cannot be kept; use text, numbers or times"
        raise LayerError(msg)
    if isinstance(column.dtype, pd.StringDtype):
        return "text"
    present = column.dropna()
    if present.empty:
        return "text"
    by_type = _BY_TYPE.get(type(present.iloc[0]))
    return by_type or _BY_CONTENT.get(pd.api.types.infer_dtype(present, skipna=True), "text")


def to_values(column: Column, kind: str) -> list[Any]:
    """Write a column as values a database takes; null is None.

    Raises
    ------
    LayerError
        If a value is not of the kind.
    """
    try:
        return _WRITERS[kind](column)
    except (TypeError, ValueError) as fault:
        msg = f"column {column.name} holds a value that is no {kind}: {fault}"
        raise LayerError(msg) from fault


def to_json_values(values: list[Any], kind: str) -> list[Any]:
    """Turn values of the table into values that JSON shows rightly."""
    if kind in {"list", "json"}:
        return [None if value is None else orjson.Fragment(value) for value in values]
    if kind == "bool":
        return [None if value is None else bool(value) for value in values]
    return values


def from_values(values: Sequence[Any], kind: str) -> Column:
    """Read values of a table as a column of the dtype the layer contracts name."""
    return _READERS[kind](values)


def _plain(column: Column) -> list[Any]:
    cells = column.astype(object)
    listed: list[Any] = cells.where(cells.notna(), None).tolist()
    return listed


def _texts(column: Column) -> list[Any]:
    if isinstance(column.dtype, pd.StringDtype):
        listed: list[Any] = pa.array(column.array).to_numpy(zero_copy_only=False).tolist()
        return listed
    # An object column may hold anything; text is what a reader gets back.
    return [cell if cell is None else str(cell) for cell in _plain(column)]


def _floats(column: Column) -> list[Any]:
    numbers = column.to_numpy(dtype=np.float64, na_value=np.nan)
    cells = numbers.astype(object)
    cells[np.isnan(numbers)] = None
    return cells.tolist()


def _ints(column: Column) -> list[Any]:
    # Without nulls, numpy makes the list several times faster.
    if not _is_plain(column, "i"):
        return _plain(column.astype("Int64"))
    listed: list[Any] = column.tolist()
    return listed


def _bools(column: Column) -> list[Any]:
    return _ints(column.astype("int64" if _is_plain(column, "b") else "boolean"))


def _is_plain(column: Column, kind: str) -> bool:
    return isinstance(column.dtype, np.dtype) and column.dtype.kind == kind


def _times(column: Column) -> list[Any]:
    """Write times to the millisecond, as GeoPackage 1.3 wants, unless one is finer."""
    times = pd.to_datetime(column, utc=True).dt.as_unit("us")
    moments = times.to_numpy(dtype="datetime64[us]")
    whole = bool((moments.astype("datetime64[ms]") == moments)[times.notna()].all())
    cells = np.datetime_as_string(moments, unit="ms" if whole else "us").astype(object) + "Z"
    cells[times.isna().to_numpy()] = None
    listed: list[Any] = cells.tolist()
    return listed


def _lists(column: Column) -> list[Any]:
    """Write lists as JSON; a null list is the empty list."""
    return [
        orjson.dumps(list(cell)).decode()
        if isinstance(cell, list | tuple | np.ndarray) and len(cell)
        else "[]"
        for cell in column.to_numpy(dtype=object)
    ]


def _objects(column: Column) -> list[Any]:
    return [orjson.dumps(cell).decode() if isinstance(cell, dict) else None for cell in column]


_WRITERS: Final[dict[str, Callable[[Column], list[Any]]]] = {
    "text": _texts,
    "int": _ints,
    "float": _floats,
    "bool": _bools,
    "time": _times,
    "list": _lists,
    "json": _objects,
}


def _read_text(values: Sequence[Any]) -> Column:
    return pd.Series(values, dtype="str")


def _read_int(values: Sequence[Any]) -> Column:
    column = pd.Series(values, dtype="Int64")
    return column if column.hasnans else column.astype("int64")


def _read_float(values: Sequence[Any]) -> Column:
    return pd.Series(values, dtype="float64")


def _read_bool(values: Sequence[Any]) -> Column:
    column = pd.Series(values, dtype="Int64").astype("boolean")
    return column if column.hasnans else column.astype("bool")


def _read_time(values: Sequence[Any]) -> Column:
    plain = [None if value is None else value.removesuffix("Z") for value in values]
    return pd.Series(np.array(plain, dtype="datetime64[us]")).dt.tz_localize("UTC")


def _read_json(values: Sequence[Any]) -> Column:
    cells = np.empty(len(values), dtype=object)
    cells[:] = [None if value is None else orjson.loads(value) for value in values]
    return pd.Series(cells, dtype=object)


_READERS: Final[dict[str, Callable[[Sequence[Any]], Column]]] = {
    "text": _read_text,
    "int": _read_int,
    "float": _read_float,
    "bool": _read_bool,
    "time": _read_time,
    "list": _read_json,
    "json": _read_json,
}
