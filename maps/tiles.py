"""Which bytes is a vector tile?

Mapbox Vector Tile 2.1 of one layer: lines, points and areas are clipped to the tile, brought to
whole units of a grid and written as arrays of commands and varints, whole columns at a time.
Geometry is in Web Mercator metres, tiles are those of WebMercatorQuad, row 0 in the north.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import shapely

from maps.tilevalues import number, numbered, sized

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from maps.tilevalues import Told

    Box = tuple[float, float, float, float]
    Numbers = NDArray[np.signedinteger]

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
LINESTRING: Final = 1
_SINGLE: Final = 3
"""Types of geometry above it are collections."""
_KIND_OF: Final = np.array([POINT, LINE, LINE, AREA, 0, 0, 0, 0])
"""Kind of a tile's geometry by the type of its parts (2 is the ring of an area)."""

LONGER: Final = (1 << 7, 1 << 14, 1 << 21, 1 << 28)
"""From which number on a varint needs one byte more."""

_NONE: Final = np.zeros(0, dtype=np.int64)
FEWEST: Final = {POINT: 1, LINE: 2, AREA: 3}


class Lines(NamedTuple):
    """Rows that are single lines: places of many, and where each row's begin and how many."""

    places: NDArray[np.float64]
    starts: Numbers
    counts: Numbers


class Rows(NamedTuple):
    """What a tile may show.

    Attributes
    ----------
    shapes
        ``n`` geometries in Web Mercator metres; null and empty ones are left out.
    told
        What is told of each.
    sides
        ``n`` rows of the smallest x and y and the largest x and y of each geometry, NaN where it
        is null or empty; measured where needed when null.
    lines
        The same geometries where all are single lines; null otherwise, or where nobody asked.
    """

    shapes: NDArray[np.object_]
    told: Told
    sides: NDArray[np.float64] | None = None
    lines: Lines | None = None


class Vertices(NamedTuple):
    """Places in Web Mercator, the part that each belongs to, and the row of each part."""

    places: NDArray[np.float64]
    part: Numbers
    row: Numbers


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


def lines_of(shapes: NDArray[np.object_]) -> Lines | None:
    """Lay the places of lines behind one another; null where there is something else among them."""
    if (shapely.get_type_id(shapes) != LINESTRING).any():
        return None
    counts = shapely.get_num_coordinates(shapes)
    return Lines(shapely.get_coordinates(shapes), np.cumsum(counts) - counts, counts)


