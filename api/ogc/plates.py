"""What does a tile show of a layer: which shapes, and which values of them?

Rows of a window come from the store. Of a large layer all stand in memory as a plate: shapes in
Web Mercator with an index and a few coded columns, 0.5 kB a segment. A plate shows one state of
its layer; where a row has changed since, the store is asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from gis import crs
from gis.contracts import contract as contract_of
from gis.store.layerrows import along_curve
from maps.overview import Overview, overview
from maps.tiles import MERCATOR, Lines, Rows, lines_of
from maps.tilevalues import Telling, told

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    from numpy.typing import NDArray

    from gis.contracts import Contract
    from gis.store import Store
    from gis.store.tilereading import Narrow

    Box = tuple[float, float, float, float]

PAGE: Final = 20_000
SHOWN: Final = ("text", "integer", "number", "boolean")


@dataclass(frozen=True, slots=True)
class Plate:
    """All rows of a layer as they stood at a state of the store's layers, near ones together.

    Tiles tell the first `shown` columns; an overview is drawn by `column`.
    """

    state: int
    rows: Rows
    shown: int
    column: str
    tree: shapely.STRtree

    def cut(self, box: Box) -> Rows:
        """Cut to what touches a box."""
        found = np.sort(self.tree.query(shapely.box(*box)))
        shapes, held, sides, lines = self.rows
        cut = lines and Lines(lines.places, lines.starts[found], lines.counts[found])
        sides = None if sides is None else sides[found]
        return Rows(shapes[found], held.at(found, self.shown), sides, cut)

    def overview(self) -> Overview:
        """Draw the layer together."""
        return together(self.rows, self.column)


def together(rows: Rows, column: str) -> Overview:
    """Draw rows together that share a value of a column."""
    held = rows.told
    return overview(rows.shapes, held.codes[:, held.names.index(column)], held.values)


def attributes(contract: Contract) -> list[str]:
    """Return what a near tile tells of a feature: its key, its name and what has a code list."""
    return [
        column.name
        for column in contract.columns
        if column.type in SHOWN
        and (column.codes or column.refers or column.name in {contract.key, "name"})
    ]


def plate(store: Store, name: str, column: str, working: int) -> Plate:
    """Read a layer into a plate: what tiles tell of it, and the column of its overview."""
    state, key = store.layers_state(), contract_of(name).key
    columns = attributes(contract_of(name))
    every = whole(store, name, [*columns, column], working)
    order = along_curve(every.shapes)
    shapes, held = every.shapes[order], every.told.at(order)
    rows = Rows(shapes, held, shapely.bounds(shapes), lines_of(shapes))
    shown = len([one for one in columns if one != key])
    return Plate(state, rows, shown, column, shapely.STRtree(shapes))


def whole(store: Store, name: str, columns: Sequence[str], working: int) -> Rows:
    """Read some columns of a layer, part by part: only shapes and numbers stay in memory."""
    key = contract_of(name).key
    shapes: list[NDArray[np.object_]] = []
    telling = Telling(columns, key if key in columns else None)
    after: str | None = None
    while True:
        found = store.narrow(name, list(dict.fromkeys((key, *columns))), limit=PAGE, after=after)
        shapes.append(in_mercator(found.shapes, working))
        telling.add(found.columns)
        if len(found.shapes) < PAGE:
            return Rows(np.concatenate(shapes), telling.told())
        after = found.columns[key][-1]


def of_narrow(found: Narrow, key: str, working: int) -> Rows:
    """Take rows as the store read them."""
    return Rows(in_mercator(found.shapes, working), told(found.columns, key))


def of_frame(
    frame: gpd.GeoDataFrame, columns: Sequence[str], key: str | None, working: int
) -> Rows:
    """Take some columns of a frame; those it does not have are null."""
    none: list[Any] = [None] * len(frame)
    cells = {name: _cells(frame, name) if name in frame else none for name in columns}
    return Rows(in_mercator(frame.geometry.to_numpy(), working), told(cells, key))


def _cells(frame: gpd.GeoDataFrame, name: str) -> list[Any]:
    """List the values of a column, null as None."""
    column = frame[name].astype(object)
    cells: list[Any] = column.where(column.notna(), None).tolist()
    return cells


def in_mercator(shapes: NDArray[np.object_], working: int) -> NDArray[np.object_]:
    """Move geometries from the working system to Web Mercator."""
    east, north = shapely.get_coordinates(shapes).T
    x, y = crs.project(east, north, source=working, target=MERCATOR)
    moved: NDArray[np.object_] = shapely.set_coordinates(shapes.copy(), np.column_stack([x, y]))
    return moved
