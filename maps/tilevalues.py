"""How are the values of a column written in a vector tile?

A tile holds each value once and every feature its number. Columns are coded once, whole and
together, and cut to the rows of a tile by numbers alone.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Told:
    """What tiles tell of ``n`` rows.

    Attributes
    ----------
    names
        Columns, ``k`` of them.
    codes
        ``n`` rows of ``k`` numbers into `values`, -1 for null.
    values
        The values of all columns together, as a tile writes them.
    key
        Name of one column more, of which every row has a value of its own; null for none.
    own
        These values, as a tile writes them.
    """

    names: tuple[str, ...]
    codes: NDArray[np.int32]
    values: NDArray[np.object_]
    key: str | None = None
    own: NDArray[np.object_] | None = None

    def at(self, rows: NDArray[np.integer[Any]], shown: int | None = None) -> Told:
        """Cut to some rows, and to the first so many columns; null is all."""
        own = None if self.own is None else self.own[rows]
        return Told(self.names[:shown], self.codes[rows, :shown], self.values, self.key, own)

    def keys(self) -> list[bytes]:
        """Write the names of the columns."""
        return [sized(3, name.encode()) for name in (*self.names, self.key) if name is not None]


class Telling:
    """Columns that are read part by part."""

    def __init__(self, names: Sequence[str], key: str | None = None) -> None:
        self._key = key
        self._own: list[bytes] = []
        self._known: dict[str, dict[Any, int]] = {one: {None: -1} for one in names if one != key}
        self._codes: dict[str, list[NDArray[np.int32]]] = {one: [] for one in self._known}

    def add(self, columns: Mapping[str, Sequence[Any]]) -> None:
        """Take further rows: text, whole or decimal numbers, booleans; null is None."""
        for name, known in self._known.items():
            codes = (known.setdefault(value, len(known) - 1) for value in columns[name])
            self._codes[name].append(np.fromiter(codes, dtype=np.int32, count=len(columns[name])))
        if self._key is not None:
            self._own += map(_value, columns[self._key])

    def told(self) -> Told:
        """Give all rows; of at least one part."""
        values: list[bytes] = []
        codes = []
        for name, known in self._known.items():
            column = np.concatenate(self._codes[name])
            codes.append(np.where(column < 0, column, column + np.int32(len(values))))
            values += [_value(value) for value in known if value is not None]
        own = None if self._key is None else _objects(self._own)
        held = np.stack(codes, axis=1) if codes else np.zeros((len(self._own), 0), dtype=np.int32)
        return Told(tuple(self._known), held, _objects(values), self._key, own)


def told(columns: Mapping[str, Sequence[Any]], key: str | None = None) -> Told:
    """Take rows at once.

    Examples
    --------
    >>> told({"n": ["a", None, "a"]}).codes.tolist()
    [[0], [-1], [0]]
    """
    telling = Telling(list(columns), key)
    telling.add(columns)
    return telling.told()


def nothing(count: int) -> Told:
    """Tell nothing of so many rows."""
    return Told((), np.zeros((count, 0), dtype=np.int32), _objects([]))


def numbered(rows: Told) -> tuple[NDArray[np.int32], list[bytes]]:
    """Give the values that a tile needs numbers.

    Returns
    -------
    numbers, values
        A row of numbers for each row, one a column, -1 for null; the values themselves. What
        every row has of its own comes last: numbers below 128 are a byte.
    """
    there = np.zeros(len(rows.values) + 1, dtype=bool)
    there[rows.codes] = True  # null, which is -1, falls on the place behind the last
    there[-1] = False
    places = np.cumsum(there, dtype=np.int32) - 1
    places[-1] = -1
    numbers, values = places[rows.codes], rows.values[np.flatnonzero(there)].tolist()
    if rows.own is None:
        return numbers, values
    last = np.arange(len(values), len(values) + len(rows.own), dtype=np.int32)
    return np.column_stack([numbers, last]), values + rows.own.tolist()


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
_KEYS: Final = [bytes([field << 3 | 2]) for field in range(5)]