def encode(name: str, rows: Rows, box: Box, *, grain: int = 1) -> bytes:
    """Write a tile with one layer.

    Parameters
    ----------
    name
        Name of the layer.
    rows
        What may be in it.
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
    numbers, values = numbered(rows.told)
    features = []
    for kind, found in _vertices(rows, margin(box)):
        features.append(_features(_on_grid(found, box, kind, grain), kind, numbers))
    if not any(features):
        return b""
    body = [sized(1, name.encode()), *features, *rows.told.keys(), *values]
    body += [b"\x28", number(EXTENT), b"\x78", number(VERSION)]
    return sized(3, b"".join(body))


def _vertices(rows: Rows, box: Box) -> Iterator[tuple[int, Vertices]]:
    """Give the places of each kind of geometry, cut at the edge of a box.

    Most lines lie within: their places are read as they stand.
    """
    sides = shapely.bounds(rows.shapes) if rows.sides is None else rows.sides
    west, south, east, north = sides.T
    there = ~np.isnan(west)
    over = (west < box[0]) | (south < box[1]) | (east > box[2]) | (north > box[3])
    within = np.flatnonzero(there & ~over) if rows.lines else _NONE
    parts, types, owners = _parts(rows, over, np.flatnonzero(over if rows.lines else there), box)
    kinds = _KIND_OF[types]
    for kind in (POINT, LINE, AREA):
        mine = kinds == kind
        found = _taken_apart(parts[mine], owners[mine], kind)
        if kind == LINE and rows.lines:
            found = _as_they_stand(rows.lines, within, found)
        if len(found.row):
            yield kind, found


def _parts(
    rows: Rows, over: NDArray[np.bool_], wanted: Numbers, box: Box
) -> tuple[NDArray[np.object_], NDArray[np.integer[Any]], Numbers]:
    """Cut what reaches over the edge of a box, and take collections apart.

    Returns
    -------
    parts, types, rows
        Single geometries, their types, and of which row each is. Most rows lie within and are
        one part.
    """
    parts, cut = rows.shapes[wanted], over[wanted]
    parts[cut] = shapely.clip_by_rect(parts[cut], *box)
    there = ~shapely.is_empty(parts)
    parts, wanted = parts[there], wanted[there]
    types = shapely.get_type_id(parts)
    many = types > _SINGLE
    if not many.any():
        return parts, types, wanted
    apart, of = shapely.get_parts(parts[many], return_index=True)
    owners = np.concatenate([wanted[~many], wanted[many][of]])
    order = np.argsort(owners, kind="stable")
    parts = np.concatenate([parts[~many], apart])[order]
    return parts, shapely.get_type_id(parts), owners[order]


def _taken_apart(parts: NDArray[np.object_], rows: Numbers, kind: int) -> Vertices:
    """Read the places of parts of one kind; those of areas ring by ring."""
    if kind == AREA:
        parts, inside = shapely.get_rings(
            shapely.orient_polygons(parts, exterior_cw=True), return_index=True
        )
        rows = rows[inside]
    places, part = shapely.get_coordinates(parts, return_index=True)
    return Vertices(places, part, rows)


def _as_they_stand(lines: Lines, within: Numbers, more: Vertices) -> Vertices:
    """Read the places of whole lines, and put others behind them."""
    starts, counts = lines.starts[within], lines.counts[within]
    before = np.cumsum(counts) - counts
    at = np.repeat(starts - before, counts) + np.arange(counts.sum())
    part = np.repeat(np.arange(len(within)), counts)
    return Vertices(
        np.concatenate([lines.places[at], more.places]),
        np.concatenate([part, more.part + len(within)]),
        np.concatenate([within, more.row]),
    )


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
    lengths = _lengths(words)
    ends = np.cumsum(lengths, dtype=np.int64)
    out = np.empty(int(ends[-1]) if len(ends) else 0, dtype=np.uint8)
    at, rest = ends - lengths, words
    while len(rest):
        longer = rest >= LONGER[0]
        low = rest.astype(np.uint8)  # the lowest byte; its highest bit says whether more follow
        low &= 127
        low |= longer.view(np.uint8) << 7
        out[at] = low
        many = np.flatnonzero(longer)
        at, rest = at[many] + 1, rest[many] >> 7
    return out.tobytes(), ends


def _lengths(words: Numbers) -> NDArray[np.uint8]:
    """Count the bytes of varints."""
    lengths = np.ones(len(words), dtype=np.uint8)
    most = words.max(initial=0)
    for longer in LONGER:
        if most >= longer:
            lengths += words >= longer
    return lengths


def _on_grid(found: Vertices, box: Box, kind: int, grain: int) -> Shapes:
    """Bring parts of one kind to the grid: repeated vertices and collapsed parts go."""
    places, part = found.places, found.part
    scale = EXTENT / grain / (box[2] - box[0])
    x = np.rint((places[:, 0] - box[0]) * scale).astype(np.int32) * grain
    y = np.rint((box[3] - places[:, 1]) * scale).astype(np.int32) * grain
    keep = np.ones(len(x), dtype=bool)
    keep[1:] = (np.diff(x) != 0) | (np.diff(y) != 0) | (np.diff(part) != 0)
    if kind == AREA:
        keep &= np.append(np.diff(part) == 0, False)  # the tile closes rings by itself
    keep &= np.bincount(part[keep], minlength=len(found.row))[part] >= FEWEST[kind]
    left = part[keep]
    first = np.append(True, np.diff(left) != 0)[: len(left)]
    return Shapes(x[keep], y[keep], np.cumsum(first) - 1, found.row[left[first]])


def _features(shapes: Shapes, kind: int, told: Numbers) -> bytes:
    """Write the features that have any geometry left.

    Notes
    -----
    A feature is a run of varints: its size; size and words of its attributes; its kind; size and
    words of its geometry. All runs are laid out as one array and written at once.
    """
    if len(shapes.x) == 0:
        return b""
    words, row_of_word = _commands(shapes, kind)
    first = np.flatnonzero(np.append(True, np.diff(row_of_word) != 0))
    mine = told[row_of_word[first]]
    tags = _tags(mine)
    lines = _runs(words, np.diff(np.append(first, len(words))))
    inner = _lengths(tags.sizes) + tags.sizes + _lengths(lines.sizes) + lines.sizes + 4
    begins = lines.starts + tags.starts + 8 * np.arange(len(first))
    middles = begins + 4 + tags.counts
    out = np.empty(8 * len(first) + len(tags.words) + len(words), dtype=np.int32)
    heads = np.array([_FEATURE, 0, _TAGS, 0, _KIND, kind, _GEOMETRY, 0])
    eight = np.tile(heads, (len(first), 1))
    eight[:, 1], eight[:, 3], eight[:, 7] = inner, tags.sizes, lines.sizes
    out[begins[:, None] + np.arange(4)] = eight[:, :4]
    out[middles[:, None] + np.arange(4)] = eight[:, 4:]
    out[tags.places(begins + 4)] = tags.words
    out[lines.places(middles + 4)] = words
    return varints(out)[0]


@dataclass(frozen=True, slots=True)
class _Runs:
    """Words in runs: how many words and bytes each run has, and its first word."""

    words: Numbers
    counts: Numbers
    sizes: Numbers
    starts: Numbers

    def places(self, begins: Numbers) -> Numbers:
        """Say where each word goes when its run begins there."""
        return np.repeat(begins - self.starts, self.counts) + np.arange(len(self.words))


def _tags(told: Numbers) -> _Runs:
    """Write the attributes of features: the number of each column and of its value, or nothing."""
    there = told >= 0
    counts = 2 * np.count_nonzero(there, axis=1)
    words = np.empty(2 * np.count_nonzero(there), dtype=np.int32)
    words[0::2] = np.broadcast_to(np.arange(told.shape[1], dtype=np.int32), told.shape)[there]
    words[1::2] = told[there]
    sizes = counts // 2 + (_lengths(told.ravel()).reshape(told.shape) * there).sum(axis=1)
    return _Runs(words, counts, sizes, np.cumsum(counts) - counts)


def _runs(words: Numbers, counts: Numbers) -> _Runs:
    """Measure runs of words; a run may be empty."""
    bytes_before = np.append(0, np.cumsum(_lengths(words)))
    ends = np.cumsum(counts)
    return _Runs(words, counts, bytes_before[ends] - bytes_before[ends - counts], ends - counts)


def _commands(shapes: Shapes, kind: int) -> tuple[Numbers, Numbers]:
    """Write moves and lines as words; give the row of each word too."""
    row = shapes.row[shapes.part]
    steps = np.column_stack([shapes.x, shapes.y])
    steps[1:] -= np.where((np.diff(row) == 0)[:, None], steps[:-1], 0)
    zigzag = ((steps << 1) ^ (steps >> 31)).ravel()
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


_FEATURE, _TAGS, _KIND, _GEOMETRY = 0x12, 0x12, 0x18, 0x22
"""Keys of a feature in a layer, and of its attributes, kind and geometry."""
