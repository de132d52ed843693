"""What becomes of a frame on its way into the tables of a layer?

Checked as a whole, put in the order of its key, then converted and rendered piece by piece: pieces
that fit into the processor's reach are several times faster than a million rows at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import shapely

from gis import contracts
from gis.errors import LayerError
from gis.store.columns import kind_of, to_json_values, to_values
from gis.store.geometry import kind_of as geometry_kind
from gis.store.geometry import to_blobs
from gis.store.rendering import render
from gis.store.wording import check_name

if TYPE_CHECKING:
    import numpy.typing as npt

    from gis.store.base import Frame

    Shapes = npt.NDArray[np.object_]


_WORKING: Final = "network"


@dataclass(frozen=True, slots=True)
class Registered:
    """What the store knows of a layer: key column, CRS (None: no geometry), columns and kinds."""

    name: str
    key: str
    srs_id: int | None
    columns: tuple[tuple[str, str], ...]

    @property
    def is_working(self) -> bool:
        """Whether only the next update reads it: no feature of it is ever asked for."""
        return self.name.startswith(_WORKING)


@dataclass(frozen=True, slots=True)
class Whole:
    """A checked frame with the order of its key."""

    layer: Registered
    frame: Frame
    order: npt.NDArray[np.int64]
    shapes: Shapes | None

    @property
    def geometry(self) -> str | None:
        """The type of its geometries; None for a table."""
        return None if self.shapes is None else geometry_kind(self.shapes)

    @property
    def box(self) -> tuple[float | None, ...]:
        """The exact box of its geometries; four None when there are none."""
        return box_of(np.empty(0, dtype=object) if self.shapes is None else self.shapes)


@dataclass(frozen=True, slots=True)
class Piece:
    """Some rows as they go into the tables."""

    keys: list[str]
    cells: list[list[Any]]
    features: list[bytes]


def describe(name: str, frame: Frame, key: str) -> Registered:
    """Tell how a frame will be kept.

    Raises
    ------
    LayerError
        If a name is odd, the key column is missing, the CRS is not in the EPSG registry, or a
        column holds what no table can.
    """
    check_name(name, "layer")
    plain = _plain_columns(frame)
    if key not in plain:
        msg = f"layer {name} has no key column {key!r}; name one of its text columns"
        raise LayerError(msg)
    srs_id = _srs_id(name, frame) if isinstance(frame, gpd.GeoDataFrame) else None
    kinds = tuple((check_name(column, "column"), kind_of(frame[column])) for column in plain)
    return Registered(name, key, srs_id, kinds)


def checked(frame: Frame, layer: Registered) -> Whole:
    """Check a frame against what the store knows of the layer, and find the order of its key.

    Raises
    ------
    LayerError
        If its columns or CRS are others, or a key is empty or repeated.
    """
    spatial = isinstance(frame, gpd.GeoDataFrame)
    odd = set(_plain_columns(frame)) ^ {name for name, _ in layer.columns}
    if odd or spatial != (layer.srs_id is not None):
        named = ", ".join(sorted(odd)) or "geometry"
        msg = f"layer {layer.name} is kept with other columns ({named}); replace it as a whole"
        raise LayerError(msg)
    if isinstance(frame, gpd.GeoDataFrame) and _srs_id(layer.name, frame) != layer.srs_id:
        msg = f"layer {layer.name} is kept in EPSG:{layer.srs_id}; bring the frame there first"
        raise LayerError(msg)
    keys = frame[layer.key]
    if keys.hasnans or keys.duplicated().any():
        msg = f"layer {layer.name}: {layer.key} is empty or repeated; each row needs its own"
        raise LayerError(msg)
    order = np.argsort(keys.to_numpy(dtype=object), kind="stable")
    shapes = None
    if isinstance(frame, gpd.GeoDataFrame):
        shapes = np.asarray(frame.geometry.array, dtype=object)[order]
    return Whole(layer, frame, order, shapes)


def piece(whole: Whole, start: int, stop: int) -> Piece:
    """Convert and render some rows, in the order of the key."""
    layer = whole.layer
    frame = whole.frame.iloc[whole.order[start:stop]]
    cells = [to_values(frame[name], kind) for name, kind in layer.columns]
    return written(layer, cells, None if whole.shapes is None else whole.shapes[start:stop])


def written(layer: Registered, cells: list[list[Any]], shapes: Shapes | None) -> Piece:
    """Render rows whose columns are values of the table already."""
    shown = {
        name: to_json_values(column, "json" if name in _documents(layer.name) else kind)
        for (name, kind), column in zip(layer.columns, cells, strict=True)
    }
    keys: list[str] = cells[[name for name, _ in layer.columns].index(layer.key)]
    if shapes is None or layer.srs_id is None:
        return Piece(keys, cells, render(keys, shown, None, 0))
    if layer.is_working:
        return Piece(keys, [to_blobs(shapes, layer.srs_id), *cells], [b""] * len(keys))
    features = render(keys, shown, shapes, layer.srs_id)
    return Piece(keys, [to_blobs(shapes, layer.srs_id), *cells], features)


def along_curve(shapes: Shapes) -> npt.NDArray[np.int64]:
    """Order geometries along a Hilbert curve through the middles of their boxes; none come first.

    Examples
    --------
    >>> along_curve(shapely.points([[0, 0], [9, 9], [0, 1], [9, 8]])).tolist()
    [0, 2, 1, 3]
    """
    placed = np.flatnonzero(~np.isnan(shapely.bounds(shapes)[:, 0]))
    far = np.full(len(shapes), -1, dtype=np.int64)
    if len(placed):
        far[placed] = gpd.GeoSeries(shapes[placed]).hilbert_distance()
    return np.argsort(far, kind="stable")


def box_of(shapes: Shapes) -> tuple[float | None, ...]:
    """Measure the box of geometries; four None when there is no place among them."""
    if np.isnan(shapely.bounds(shapes)).all():
        return (None,) * 4
    return tuple(float(side) for side in shapely.total_bounds(shapes))


@cache
def _documents(name: str) -> frozenset[str]:
    """Name the columns of a layer whose texts are JSON: a feature shows what they say."""
    known = contracts.contract(name).columns if name in contracts.all_names() else ()
    return frozenset(column.name for column in known if column.type == "json")


def _plain_columns(frame: Frame) -> list[str]:
    shape = frame.geometry.name if isinstance(frame, gpd.GeoDataFrame) else None
    return [str(column) for column in frame.columns if column != shape]


def _srs_id(name: str, frame: gpd.GeoDataFrame) -> int:
    code = None if frame.crs is None else frame.crs.to_epsg()
    if code is None:
        msg = f"layer {name} has no coordinate system of the EPSG registry; set the area's own"
        raise LayerError(msg)
    return int(code)
