"""What does a map need of a layer: a few columns of a window, and where something has changed?

Rows come as whole columns without their rendered features; a map that was drawn is drawn again
only where a row came, went or changed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import shapely

from gis.store.dialect import EVERY
from gis.store.layerwriting import registered
from gis.store.part import Part
from gis.store.past import epoch
from gis.store.wording import fill, quoted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from gis.store.base import Box
    from gis.store.database import Tx
    from gis.store.layerrows import Registered

MANY: Final = 500
"""Changed rows from which on a map is drawn anew as a whole."""

_SHAPES: Final = "SELECT $names FROM $t AS t WHERE $window"
_ORDERED: Final = "SELECT $names FROM $t AS t WHERE $key > ? ORDER BY $key LIMIT ?"
_SINCE: Final = "SELECT at_utc FROM layer_state WHERE state = ?"
_WENT: Final = """
SELECT min_x, min_y, max_x, max_y FROM layer_past
WHERE layer = ? AND ended > ? AND min_x IS NOT NULL LIMIT ?"""
_CAME: Final = """
SELECT $geometry FROM $t AS t
JOIN layer_since AS s ON s.layer = ? AND s.key = t.$key WHERE s.at_utc > ? LIMIT ?"""


class Narrow(NamedTuple):
    """Geometries of some rows in the working CRS, and a few of their columns, null as None."""

    shapes: npt.NDArray[np.object_]
    columns: Mapping[str, Sequence[Any]]


class TileReadingPart(Part):
    """Computed layers, read for drawing."""

    def narrow(
        self,
        name: str,
        columns: Sequence[str],
        *,
        bbox: Box | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> Narrow:
        """Read geometries and some columns: of a window, or page by page in the order of the key.

        Parameters
        ----------
        name
            A layer with geometry.
        columns
            Columns of it; those it does not have are null.
        bbox
            A window in the working CRS, read as a whole and in no order.
        limit, after
            Where there is no window: how many rows, and after which key.
        """
        with self._read() as tx:
            known = registered(tx, name)
            kinds = dict(known.columns)
            held = [quoted(column) if column in kinds else "NULL" for column in columns]
            names = ", ".join([tx.dialect.geometry, *held])
            rows = tx.rows(*_worded(tx, known, names, bbox, (limit, after)))
            read: list[Sequence[Any]] = list(zip(*rows, strict=True)) or [()] * (len(columns) + 1)
            shapes = tx.dialect.shapes(read[0])
        told = {
            column: [None if value is None else bool(value) for value in values]
            if kinds.get(column) == "bool"
            else values
            for column, values in zip(columns, read[1:], strict=True)
        }
        return Narrow(shapes, told)

    def changed_since(self, name: str, state: int) -> npt.NDArray[np.float64] | None:
        """Measure the boxes, in the working CRS, of rows that came or went after a state.

        Returns
        -------
        boxes
            ``n`` rows of smallest x, smallest y, largest x, largest y; or None where too much
            has changed to tell, or the layer is another one.
        """
        with self._read() as tx:
            known, since = registered(tx, name), tx.one(_SINCE, (state,))
            begun = epoch(tx, name, "9999")
            if known.srs_id is None or since is None or begun is None or begun[0] > since[0]:
                return None
            parts = {"t": quoted(name), "key": quoted(known.key), "geometry": tx.dialect.geometry}
            went = tx.rows(_WENT, (name, since[0], MANY))
            came = tx.rows(fill(_CAME, **parts), (name, since[0], MANY))
            shapes = tx.dialect.shapes([row[0] for row in came])
        if len(went) + len(came) >= MANY:
            return None
        bounds = shapely.bounds(shapes)
        boxes = np.array([*went, *bounds.tolist()], dtype=np.float64).reshape(-1, 4)
        placed: npt.NDArray[np.float64] = boxes[~np.isnan(boxes[:, 0])]
        return placed


def _worded(
    tx: Tx,
    known: Registered,
    names: str,
    bbox: Box | None,
    page: tuple[int | None, str | None],
) -> tuple[str, Sequence[Any]]:
    """Word a read and give the values it binds."""
    parts = {"t": quoted(known.name), "key": quoted(known.key), "names": names}
    if bbox is None:
        limit, after = page
        return fill(_ORDERED, **parts), (after or "", EVERY if limit is None else limit)
    tree, srid = quoted(f"rtree_{known.name}_geom"), str(known.srs_id)
    window = fill(tx.dialect.in_box, fid="fid", tree=tree, t=parts["t"], srid=srid)
    return fill(_SHAPES, **parts, window=window), bbox
