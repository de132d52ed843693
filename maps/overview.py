"""What of a layer is worth drawing when a whole town fits into a tile?

Lines that meet and share a value become one line, points that fall together one point; all other
attributes go. Geometry is in Web Mercator metres.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from maps import tiles
from maps.tilevalues import Told, nothing

if TYPE_CHECKING:
    from numpy.typing import NDArray

GRAIN: Final = 4
"""Vertices of an overview fall on a grid of 1,024 a tile, a quarter of a pixel of 256."""

SHORTEST: Final = 2
"""Cells; what is shorter is less than a pixel on the map, and hundreds of kilobytes on the wire."""

LINES: Final = (1,)
POINTS: Final = (0,)


@dataclass(frozen=True, slots=True)
class Overview:
    """Simple geometries, the number of the value that each one's group shares, an index."""

    parts: NDArray[np.object_]
    groups: NDArray[np.int32]
    values: NDArray[np.object_]
    tree: shapely.STRtree


def overview(
    shapes: NDArray[np.object_], codes: NDArray[np.int32], values: NDArray[np.object_]
) -> Overview:
    """Draw a layer together.

    Parameters
    ----------
    shapes
        ``n`` geometries of any kind; null ones are left out.
    codes, values
        ``n`` numbers into the values, -1 for null; only what shares one is drawn together.

    Returns
    -------
    overview
        The same lines, points and areas, without their bounds between features.

    Notes
    -----
    Lines are merged end to end (``line_merge``), never cut where they cross: the work grows with
    the number of lines.
    """
    parts, rows = shapely.get_parts(shapes, return_index=True)
    groups = codes[rows]
    lines = np.isin(shapely.get_type_id(parts), LINES)
    merged = [parts[~lines]]
    owners = [groups[~lines]]
    for group in np.unique(groups[lines]):
        mine = parts[lines & (groups == group)]
        merged.append(shapely.get_parts(shapely.line_merge(shapely.multilinestrings(mine))))
        owners.append(np.full(len(merged[-1]), group, dtype=np.int32))
    every = np.concatenate(merged)
    return Overview(every, np.concatenate(owners), values, shapely.STRtree(every))


def encode(name: str, column: str, drawn: Overview, box: tiles.Box) -> bytes:
    """Write the tile of an overview: one feature a value.

    Parameters
    ----------
    name
        Name of the layer.
    column
        What the value is called.
    drawn
        From `overview`.
    box
        The tile, as from `tiles.bounds`.
    """
    found = drawn.tree.query(shapely.box(*tiles.margin(box)))
    cell = (box[2] - box[0]) * GRAIN / tiles.EXTENT
    parts, groups = _thinned(drawn.parts[found], drawn.groups[found], cell)
    present, numbers = np.unique(groups, return_inverse=True)
    order = np.argsort(numbers, kind="stable")
    shapes: NDArray[np.object_] = np.empty(len(present), dtype=object)
    if len(present):
        shapes[:] = shapely.geometrycollections(parts[order], indices=numbers[order])
    told = Told((column,), present[:, None], drawn.values) if column else nothing(len(present))
    return tiles.encode(name, tiles.Rows(shapes, told), box, grain=GRAIN)


def _thinned(
    parts: NDArray[np.object_], groups: NDArray[np.int32], cell: float
) -> tuple[NDArray[np.object_], NDArray[np.int32]]:
    """Take away what does not show at a cell's size."""
    points = np.isin(shapely.get_type_id(parts), POINTS)
    places = np.rint(shapely.get_coordinates(parts[points]) / cell)
    told = np.column_stack([groups[points], places])
    _, first = np.unique(told, axis=0, return_index=True)
    drawn = shapely.simplify(parts[~points], cell)
    seen = shapely.length(drawn) >= SHORTEST * cell
    return (
        np.concatenate([drawn[seen], parts[points][first]]),
        np.concatenate([groups[~points][seen], groups[points][first]]),
    )
