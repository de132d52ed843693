"""Which bytes is a vector tile?

Mapbox Vector Tile 2.1 of one layer: lines, points and areas are clipped to the tile, brought to
whole units of a grid and written as arrays of commands and varints, whole columns at a time.
Geometry is in Web Mercator metres, tiles are those of WebMercatorQuad, row 0 in the north.
"""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import shapely

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    Box = tuple[float, float, float, float]
    Numbers = NDArray[np.int64]

MERCATOR: Final = 3857
HALF_WORLD: Final = math.pi * 6378137
EXTENT: Final = 4096
BUFFER: Final = 64
"""Units around a tile that are drawn too, so that wide lines meet across its edge."""

VERSION: Final = 2
MOVE_TO: Final = 1
LINE_TO: Final = 2
CLOSE: Final = 15
POINT, LINE, AREA = 1, 2, 3
KINDS: Final = {0: POINT, 1: LINE, 2: LINE, 3: AREA}
"""Kind of a tile's geometry by the type of its parts (2 is the ring of an area)."""

LONGER: Final = np.array([1 << 7, 1 << 14, 1 << 21, 1 << 28])
"""From which number on a varint needs one byte more."""

FEWEST: Final = {POINT: 1, LINE: 2, AREA: 3}


@dataclass(frozen=True, slots=True)
class Shapes:
    """Clipped geometry on the grid: `x` and `y` of every vertex, its part, the row of each part."""

    x: Numbers
    y: Numbers
    part: Numbers
    row: Numbers


def bounds(z: int, row: int, col: int) -> Box:
    """Return the box of a tile in Web Mercator metres.

    Examples
    --------
    >>> [round(edge) for edge in bounds(1, 0, 1)]
    [0, 0, 20037508, 20037508]
    """
    size = 2 * HALF_WORLD / 2**z
    west, north = col * size - HALF_WORLD, HALF_WORLD - row * size
    return west, north - size, west + size, north


def margin(box: Box) -> Box:
    """Widen the box of a tile by what is drawn around it."""
    more = (box[2] - box[0]) * BUFFER / EXTENT
    return box[0] - more, box[1] - more, box[2] + more, box[3] + more


def encode(
    name: str,
    shapes: NDArray[np.object_],
    columns: Mapping[str, Sequence[Any]],
    box: Box,
    *,
    grain: int = 1,
) -> bytes:
    """Write a tile with one layer.

    Parameters
    ----------
    name
        Name of the layer.
    shapes
        ``n`` geometries in Web Mercator metres; null and empty ones are left out.
    columns
        ``n`` values of each attribute: text, whole or decimal numbers, booleans; null is left out.
    box
        The tile, as from `bounds`.
    grain
        Vertices fall on multiples of so many units; more makes an overview lighter.

    Returns
    -------
    tile
        Empty when nothing of the layer lies in the tile.

    Notes
    -----
    Mapbox Vector Tile Specification 2.1. Parts that collapse to less than their kind needs are
    left out, and with all its parts a feature.
    """
    clipped = shapely.clip_by_rect(shapes, *margin(box))
    parts, rows = shapely.get_parts(clipped, return_index=True)
    if not len(parts):
        return b""
    features: list[bytes] = []
    tags, keys, values = _attributes(columns, len(shapes))
    for kind, types in ((POINT, (0,)), (LINE, (1, 2)), (AREA, (3,))):
        mine = np.isin(shapely.get_type_id(parts), types)
        if mine.any():
            drawn = _on_grid(parts[mine], rows[mine], box, kind, grain)
            features += _features(drawn, kind, tags)
    if not features:
        return b""
    body = [_sized(1, name.encode()), *features]
    body += [_sized(3, key.encode()) for key in keys] + [_sized(4, value) for value in values]
    body += [b"\x28", _number(EXTENT), b"\x78", _number(VERSION)]
    return _sized(3, b"".join(body))


def varints(words: Numbers) -> tuple[bytes, Numbers]:
    """Write whole numbers below 2**35 as varints.

    Returns
    -------
    data, ends
        The bytes of all, and where each number ends in them.

    Examples
    --------
    >>> varints(np.array([1, 300]))[0].hex()
    '01ac02'
    """
    lengths = np.searchsorted(LONGER, words, side="right") + 1
    ends = np.cumsum(lengths)
    out = np.zeros(int(ends[-1]) if len(ends) else 0, dtype=np.uint8)
    for place in range(5):
        there = lengths > place
        more = np.where(lengths[there] > place + 1, 128, 0)
        out[ends[there] - lengths[there] + place] = (words[there] >> 7 * place & 127) | more
    return out.tobytes(), ends


