"""Which tile of a collection is this, and was it drawn already?

Near tiles are drawn from the rows of their window; far ones from an overview of the whole layer,
which may be `OVERVIEW_AGE_S` old. Finished tiles stay in memory, `MOST_BYTES` at most, until a row
of theirs changes.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import shapely

from api.errors import Problem
from api.kinds import Kind
from api.ogc import tags, wire
from gis import crs
from gis.contracts import contract as contract_of
from gis.store.tilereading import Narrow
from maps import overview, tiles

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    from numpy.typing import NDArray

    from api.ogc.scene import Scene
    from gis.contracts import Contract
    from maps.overview import Overview

MOST_BYTES: Final = 32 * 1024 * 1024
OVERVIEW_BELOW: Final = 13
OVERVIEW_AGE_S: Final = 60.0
PAGE: Final = 20_000
Z_MAX: Final = 22
TOGETHER: Final = {
    "segments": "path_class",
    "findings": "severity",
    "crossings": "crossing_class",
    "signs": "path_class",
    "places": "kind",
    "streets": "highway",
}
"""Column by which an overview draws a layer together; others are drawn as one."""

SHOWN: Final = ("text", "integer", "number", "boolean")


class Address(NamedTuple):
    """Which tile: collection, zoom, row from the north, column from the west."""

    name: str
    z: int
    row: int
    col: int

    def box(self) -> tiles.Box:
        """Return its box in Web Mercator; 404 where the matrix has no such tile."""
        if self.z > Z_MAX or not (self.row < 2**self.z and self.col < 2**self.z):
            raise Problem(Kind.NOT_FOUND)
        return tiles.bounds(self.z, self.row, self.col)


class Drawn(NamedTuple):
    """Bytes of a tile (empty: nothing is there), their strong tag, the overview they are from."""

    data: bytes
    tag: str
    overview: int | None = None


class Tiles:
    """Tiles and overviews that were drawn."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Address, Drawn] = OrderedDict()
        self._true: dict[str, int] = {}
        self.size = 0
        self._overviews: dict[str, tuple[int, float, Overview]] = {}
        self._lock = threading.Lock()
        self._drawing = threading.Lock()

    def tile(self, scene: Scene, address: Address) -> Drawn:
        """Give a tile, drawn now or before.

        Raises
        ------
        Problem
            ``not_found`` for a collection or tile that is not there.
        """
        box = address.box()
        if address.name not in scene.store.layer_names():
            raise Problem(Kind.NOT_FOUND)
        if scene.as_of is not None:
            return _drawn(draw(scene, address, box))
        state = scene.now.layers_state()
        self._forget(scene, address.name, state)
        far = self._overview(scene, address.name, state) if address.z < OVERVIEW_BELOW else None
        kept = self._kept.get(address)
        if kept is None or kept.overview != (far and far[0]):
            data = _far(address, far[2], box) if far else draw(scene, address, box)
            kept = _drawn(data, far and far[0])
            self._keep(address, kept, state)
        return kept

    def _keep(self, address: Address, drawn: Drawn, state: int) -> None:
        """Keep a tile, unless its layer has changed meanwhile; the oldest make room."""
        with self._lock:
            if self._true.get(address.name) != state:
                return
            self._drop(address)
            self._kept[address] = drawn
            self.size += len(drawn.data)
            while self.size > MOST_BYTES:
                self._drop(next(iter(self._kept)))

    def _forget(self, scene: Scene, name: str, state: int) -> None:
        """Drop the near tiles of a layer in which something has changed since they were drawn."""
        before = self._true.get(name)
        if before == state:
            return
        changed = None if before is None else scene.now.changed_since(name, before)
        moved = None if changed is None else _moved(changed, scene.area.crs)
        with self._lock:
            if self._true.get(name) != before:
                return
            near = [one for one in self._kept if one.name == name and one.z >= OVERVIEW_BELOW]
            for address in near if moved is None else _touched(near, moved):
                self._drop(address)
            self._true[name] = state

    def _drop(self, address: Address) -> None:
        """Let go of a tile, if it is there."""
        gone = self._kept.pop(address, None)
        self.size -= len(gone.data) if gone else 0

    def _overview(self, scene: Scene, name: str, state: int) -> tuple[int, float, Overview]:
        """Give the overview of a layer, at most `OVERVIEW_AGE_S` older than the layer."""
        with self._drawing:
            kept = self._overviews.get(name)
            fresh = kept and (kept[0] == state or time.monotonic() - kept[1] < OVERVIEW_AGE_S)
            if kept is None or not fresh:
                kept = (state, time.monotonic(), _draw_together(scene, name))
                self._overviews[name] = kept
            return kept


