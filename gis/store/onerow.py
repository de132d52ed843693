"""How is one row of a computed layer changed in a few thousandths of a second?

Without frames: the row as it stands, some of its cells replaced, rendered as every other row is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from gis.store.layerrows import written
from gis.store.wording import fill, quoted

if TYPE_CHECKING:
    from collections.abc import Mapping

    import shapely

    from gis.store.database import Tx
    from gis.store.layerrows import Piece, Registered, Shapes

    Cell = str | int | float | None

_ROW: Final = "SELECT $geom, $names FROM $t WHERE $key = ?"
_NO_LIST: Final = "[]"


class Converted(NamedTuple):
    """Rows as they go into the tables, and their geometries."""

    rows: Piece | None
    shapes: Shapes


def one_row(
    tx: Tx, layer: Registered, cells: Mapping[str, Cell], shape: shapely.Geometry | None
) -> Converted:
    """Lay a row out with some of its cells replaced.

    Parameters
    ----------
    tx
        The transaction that will write it.
    layer
        What the store knows of its layer, which has geometries.
    cells
        New values as the table takes them, the key among them; the others stay, or are null.
    shape
        Its geometry; None keeps the one it has.
    """
    names = [name for name, _ in layer.columns]
    parts = {"t": quoted(layer.name), "key": quoted(layer.key), "geom": tx.dialect.geometry}
    words = fill(_ROW, **parts, names=", ".join(map(quoted, names)))
    row = tx.one(words, (cells[layer.key],)) or (None, *(_empty(kind) for _, kind in layer.columns))
    held = {**dict(zip(names, row[1:], strict=True)), **cells}
    shapes = np.array([None], dtype=object)
    shapes[0] = tx.dialect.shapes(row[:1])[0] if shape is None else shape
    return Converted(written(layer, [[held[name]] for name in names], shapes), shapes)


def _empty(kind: str) -> str | None:
    """Return what stands where nothing is said."""
    return _NO_LIST if kind == "list" else None
