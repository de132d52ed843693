"""Which part of a line lies between two distances along it?

Whole columns at a time; distances in the unit of the coordinates.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]
    Shapes = NDArray[np.object_]


def substring(lines: Shapes, start: ArrayLike, end: ArrayLike) -> Shapes:
    """Cut one part out of each line.

    Parameters
    ----------
    lines
        ``n`` LineStrings.
    start, end
        ``n`` distances along them, ``start`` not above ``end``; beyond the line counts as its end.

    Returns
    -------
    parts
        ``n`` LineStrings of at least two vertices, in the direction of the line.

    Examples
    --------
    >>> line = shapely.from_wkt(["LINESTRING (0 0, 10 0, 10 10)"])
    >>> substring(line, [5], [15])[0].wkt
    'LINESTRING (5 0, 10 0, 10 5)'
    """
    n = len(lines)
    if not n:
        return np.empty(0, dtype=object)
    xy, of = shapely.get_coordinates(lines, return_index=True)
    along = distances(xy, of)
    length = np.asarray(shapely.length(lines), dtype=np.float64)
    low = np.clip(np.asarray(start, dtype=np.float64), 0, length)
    high = np.clip(np.asarray(end, dtype=np.float64), low, length)
    inside = (along > low[of]) & (along < high[of])
    ends = [
        shapely.get_coordinates(shapely.line_interpolate_point(lines, at)) for at in (low, high)
    ]
    every = np.concatenate([ends[0], xy[inside], ends[1]])
    line = np.concatenate([np.arange(n), of[inside], np.arange(n)])
    rank = np.concatenate([np.full(n, -np.inf), along[inside], np.full(n, np.inf)])
    order = np.lexsort((rank, line))
    return np.asarray(shapely.linestrings(every[order], indices=line[order]), dtype=object)


def distances(xy: Floats, of: NDArray[np.intp]) -> Floats:
    """Return how far along its own line each vertex lies.

    Parameters
    ----------
    xy, of
        Coordinates and number of the line, as ``shapely.get_coordinates`` returns them.
    """
    step = np.zeros(len(xy))
    step[1:] = np.where(of[1:] == of[:-1], np.hypot(*(xy[1:] - xy[:-1]).T), 0.0)
    total = np.cumsum(step)
    first = np.searchsorted(of, of)
    along: Floats = total - total[first]
    return along
