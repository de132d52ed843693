"""Where do the lines of ways run, and where are they broken?

A node that is not in the file, or has a position that is none on earth, leaves a gap: the vertex
after it is marked, so that no straight line is drawn across. A node repeated at once counts once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from gis.sources.flat import ranges
from gis.sources.osm_objects import SCALE, UNKNOWN

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gis.sources.osm_objects import Objects

    Ints = NDArray[np.int64]
    Flags = NDArray[np.bool_]

MAX_X: Final = 180 * SCALE
MAX_Y: Final = 90 * SCALE


@dataclass(frozen=True, slots=True, kw_only=True)
class Vertices:
    """Flat vertices, the range of each way in them, and what was wrong with each way."""

    frame: pd.DataFrame
    first: Ints
    last: Ints
    missing: Ints
    off_earth: Ints


def on_earth(x: Ints, y: Ints) -> Flags:
    """Tell which positions (1e-7 degree) exist."""
    return (np.abs(x) <= MAX_X) & (np.abs(y) <= MAX_Y)


def read_vertices(ways: Objects, rows: Ints) -> Vertices:
    """Read the node lists of some ways.

    Parameters
    ----------
    ways
        Ways with references and positions.
    rows
        Numbers of the ways wanted.

    Returns
    -------
    vertices
        ``frame`` as ``Reading.vertices``; ``first``, ``last``, ``missing`` (nodes without a
        position on earth) and ``off_earth`` have one entry a way.
    """
    first, last = ways.first[rows], ways.last[rows]
    at = ranges(first, last)
    way = np.repeat(np.arange(len(rows)), last - first)
    node, x, y = ways.refs[at], ways.x[at], ways.y[at]
    good = on_earth(x, y)
    off_earth = np.bincount(way[~good & (x != UNKNOWN)], minlength=len(rows))
    missing = np.bincount(way[~good], minlength=len(rows))
    gap = _after_gap(good, way)
    way, node, x, y, gap = way[good], node[good], x[good], y[good], gap[good]
    again = np.zeros(len(node), dtype=bool)
    again[1:] = (node[1:] == node[:-1]) & (way[1:] == way[:-1]) & ~gap[1:]
    frame = pd.DataFrame(
        {
            "node_id": node[~again],
            "lon": x[~again] / SCALE,
            "lat": y[~again] / SCALE,
            "after_gap": gap[~again],
        }
    )
    bounds = np.searchsorted(way[~again], np.arange(len(rows) + 1))
    return Vertices(
        frame=frame, first=bounds[:-1], last=bounds[1:], missing=missing, off_earth=off_earth
    )


def _after_gap(good: Flags, way: Ints) -> Flags:
    """Mark vertices whose predecessor on the same way is no good, but for a way's first good."""
    gap = np.zeros(len(good), dtype=bool)
    gap[1:] = ~good[:-1] & (way[1:] == way[:-1])
    if not gap.any():
        return gap
    seen: Ints = np.cumsum(good) - good
    start: Ints = seen[np.searchsorted(way, way)]
    return gap & (seen > start)
