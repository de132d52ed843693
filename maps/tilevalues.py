"""How are the values of a column written in a vector tile?

A tile holds each value once and every feature its number. Columns are coded once, whole, and cut
to the rows of a tile by numbers alone.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Coded:
    """The number of each row's value, -1 for null, and the values as a tile writes them."""

    codes: NDArray[np.int32]
    values: NDArray[np.object_]


class Coding:
    """A column that is read part by part."""

    def __init__(self) -> None:
        self._known: dict[Any, int] = {None: -1}
        self._codes: list[NDArray[np.int32]] = []

    def add(self, column: Sequence[Any]) -> None:
        """Take further rows: text, whole or decimal numbers, booleans; null is None."""
        known = self._known
        codes = (known.setdefault(value, len(known) - 1) for value in column)
        self._codes.append(np.fromiter(codes, dtype=np.int32, count=len(column)))

    def coded(self) -> Coded:
        """Give the whole column."""
        none = np.zeros(0, dtype=np.int32)
        written = [_value(value) for value in self._known if value is not None]
        return Coded(np.concatenate([none, *self._codes]), _objects(written))


def coded(column: Sequence[Any]) -> Coded:
    """Code a column at once.

    Examples
    --------
    >>> coded(["a", None, "a"]).codes.tolist()
    [0, -1, 0]
    """
    coding = Coding()
    coding.add(column)
    return coding.coded()


def together(columns: Iterable[Coded], count: int) -> tuple[NDArray[np.signedinteger], list[bytes]]:
    """Give the values that a tile needs numbers, over all its columns.

    Parameters
    ----------
    columns
        Columns of the same `count` rows.
    count
        How many rows there are.

    Returns
    -------
    told, values
        ``count`` rows of the number of each column's value, -1 for null; the values themselves.
    """
    named = list(columns)
    told = np.empty((count, len(named)), dtype=np.int32)
    values: list[bytes] = []
    for at, column in enumerate(named):
        present, places = _present(column)
        told[:, at] = places
        told[:, at] += len(values)
        told[column.codes < 0, at] = -1
        values += column.values[present].tolist()
    return told, values


def _present(column: Coded) -> tuple[NDArray[np.signedinteger], NDArray[np.signedinteger]]:
    """Name the values that stand in a column, and the place of each row's among them."""
    codes = column.codes
    if len(codes) and codes[0] >= 0 and (np.diff(codes) > 0).all():
        return codes, np.arange(len(codes))  # a key: every row has its own, and the next
    if len(column.values) > _FEW_VALUES * len(codes):
        present, places = np.unique(codes, return_inverse=True)
        nulls = int(present[0] < 0) if len(present) else 0
        return present[nulls:], places - nulls
    there = np.zeros(len(column.values) + 1, dtype=bool)
    there[codes] = True  # null, which is -1, falls on the place behind the last
    places = np.cumsum(there) - 1
    return np.flatnonzero(there[:-1]), places[codes]


def keys(columns: Mapping[str, Coded]) -> list[bytes]:
    """Write the names of columns."""
    return [sized(3, name.encode()) for name in columns]


def sized(field: int, data: bytes) -> bytes:
    """Write a field of bytes: its key, how long it is, and itself."""
    return _KEYS[field] + number(len(data)) + data


def number(value: int) -> bytes:
    """Write one varint."""
    if value < _ONE_BYTE:
        return bytes([value])
    return bytes([value & 127 | 128]) + number(value >> 7)


def _objects(written: list[bytes]) -> NDArray[np.object_]:
    """Hold bytes of uneven length in an array."""
    held = np.empty(len(written), dtype=object)
    held[:] = written
    return held


def _value(value: object) -> bytes:
    """Write one attribute value."""
    if isinstance(value, str):
        text = value.encode()
        return _text_head(len(text)) + text
    if isinstance(value, bool):
        return sized(4, b"\x38" + bytes([value]))
    if isinstance(value, int):
        return sized(4, b"\x30" + number(value << 1 ^ value >> 63))
    return sized(4, b"\x19" + struct.pack("<d", value))


@cache
def _text_head(length: int) -> bytes:
    """Write what stands before a text of so many bytes."""
    inner = _KEYS[1] + number(length)
    return _KEYS[4] + number(len(inner) + length) + inner


_ONE_BYTE: Final = 128
_FEW_VALUES: Final = 16
"""A column of more values than so many for each row is sorted instead of counted."""
_KEYS: Final = [bytes([field << 3 | 2]) for field in range(5)]
