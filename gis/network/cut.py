"""Where are ways cut into pieces?

At every node that two or more ways, or one way twice, pass or end at; at gaps, where nodes are
missing; and at both ends. Nothing is joined: a way that goes on as another way ends there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Flags = NDArray[np.bool_]
    Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pieces:
    """Pieces of ways: a piece runs over the vertices ``first`` to ``last``, both included.

    ``way`` is the way's row and ``part`` the piece's number along it, from 0.
    """

    way: Ints
    part: Ints
    first: Ints
    last: Ints

    def __len__(self) -> int:
        """Return the number of pieces."""
        return len(self.way)

    def take(self, rows: Ints | Flags) -> Pieces:
        """Return some of the pieces."""
        return Pieces(
            way=self.way[rows], part=self.part[rows], first=self.first[rows], last=self.last[rows]
        )


def cut(way: Ints, node: Ints, after_gap: Flags) -> Pieces:
    """Cut ways at their junctions.

    Parameters
    ----------
    way
        Row of the way of each of ``n`` vertices, ascending.
    node
        Node id of each vertex.
    after_gap
        True where no line may be drawn from the vertex before.

    Returns
    -------
    pieces
        In order of way and along it; every step between two vertices of a way that no gap parts
        is in exactly one piece.

    Examples
    --------
    >>> way, node = np.array([0, 0, 0, 1, 1]), np.array([1, 2, 3, 2, 9])
    >>> pieces = cut(way, node, np.zeros(5, dtype=bool))
    >>> list(zip(pieces.way.tolist(), pieces.first.tolist(), pieces.last.tolist()))
    [(0, 0, 1), (0, 1, 2), (1, 3, 4)]
    """
    n = len(way)
    joined = np.zeros(n, dtype=bool)
    joined[1:] = (way[1:] == way[:-1]) & ~after_gap[1:]
    goes_on = np.zeros(n, dtype=bool)
    goes_on[:-1] = joined[1:]
    inside = joined & goes_on & ~_shared(node)
    stops = np.flatnonzero(~inside)
    first, last = stops[:-1], stops[1:]
    linked = joined[last]
    first, last = first[linked], last[linked]
    of = way[first]
    start = np.searchsorted(of, of)
    return Pieces(way=of, part=np.arange(len(of)) - start, first=first, last=last)


def _shared(node: Ints) -> Flags:
    """Tell which vertices have a node that occurs twice or more."""
    _, number, counts = np.unique(node, return_inverse=True, return_counts=True)
    return np.asarray(counts[number] > 1, dtype=bool)


def vertices_of(pieces: Pieces) -> tuple[Ints, Ints]:
    """Return the vertex rows of all pieces, flat, and the piece of each.

    Examples
    --------
    >>> one = np.array([0])
    >>> rows, piece = vertices_of(Pieces(way=one, part=one, first=one + 4, last=one + 6))
    >>> rows.tolist(), piece.tolist()
    ([4, 5, 6], [0, 0, 0])
    """
    size = pieces.last - pieces.first + 1
    piece = np.repeat(np.arange(len(pieces)), size)
    before = np.cumsum(size) - size
    return pieces.first[piece] + np.arange(len(piece)) - before[piece], piece


def lines(pieces: Pieces, x: Floats, y: Floats) -> NDArray[np.object_]:
    """Draw the pieces as LineStrings."""
    rows, piece = vertices_of(pieces)
    if not len(rows):
        return np.empty(0, dtype=object)
    return np.asarray(shapely.linestrings(x[rows], y[rows], indices=piece), dtype=object)
