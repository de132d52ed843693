"""Which tile of a collection is this, and was it drawn already?

Near tiles are drawn from the rendered features of their window; far ones from an overview of the
whole layer, which may be `OVERVIEW_AGE_S` old. Finished tiles stay in memory, `MOST_BYTES` at
most, until any layer changes.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import orjson
import shapely

from api.errors import Problem
from api.kinds import Kind
from api.ogc import tags, wire
from gis import crs
from gis.contracts import contract as contract_of
from maps import overview, tiles

if TYPE_CHECKING:
    from collections.abc import Sequence

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
    """Bytes of a tile (empty: nothing is there) and their strong tag."""

    data: bytes
    tag: str


class Tiles:
    """Tiles and overviews that were drawn."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Address, Drawn] = OrderedDict()
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
            data = draw(scene, address, box)
            return Drawn(data, tags.of_body(data))
        state = scene.now.layers_state()
        far = self._overview(scene, address.name, state) if address.z < OVERVIEW_BELOW else None
        tag = tags.tag(str(far[0] if far else state), scene.now.store_id, *map(str, address))
        kept = self._kept.get(address)
        if kept is None or kept.tag != tag:
            data = _far(address, far[2], box) if far else draw(scene, address, box)
            kept = Drawn(data, tag)
            self._keep(address, kept)
        return kept

    def _keep(self, address: Address, drawn: Drawn) -> None:
        """Keep a tile; the oldest make room."""
        with self._lock:
            before = self._kept.pop(address, None)
            self._kept[address] = drawn
            self.size += len(drawn.data) - (len(before.data) if before else 0)
            while self.size > MOST_BYTES:
                self.size -= len(self._kept.popitem(last=False)[1].data)

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
    """Draw a tile from the features in its window."""
    name = address.name
    if address.z < OVERVIEW_BELOW:
        return _far(address, _draw_together(scene, name), box)
    mercator = wire.Wire("", tiles.MERCATOR, swapped=False)
    view = wire.window(tiles.margin(box), mercator, scene.now.extent(name), scene.area.crs)
    if view is None:
        return b""
    found = _parsed(scene.store.features(name, bbox=view))
    columns = {
        column: [feature["properties"][column] for feature in found]
        for column in attributes(contract_of(name))
    }
    return tiles.encode(name, _shapes(found), columns, box)


def attributes(contract: Contract) -> list[str]:
    """Return what a near tile tells of a feature: its key, its name and what has a code list."""
    return [
        column.name
        for column in contract.columns
        if column.type in SHOWN
        and (column.codes or column.refers or column.name in {contract.key, "name"})
    ]


def _far(address: Address, drawn: Overview, box: tiles.Box) -> bytes:
    """Draw a tile of an overview."""
    return overview.encode(address.name, TOGETHER.get(address.name, ""), drawn, box)


def _draw_together(scene: Scene, name: str) -> Overview:
    """Draw a layer together, read in parts: only places and one value stay in memory."""
    key, column = contract_of(name).key, TOGETHER.get(name)
    shapes: list[NDArray[np.object_]] = []
    values: list[Any] = []
    after: str | None = None
    while True:
        found = _parsed(scene.store.features(name, limit=PAGE, after=after))
        shapes.append(_shapes(found))
        values += [feature["properties"][column] if column else None for feature in found]
        if len(found) < PAGE:
            return overview.overview(np.concatenate(shapes), values)
        after = found[-1]["properties"][key]


def _parsed(features: Sequence[bytes]) -> list[dict[str, Any]]:
    """Parse rendered features all at once."""
    parsed: list[dict[str, Any]] = orjson.loads(b"[" + b",".join(features) + b"]")
    return parsed


def _shapes(features: Sequence[dict[str, Any]]) -> NDArray[np.object_]:
    """Make geometries in Web Mercator."""
    shapes = [feature["geometry"] for feature in features]
    if all(shape is not None and shape["type"] == "LineString" for shape in shapes):
        made = _lines([shape["coordinates"] for shape in shapes])
    else:
        texts = [None if shape is None else orjson.dumps(shape) for shape in shapes]
        made = shapely.from_geojson(np.array(texts, dtype=object))
    lon, lat = shapely.get_coordinates(made).T
    x, y = crs.project(lon, lat, source=wire.DEGREES, target=tiles.MERCATOR)
    moved: NDArray[np.object_] = shapely.set_coordinates(made, np.column_stack([x, y]))
    return moved


def _lines(lines: Sequence[list[list[float]]]) -> NDArray[np.object_]:
    """Make lines from their positions; far quicker than one by one."""
    if not lines:
        return np.array([], dtype=object)
    places = np.array([place[:2] for line in lines for place in line], dtype=np.float64)
    owners = np.repeat(np.arange(len(lines)), [len(line) for line in lines])
    made: NDArray[np.object_] = np.empty(len(lines), dtype=object)
    made[:] = shapely.linestrings(places, indices=owners)
    return made