def _on_grid(parts: NDArray[np.object_], rows: Numbers, box: Box, kind: int, grain: int) -> Shapes:
    """Bring parts of one kind to the grid: repeated vertices and collapsed parts go."""
    if kind == AREA:
        parts, inside = shapely.get_rings(
            shapely.orient_polygons(parts, exterior_cw=True), return_index=True
        )
        rows = rows[inside]
    places, part = shapely.get_coordinates(parts, return_index=True)
    scale = EXTENT / grain / (box[2] - box[0])
    x = np.rint((places[:, 0] - box[0]) * scale).astype(np.int64) * grain
    y = np.rint((box[3] - places[:, 1]) * scale).astype(np.int64) * grain
    keep = np.ones(len(x), dtype=bool)
    keep[1:] = (np.diff(x) != 0) | (np.diff(y) != 0) | (np.diff(part) != 0)
    if kind == AREA:
        keep &= np.append(np.diff(part) == 0, False)  # the tile closes rings by itself
    keep &= np.bincount(part[keep], minlength=len(rows))[part] >= FEWEST[kind]
    named, part = np.unique(part[keep], return_inverse=True)
    return Shapes(x[keep], y[keep], part, rows[named])


def _features(shapes: Shapes, kind: int, tags: Sequence[bytes]) -> list[bytes]:
    """Write the features that have any geometry left."""
    if len(shapes.x) == 0:
        return []
    words, row_of_word = _commands(shapes, kind)
    data, ends = varints(words)
    last = np.flatnonzero(np.append(np.diff(row_of_word) != 0, True))
    stops = ends[last].tolist()
    starts = [0, *stops[:-1]]
    shape = b"\x18" + bytes([kind])
    return [
        _sized(2, tags[row] + shape + _sized(4, data[start:stop]))
        for row, start, stop in zip(row_of_word[last].tolist(), starts, stops, strict=True)
    ]


def _commands(shapes: Shapes, kind: int) -> tuple[Numbers, Numbers]:
    """Write moves and lines as words; give the row of each word too."""
    row = shapes.row[shapes.part]
    steps = np.column_stack([shapes.x, shapes.y])
    steps[1:] -= np.where((np.diff(row) == 0)[:, None], steps[:-1], 0)
    zigzag = ((steps << 1) ^ (steps >> 63)).ravel()
    group = row if kind == POINT else shapes.part
    begins = np.flatnonzero(np.append(True, np.diff(group) != 0))
    ends = np.append(begins[1:], len(group))
    many = ends - begins
    if kind == POINT:
        told = [(begins, many << 3 | MOVE_TO)]
    else:
        one = np.ones_like(many)
        told = [(begins, one << 3 | MOVE_TO), (begins + 1, (many - 1) << 3 | LINE_TO)]
    if kind == AREA:  # a ring is closed before the next one begins at the same place
        told = [(ends, np.full_like(many, CLOSE)), *told]
    at = 2 * np.concatenate([place for place, _ in told])
    order = np.argsort(at, kind="stable")
    words = np.concatenate([word for _, word in told])[order]
    owners = np.tile(row[begins], len(told))[order]
    return np.insert(zigzag, at[order], words), np.insert(np.repeat(row, 2), at[order], owners)


def _attributes(
    columns: Mapping[str, Sequence[Any]], count: int
) -> tuple[list[bytes], list[str], list[bytes]]:
    """Write the tags of every row, and the names and values they point to."""
    values: list[bytes] = []
    numbers: list[Numbers] = []
    for column in columns.values():
        codes, uniques = pd.factorize(pd.Series(column, dtype=object))
        numbers.append(np.where(codes < 0, -1, codes + len(values)))
        values += [_value(value) for value in uniques]
    if not numbers:
        return [b""] * count, [], []
    told = np.column_stack(numbers)
    pairs = np.stack([np.broadcast_to(np.arange(told.shape[1]), told.shape), told], axis=2)
    data, ends = varints(pairs[told >= 0].ravel())
    stops = np.append(0, ends)[np.cumsum(2 * (told >= 0).sum(axis=1))].tolist()
    starts = [0, *stops[:-1]]
    tags = [_sized(2, data[start:stop]) for start, stop in zip(starts, stops, strict=True)]
    return tags, list(columns), values


def _value(value: object) -> bytes:
    """Write one attribute value."""
    if isinstance(value, bool):
        return b"\x38" + bytes([value])
    if isinstance(value, int):
        return b"\x30" + _number(value << 1 ^ value >> 63)
    if isinstance(value, float):
        return b"\x19" + struct.pack("<d", value)
    return _sized(1, str(value).encode())


def _sized(field: int, data: bytes) -> bytes:
    """Write a field of bytes: its key, how long it is, and itself."""
    return _KEYS[field] + _number(len(data)) + data


def _number(value: int) -> bytes:
    """Write one varint."""
    if value < len(_SHORT):
        return _SHORT[value]
    return bytes([value & 127 | 128]) + _number(value >> 7)


_ONE_BYTE: Final = 128
_SHORT: Final = [
    bytes([n]) if n < _ONE_BYTE else bytes([n & 127 | 128, n >> 7]) for n in range(1 << 12)
]
_KEYS: Final = [bytes([field << 3 | 2]) for field in range(5)]
