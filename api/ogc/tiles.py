"""Which tile of a collection is this, and was it drawn already?

Near tiles are drawn from the rows of their window; far ones from an overview of the whole layer,
which may be `OVERVIEW_AGE_S` old. Large layers are read into plates and drawn together beforehand,
beside the requests. Finished tiles stay in memory, `MOST_BYTES` at most, until a row of theirs
changes.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from typing import TYPE_CHECKING, Final, NamedTuple

from api.errors import Problem
from api.kinds import Kind
from api.ogc import plates, tags, wire
from gis.contracts import contract as contract_of
from maps import overview, tiles
from maps.tiled import MOST_SENT

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from api.ogc.plates import Plate
    from api.ogc.scene import Scene
    from gis.store import Store
    from maps.overview import Overview

MOST_BYTES: Final = 32 * 1024 * 1024
OVERVIEW_BELOW: Final = 13
OVERVIEW_AGE_S: Final = 60.0
LARGE: Final = MOST_SENT
"""Rows from which on a layer has a plate: a page is sent smaller ones whole, and asks no tiles."""

REST: Final = 50
Z_MAX: Final = 22
TOGETHER: Final = {
    "segments": "path_class",
    "findings": "severity",
    "crossings": "crossing_class",
    "signs": "path_class",
    "places": "kind",
    "streets": "highway",
}
"""Column by which an overview draws a layer together; others are drawn as one. The layer that a
map opens on comes first."""


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
    """Tiles, overviews and plates that were drawn."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Address, Drawn] = OrderedDict()
        self._true: dict[str, int] = {}
        self.size = 0
        self._overviews: dict[str, tuple[int, float, Overview]] = {}
        self._plates: dict[str, Plate] = {}
        self._next: dict[str, float] = {}
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
            data = _far(address, far[2], box) if far else self._near(scene, address, box, state)
            kept = _drawn(data, far and far[0])
            self._keep(address, kept, state)
        return kept

    def prepare(self, store: Store, working: int) -> None:
        """Read large layers into plates and draw them together, where they have changed.

        Parameters
        ----------
        store
            Where they stand.
        working
            EPSG code of its coordinates.

        Notes
        -----
        A layer that changes all the time is read again after `OVERVIEW_AGE_S` at the earliest,
        and not for more than one part in `REST` of the time.
        """
        there = set(store.layer_names())
        for name in [one for one in TOGETHER if one in there and store.count(one) >= LARGE]:
            began = time.monotonic()
            if began < self._next.get(name, 0) or self._stands(store, name):
                continue
            with self._drawing:
                plate = plates.plate(store, name, TOGETHER[name], working)
                self._plates[name] = plate
                self._overviews[name] = (plate.state, began, plate.overview())
            spent = time.monotonic() - began
            self._next[name] = began + max(OVERVIEW_AGE_S, REST * spent)

    def _stands(self, store: Store, name: str) -> bool:
        """Tell whether a plate shows its layer as it stands."""
        plate = self._plates.get(name)
        if plate is None:
            return False
        changed = store.changed_since(name, plate.state)
        return changed is not None and not len(changed)

    def _near(self, scene: Scene, address: Address, box: tiles.Box, state: int) -> bytes:
        """Draw a near tile: from a plate, but from the store where a row has changed since."""
        plate = self._plates.get(address.name)
        if plate is None or _changed_in(scene, address.name, plate, (state, box)):
            return draw(scene, address, box)
        return tiles.encode(address.name, plate.cut(tiles.margin(box)), box)

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
        moved = None if before is None else _moved_since(scene, name, before)
        with self._lock:
            if self._true.get(name) != before:
                return
            near = [one for one in self._kept if one.name == name and one.z >= OVERVIEW_BELOW]
            for address in near:
                if moved is None or _reaches(moved, address.box()):
                    self._drop(address)
            self._true[name] = state

    def _drop(self, address: Address) -> None:
        """Let go of a tile, if it is there."""
        gone = self._kept.pop(address, None)
        self.size -= len(gone.data) if gone else 0

    def _overview(self, scene: Scene, name: str, state: int) -> tuple[int, float, Overview]:
        """Give the overview of a layer: of a large one the last, of others one that is fresh."""
        kept = self._overviews.get(name)
        if kept is not None and name in self._plates:
            return kept
        with self._drawing:
            kept = self._overviews.get(name)
            fresh = kept and (kept[0] == state or time.monotonic() - kept[1] < OVERVIEW_AGE_S)
            if kept is None or not fresh:
                kept = (state, time.monotonic(), _draw_together(scene, name))
                self._overviews[name] = kept
            return kept


def draw(scene: Scene, address: Address, box: tiles.Box) -> bytes:
    """Draw a tile from the rows in its window."""
    name, working = address.name, scene.area.crs
    if address.z < OVERVIEW_BELOW:
        return _far(address, _draw_together(scene, name), box)
    mercator = wire.Wire("", tiles.MERCATOR, swapped=False)
    view = wire.window(tiles.margin(box), mercator, scene.now.extent(name), working)
    if view is None:
        return b""
    contract = contract_of(name)
    columns, key = plates.attributes(contract), contract.key
    if scene.as_of is None:
        rows = plates.of_narrow(scene.now.narrow(name, columns, bbox=view), key, working)
    else:
        rows = plates.of_frame(scene.store.layer(name, bbox=view), columns, key, working)
    return tiles.encode(name, rows, box)


def _drawn(data: bytes, overview: int | None = None) -> Drawn:
    """Name bytes by what they are, so that the same tile has the same tag at every time."""
    return Drawn(data, tags.of_body(data), overview)


def _changed_in(scene: Scene, name: str, plate: Plate, asked: tuple[int, tiles.Box]) -> bool:
    """Tell whether a row of a tile has changed since the plate was read."""
    state, box = asked
    if plate.state == state:
        return False
    moved = _moved_since(scene, name, plate.state)
    return moved is None or _reaches(moved, box)


def _moved_since(scene: Scene, name: str, state: int) -> NDArray[np.float64] | None:
    """Give the boxes of what has changed, in Web Mercator; null where it is too much to tell."""
    changed = scene.now.changed_since(name, state)
    if changed is None:
        return None
    return wire.moved_boxes(changed, source=scene.area.crs, target=tiles.MERCATOR)


def _reaches(boxes: NDArray[np.float64], box: tiles.Box) -> bool:
    """Tell whether one of the boxes reaches into a tile."""
    west, south, east, north = tiles.margin(box)
    over = (boxes[:, 0] <= east) & (boxes[:, 2] >= west)
    return bool((over & (boxes[:, 1] <= north) & (boxes[:, 3] >= south)).any())


def _far(address: Address, drawn: Overview, box: tiles.Box) -> bytes:
    """Draw a tile of an overview."""
    return overview.encode(address.name, TOGETHER.get(address.name, ""), drawn, box)


def _draw_together(scene: Scene, name: str) -> Overview:
    """Draw a layer together: only places and one value are read."""
    column, working = TOGETHER.get(name, ""), scene.area.crs
    if scene.as_of is not None:
        rows = plates.of_frame(scene.store.layer(name), [column], None, working)
    else:
        rows = plates.whole(scene.now, name, [column], working)
    return plates.together(rows, column)
