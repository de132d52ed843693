"""Write a small PMTiles archive, version 3, for tests: one directory, tiles not compressed."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import numpy as np
import shapely

from maps import tiles
from maps.tilevalues import nothing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

HEADER = 127
PLAIN = 1
VECTOR = 1


def archive(tiles_of: dict[tuple[int, int, int], bytes]) -> bytes:
    """Lay tiles (zoom, column, row) out as one file.

    The directory holds, column by column: the steps between tile ids, how many times each runs,
    lengths, and offsets (0 where a tile follows the one before it).
    """
    ordered = sorted((tile_id(*place), data) for place, data in tiles_of.items())
    ids = [one for one, _ in ordered]
    steps = [one - before for one, before in zip(ids, [0, *ids], strict=False)]
    lengths = [len(data) for _, data in ordered]
    columns = [len(ids), *steps, *[1] * len(ids), *lengths, 1, *[0] * (len(ids) - 1)]
    directory = b"".join(map(varint, columns))
    body = b"".join(data for _, data in ordered)
    after = HEADER + len(directory)
    zooms = [zoom for zoom, _, _ in tiles_of]
    head = struct.pack(
        "<7sB8Q3Q6B4iB2i", b"PMTiles", 3,
        HEADER, len(directory), after, 0, after, 0, after, len(body),
        len(ids), len(ids), len(ids),
        1, PLAIN, PLAIN, VECTOR, min(zooms), max(zooms),
        -1800000000, -850000000, 1800000000, 850000000, min(zooms), 0, 0,
    )  # fmt: skip
    return head + directory + body


def varint(value: int) -> bytes:
    """Write a number seven bits at a time, the lowest first."""
    return bytes(_sevens(value))


def _sevens(value: int) -> Iterator[int]:
    while value > 127:
        yield value & 127 | 128
        value >>= 7
    yield value


def tile_id(zoom: int, col: int, row: int) -> int:
    """Return the place of a tile along the Hilbert curve, after all tiles of lesser zooms."""
    found: int = (4**zoom - 1) // 3
    for level in range(zoom - 1, -1, -1):
        side = 1 << level
        right, low = int(col & side > 0), int(row & side > 0)
        found += side * side * (3 * right ^ low)
        if not low:
            if right:
                col, row = side - 1 - col & (side - 1), side - 1 - row & (side - 1)
            col, row = row, col
    return found


def land(places: Iterable[tuple[int, int, int]]) -> dict[tuple[int, int, int], bytes]:
    """Return tiles that are all water, as a background names its layers."""
    return {
        (zoom, col, row): tiles.encode(
            "water",
            tiles.Rows(np.array([shapely.box(*(box := tiles.bounds(zoom, row, col)))]), nothing(1)),
            box,
        )
        for zoom, col, row in places
    }
