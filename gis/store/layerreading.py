"""Which rows of a computed layer lie in a window, or have these keys?

Frames are built from WKB rows, whole columns at a time; rendered features come as bytes.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from gis.errors import LayerError
from gis.store.columns import from_values
from gis.store.geometry import from_blobs
from gis.store.layerwriting import LayerWritingPart, registered
from gis.store.wording import fill, quoted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gis.store.base import Box
    from gis.store.database import Row, Tx
    from gis.store.layerrows import Registered

_ANY: Final = "1"
_IN_BOX: Final = (
    "fid IN (SELECT id FROM $tree WHERE maxx >= ? AND minx <= ? AND maxy >= ? AND miny <= ?)"
)
_AMONG: Final = "$column IN (SELECT value FROM json_each(?))"


class LayerPart(LayerWritingPart):
    """Computed layers: written as a whole, read by window."""

    def layer_names(self) -> list[str]:
        """Read the names of the computed layers."""
        with self._read() as tx:
            return [row[0] for row in tx.rows("SELECT name FROM layer_register ORDER BY name")]

    def layers_state(self) -> int:
        """Read the number that grows with every replace and update (for caches and ETags)."""
        with self._read() as tx:
            row = tx.one("SELECT value FROM store_meta WHERE key = 'layers_state'")
        return int(row[0]) if row else 0

    def layer(
        self,
        name: str,
        *,
        bbox: Box | None = None,
        ids: Sequence[str] | None = None,
        where: Mapping[str, Sequence[str | float]] | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> gpd.GeoDataFrame:
        """Read rows of a layer in the order of the key, `bbox` in the working CRS."""
        with self._read() as tx:
            known = registered(tx, name)
            if known.srs_id is None:
                msg = f"layer {name} has no geometry; read it as a table"
                raise LayerError(msg)
            among = {**(where or {}), **({} if ids is None else {known.key: ids})}
            rows = _select(tx, known, bbox, among, (limit, after))
        columns = _columns(rows, len(known.columns) + 1)
        shapes = gpd.GeoSeries(from_blobs(columns[0]), crs=known.srs_id)
        return gpd.GeoDataFrame(_frame(known, columns[1:]), geometry=shapes)

    def table(self, name: str) -> pd.DataFrame:
        """Read the columns of a layer without its geometry."""
        with self._read() as tx:
            known = registered(tx, name)
            names = ", ".join(quoted(column) for column, _ in known.columns)
            sql = fill("SELECT $names FROM $t ORDER BY $key", **_parts(known), names=names)
            rows = tx.rows(sql)
        return pd.DataFrame(_frame(known, _columns(rows, len(known.columns))))

    def features(
        self,
        name: str,
        *,
        bbox: Box | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> list[bytes]:
        """Read rows as rendered GeoJSON features (CRS84), in the order of the key."""
        with self._read() as tx:
            known = registered(tx, name)
            window, values = _window(known, bbox)
            sql = fill(_FEATURES, **_parts(known), window=window)
            values += ["" if after is None else after, -1 if limit is None else limit]
            return [row[0] for row in tx.rows(sql, values)]

    def feature(self, name: str, key: str) -> bytes | None:
        """Read one rendered GeoJSON feature."""
        with self._read() as tx:
            parts = _parts(registered(tx, name))
            row = tx.one(fill("SELECT feature FROM $json WHERE key = ?", **parts), (key,))
        return bytes(row[0]) if row else None

    def count(self, name: str, *, bbox: Box | None = None) -> int:
        """Count the rows of a layer."""
        with self._read() as tx:
            known = registered(tx, name)
            window, values = _window(known, bbox)
            counted = "SELECT count(*) FROM $json WHERE $window"
            row = tx.one(fill(counted, **_parts(known), window=window), values)
        return int(row[0]) if row else 0

    def extent(self, name: str) -> Box | None:
        """Measure the box of a layer in the working CRS; None when it is empty."""
        with self._read() as tx:
            known = registered(tx, name)
            row = None if known.srs_id is None else tx.one(_EXTENT, (name,))
        return None if row is None or row[0] is None else (row[0], row[1], row[2], row[3])


_EXTENT: Final = "SELECT min_x, min_y, max_x, max_y FROM gpkg_contents WHERE table_name = ?"
_FEATURES: Final = """
SELECT feature FROM $json WHERE $window AND key > ? ORDER BY key LIMIT ?"""
_ROWS: Final = """
SELECT $names FROM $t WHERE $window AND $among AND $key > ? ORDER BY $key LIMIT ?"""


def _parts(known: Registered) -> dict[str, str]:
    return {
        "t": quoted(known.name),
        "json": quoted(f"json_{known.name}"),
        "tree": quoted(f"rtree_{known.name}_geom"),
        "key": quoted(known.key),
    }


def _window(known: Registered, bbox: Box | None) -> tuple[str, list[Any]]:
    """Word a window and give the values it binds."""
    if bbox is None:
        return _ANY, []
    if known.srs_id is None:
        msg = f"layer {known.name} has no geometry and no place in a window"
        raise LayerError(msg)
    west, south, east, north = bbox
    if not np.isfinite(bbox).all():
        msg = f"a window needs four finite numbers, not {bbox}"
        raise LayerError(msg)
    return fill(_IN_BOX, tree=_parts(known)["tree"]), [west, east, south, north]


def _select(
    tx: Tx,
    known: Registered,
    bbox: Box | None,
    among: Mapping[str, Sequence[str | float]],
    page: tuple[int | None, str | None],
) -> list[Row]:
    window, values = _window(known, bbox)
    names = {column for column, _ in known.columns}
    odd = sorted(set(among) - names)
    if odd:
        msg = f"layer {known.name} has no column {odd[0]}"
        raise LayerError(msg)
    tests = [fill(_AMONG, column=quoted(column)) for column in among]
    values += [json.dumps(list(wanted)) for wanted in among.values()]
    limit, after = page
    values += ["" if after is None else after, -1 if limit is None else limit]
    listed = ", ".join(['"geom"', *(quoted(column) for column, _ in known.columns)])
    parts = {"names": listed, "window": window, "among": " AND ".join(tests) or _ANY}
    return tx.rows(fill(_ROWS, **_parts(known), **parts), values)


def _columns(rows: list[Row], width: int) -> list[tuple[Any, ...]]:
    return list(zip(*rows, strict=True)) if rows else [()] * width


def _frame(known: Registered, columns: Sequence[tuple[Any, ...]]) -> dict[str, Any]:
    return {
        name: from_values(values, kind)
        for (name, kind), values in zip(known.columns, columns, strict=True)
    }
