"""Which id does a segment get when it is first seen?

A pure function of the source's id and the source's own coordinates, whatever the direction in
which the line was drawn and whatever CRS the area works in: the same in every store.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Final

import numpy as np

from gis.network.cut import vertices_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from gis.network.cut import Pieces

    Floats = NDArray[np.float64]

# Coordinates count to 1e-6 degree, about 0.1 m.
GRID: Final = 1_000_000
LENGTH: Final = 15
# Five bits of each byte of the digest as one character of base 32 (RFC 4648, small letters).
ALPHABET: Final = b"abcdefghijklmnopqrstuvwxyz234567" * 8
# The side as seen in the canonical direction; a line that reads the same both ways has none.
SIDES: Final = {
    "forth": {"left": "left", "right": "right", "none": "none"},
    "back": {"left": "right", "right": "left", "none": "none"},
    "either": {"left": "beside", "right": "beside", "none": "none"},
}


def mint(letter: str, *words: str, shape: bytes = b"") -> str:
    """Make one id.

    Parameters
    ----------
    letter
        First letter: ``s`` segment, ``r`` street, ``c`` crossing, ``t`` sign, ``p`` place.
    words
        What tells the thing apart.
    shape
        Its geometry in canonical form.

    Returns
    -------
    id
        The letter and 15 characters of ``a-z2-7`` (75 bits of SHA-256).

    Examples
    --------
    >>> mint("c", "osm:node/1")
    'cbot5hbmyqk3nobu'
    """
    digest = sha256("|".join(words).encode() + b"|" + shape).digest()
    return letter + digest[:LENGTH].translate(ALPHABET).decode("ascii")


def shapes(pieces: Pieces, lon: Floats, lat: Floats) -> tuple[list[bytes], list[str]]:
    """Write the geometry of pieces so that both directions read the same.

    Parameters
    ----------
    pieces
        ``n`` pieces.
    lon, lat
        Position of every vertex, degrees.

    Returns
    -------
    shapes
        ``n`` byte texts: the smaller of both directions.
    reads
        ``n`` words: forth where that is the way's own direction, back, or either.
    """
    rows, _ = vertices_of(pieces)
    grid = np.column_stack((lon[rows], lat[rows]))
    flat = np.rint(grid * GRID).astype(">i4")
    forth, back = flat.tobytes(), flat[::-1].tobytes()
    ends = np.cumsum(pieces.last - pieces.first + 1) * 8
    starts = ends - (pieces.last - pieces.first + 1) * 8
    n = len(forth)
    # A loop over pieces: each is hashed for itself.
    spans = zip(starts.tolist(), ends.tolist(), strict=True)
    both = [(forth[a:b], back[n - b : n - a]) for a, b in spans]
    words = ["forth" if one < two else "back" if two < one else "either" for one, two in both]
    return [min(pair) for pair in both], words


def mint_all(
    words: Sequence[tuple[str, str, str]], shape: Sequence[bytes], reads: Sequence[str]
) -> list[str]:
    """Make the ids of segments.

    Parameters
    ----------
    words
        ``n`` times: id of the source, side (none, left, right) in the way's own direction, tag
        that gave the side (empty for none).
    shape, reads
        From ``shapes``.

    Returns
    -------
    ids
        ``n`` different ids. A way that runs twice over the same ground numbers its pieces.
    """
    seen: dict[str, int] = {}
    ids = []
    # A loop over segments: each is hashed for itself.
    for (source, side, tag), line, way in zip(words, shape, reads, strict=True):
        told = (source, SIDES[way][side], tag)
        first = minted = mint("s", *told, shape=line)
        while minted in seen:
            seen[first] += 1
            minted = mint("s", *told, str(seen[first]), shape=line)
        seen[minted] = 1
        ids.append(minted)
    return ids