def draw(scene: Scene, address: Address, box: tiles.Box) -> bytes:
    """Draw a tile from the rows in its window."""
    name = address.name
    if address.z < OVERVIEW_BELOW:
        return _far(address, _draw_together(scene, name), box)
    mercator = wire.Wire("", tiles.MERCATOR, swapped=False)
    view = wire.window(tiles.margin(box), mercator, scene.now.extent(name), scene.area.crs)
    if view is None:
        return b""
    columns = attributes(contract_of(name))
    if scene.as_of is None:
        found = scene.now.narrow(name, columns, bbox=view)
    else:
        found = _narrowed(scene.store.layer(name, bbox=view), columns)
    return tiles.encode(name, _in_mercator(found.shapes, scene.area.crs), found.columns, box)


def attributes(contract: Contract) -> list[str]:
    """Return what a near tile tells of a feature: its key, its name and what has a code list."""
    return [
        column.name
        for column in contract.columns
        if column.type in SHOWN
        and (column.codes or column.refers or column.name in {contract.key, "name"})
    ]


def _drawn(data: bytes, overview: int | None = None) -> Drawn:
    """Name bytes by what they are, so that the same tile has the same tag at every time."""
    return Drawn(data, tags.of_body(data), overview)


def _moved(boxes: NDArray[np.float64], working: int) -> NDArray[np.float64]:
    """Move boxes from the working system to Web Mercator."""
    moved = [wire.moved_box(box, source=working, target=tiles.MERCATOR) for box in boxes.tolist()]
    return np.array(moved, dtype=np.float64).reshape(-1, 4)


def _touched(addresses: Sequence[Address], boxes: NDArray[np.float64]) -> list[Address]:
    """Choose the tiles that one of the boxes reaches into."""
    found = []
    for address in addresses:
        west, south, east, north = tiles.margin(address.box())
        over = (boxes[:, 0] <= east) & (boxes[:, 2] >= west)
        if (over & (boxes[:, 1] <= north) & (boxes[:, 3] >= south)).any():
            found.append(address)
    return found


def _far(address: Address, drawn: Overview, box: tiles.Box) -> bytes:
    """Draw a tile of an overview."""
    return overview.encode(address.name, TOGETHER.get(address.name, ""), drawn, box)


def _draw_together(scene: Scene, name: str) -> Overview:
    """Draw a layer together, read in parts: only places and one value stay in memory."""
    key, column = contract_of(name).key, TOGETHER.get(name, "")
    if scene.as_of is not None:
        whole = _narrowed(scene.store.layer(name), [column])
        return overview.overview(_in_mercator(whole.shapes, scene.area.crs), whole.columns[column])
    shapes: list[NDArray[np.object_]] = []
    values: list[Any] = []
    after: str | None = None
    while True:
        found = scene.now.narrow(name, [key, column], limit=PAGE, after=after)
        shapes.append(_in_mercator(found.shapes, scene.area.crs))
        values += found.columns[column]
        if len(found.shapes) < PAGE:
            return overview.overview(np.concatenate(shapes), values)
        after = found.columns[key][-1]


def _narrowed(frame: gpd.GeoDataFrame, columns: Sequence[str]) -> Narrow:
    """Take some columns of a frame; those it does not have are null."""
    none = [None] * len(frame)
    told = {name: frame[name].tolist() if name in frame else none for name in columns}
    return Narrow(frame.geometry.to_numpy(), told)


def _in_mercator(shapes: NDArray[np.object_], working: int) -> NDArray[np.object_]:
    """Move geometries from the working system to Web Mercator."""
    east, north = shapely.get_coordinates(shapes).T
    x, y = crs.project(east, north, source=working, target=tiles.MERCATOR)
    moved: NDArray[np.object_] = shapely.set_coordinates(shapes.copy(), np.column_stack([x, y]))
    return moved
