"""What does a tile show of a layer: which shapes, and which values of them?

Rows of a window come from the store. Of a large layer all stand in memory as a plate: shapes in
Web Mercator with an index and a few coded columns, 0.5 kB a segment. A plate shows one state of
its layer; where a row has changed since, the store is asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import shapely

from gis import crs
from gis.contracts import contract as contract_of
from maps.tiles import MERCATOR
from maps.tilevalues import Coded, Coding, coded

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import geopandas as gpd
    from numpy.typing import NDArray

    from gis.contracts import Contract
    from gis.store import Store
    from gis.store.tilereading import Narrow

    Box = tuple[float, float, float, float]

PAGE: Final = 20_000
SHOWN: Final = ("text", "integer", "number", "boolean")


class Rows(NamedTuple):
    """Shapes in Web Mercator, the columns told of them, and their boxes where these are known."""

    shapes: NDArray[np.object_]
    columns: Mapping[str, Coded]
    sides: NDArray[np.float64] | None = None


@dataclass(frozen=True, slots=True)
class Plate:
    """All rows of a layer as they stood at a state of the store's layers."""

    state: int
    rows: Rows
    codes: NDArray[np.int32]
    sides: NDArray[np.float64]
    tree: shapely.STRtree

    def cut(self, box: Box, columns: Sequence[str]) -> Rows:
        """Cut to some columns of what touches a box, in the order of the layer."""
        found = np.sort(self.tree.query(shapely.box(*box)))
        codes = self.codes[found]  # all columns of a row lie together: one reach into memory
        cut = {
            name: Coded(codes[:, at], column.values)
            for at, (name, column) in enumerate(self.rows.columns.items())
            if name in columns
        }
        told = {name: cut[name] for name in columns}
        return Rows(self.rows.shapes[found], told, self.sides[found])


def attributes(contract: Contract) -> list[str]:
    """Return what a near tile tells of a feature: its key, its name and what has a code list."""
    return [
        column.name
        for column in contract.columns
        if column.type in SHOWN
        and (column.codes or column.refers or column.name in {contract.key, "name"})
    ]


def plate(store: Store, name: str, column: str, working: int) -> Plate:
    """Read a layer into a plate: what tiles tell of it, and one column more."""
    state = store.layers_state()
    columns = list(dict.fromkeys((*attributes(contract_of(name)), column)))
    shapes, told, _ = whole(store, name, columns, working)
    codes = np.stack([column.codes for column in told.values()], axis=1)
    viewed = {
        name: Coded(codes[:, at], column.values) for at, (name, column) in enumerate(told.items())
    }
    tree = shapely.STRtree(shapes)
    return Plate(state, Rows(shapes, viewed), codes, shapely.bounds(shapes), tree)


def whole(store: Store, name: str, columns: Sequence[str], working: int) -> Rows:
    """Read some columns of a layer, part by part: only shapes and numbers stay in memory."""
    key = contract_of(name).key
    shapes: list[NDArray[np.object_]] = []
    codings = {column: Coding() for column in columns}
    after: str | None = None
    while True:
        found = store.narrow(name, list(dict.fromkeys((key, *columns))), limit=PAGE, after=after)
        shapes.append(in_mercator(found.shapes, working))
        for column, coding in codings.items():
            coding.add(found.columns[column])
        if len(found.shapes) < PAGE:
            told = {column: coding.coded() for column, coding in codings.items()}
            return Rows(np.concatenate(shapes), told)
        after = found.columns[key][-1]


def of_narrow(found: Narrow, working: int) -> Rows:
    """Take rows as the store read them."""
    told = {name: coded(column) for name, column in found.columns.items()}
    return Rows(in_mercator(found.shapes, working), told)


def of_frame(frame: gpd.GeoDataFrame, columns: Sequence[str], working: int) -> Rows:
    """Take some columns of a frame; those it does not have are null."""
    none: list[Any] = [None] * len(frame)
    told = {name: _cells(frame, name) if name in frame else none for name in columns}
    shapes = in_mercator(frame.geometry.to_numpy(), working)
    return Rows(shapes, {name: coded(column) for name, column in told.items()})


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
