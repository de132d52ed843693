"""How does a whole layer grow beside the one that stands?

In short transactions, so that a mark never waits for it; until it takes the other's place, nobody
sees it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import shapely

from gis.store.layerrows import along_curve, checked, describe, piece
from gis.store.layertables import drop_words, index_words, table_words
from gis.store.wording import fill, quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from contextlib import AbstractContextManager

    import numpy.typing as npt

    from gis.store.base import Frame
    from gis.store.database import Tx
    from gis.store.layerrows import Piece, Registered, Whole

NEW: Final = "new_"
"""What stands before the name of a layer's tables until they take their place."""
_ROWS_A_PIECE: Final = 4000
_BOXES_A_PIECE: Final = 50_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Staged:
    """A layer that was built: what the GeoPackage's own tables say of it.

    Attributes
    ----------
    srs
        Its row of ``gpkg_spatial_ref_sys``; None for a table.
    geometry
        The type of its geometries; None for a table.
    z
        2 where some have heights, 0 where none has.
    """

    layer: Registered
    srs: tuple[Any, ...] | None
    geometry: str | None
    z: int
    box: tuple[float | None, ...]


def stage_all(
    write: Callable[[], AbstractContextManager[Tx]],
    layers: Mapping[str, Frame],
    keys: Mapping[str, str],
    indexes: Mapping[str, Sequence[str]],
) -> list[Staged]:
    """Build layers one after the other: a mapping that makes its layers holds only one of them."""
    return [
        _stage(write, checked(frame, describe(name, frame, keys.get(name, ""))), indexes)
        for name, frame in layers.items()
    ]


def put(tx: Tx, table: str, first_fid: int, some: Piece) -> None:
    """Put converted rows and their rendered features in."""
    fids = range(first_fid, first_fid + len(some.keys))
    marks = ",".join("?" * (len(some.cells) + 1))
    into = fill("INSERT INTO $t VALUES ($marks)", t=quoted(table), marks=marks)
    tx.run_many(into, zip(fids, *some.cells, strict=True))
    beside_it = fill("INSERT INTO $t VALUES (?,?,?)", t=quoted(f"json_{table}"))
    tx.run_many(beside_it, zip(fids, some.keys, some.features, strict=True))


def layers_state(tx: Tx) -> int:
    """Read the number of the layers' state."""
    row = tx.one("SELECT value FROM store_meta WHERE key = 'layers_state'")
    return int(row[0]) if row else 0


def _stage(
    write: Callable[[], AbstractContextManager[Tx]],
    unsorted: Whole,
    indexes: Mapping[str, Sequence[str]],
) -> Staged:
    """Build a layer piece by piece."""
    whole = _by_place(unsorted)
    name, count = whole.layer.name, len(whole.order)
    with write() as tx:
        for sql in (
            *drop_words(NEW + name),
            *table_words(NEW + name, whole.layer.columns, whole.geometry),
        ):
            tx.run(sql)
        state = layers_state(tx)
    # A loop over pieces, not rows: between two of them others may write.
    for start in range(0, count, _ROWS_A_PIECE):
        some = piece(whole, start, start + _ROWS_A_PIECE)
        with write() as tx:
            put(tx, NEW + name, start + 1, some)
    if whole.shapes is not None:
        boxes = _boxes(whole.shapes)
        words = fill("INSERT INTO $t VALUES (?,?,?,?,?)", t=quoted(f"rtree_{NEW}{name}_geom"))
        for start in range(0, len(boxes), _BOXES_A_PIECE):
            with write() as tx:
                tx.run_many(words, boxes[start : start + _BOXES_A_PIECE].tolist())
    for sql in index_words(NEW + name, whole.layer.key, indexes.get(name, ()), str(state)):
        with write() as tx:
            tx.run(sql)
    return _told(whole)


def _told(whole: Whole) -> Staged:
    """Keep of a layer what its place in the file needs, none of its rows."""
    crs = whole.frame.crs if isinstance(whole.frame, gpd.GeoDataFrame) else None
    srs_id = whole.layer.srs_id
    return Staged(
        layer=whole.layer,
        srs=None
        if crs is None
        else (crs.name, srs_id, "EPSG", srs_id, crs.to_wkt("WKT1_GDAL"), None),
        geometry=whole.geometry,
        z=2 if whole.shapes is not None and shapely.has_z(whole.shapes).any() else 0,
        box=whole.box,
    )


def _by_place(whole: Whole) -> Whole:
    """Put the rows in the order of their place at once, each column in one stretch.

    A window then lies on few pages of the file. Tables, and layers that are only read as a whole,
    stand in the order of their key. (Text that was put together from several frames is put
    together anew for every piece cut out of it, however small.)
    """
    order, shapes = whole.order, whole.shapes
    if shapes is not None and not whole.layer.is_working:
        near = along_curve(shapes)
        order, shapes = order[near], shapes[near]
    return replace(whole, frame=whole.frame.iloc[order], order=np.arange(len(order)), shapes=shapes)


def _boxes(shapes: npt.NDArray[np.object_]) -> npt.NDArray[np.float64]:
    """Give fid and box of every shape along a curve: among neighbours the tree fills faster."""
    boxes = shapely.bounds(shapes)[:, [0, 2, 1, 3]]
    near = along_curve(shapes)
    rows = np.column_stack([near + 1, boxes[near]])
    return rows[~np.isnan(rows[:, 1])]
