"""Which rows of a computed layer lie in a window, or have these keys?

Frames are built from WKB rows, whole columns at a time; rendered features come as bytes.
"""

from __future__ import annotations

import json
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final, Unpack

import geopandas as gpd
import numpy as np
import pandas as pd

from gis.errors import LayerError
from gis.store.canonical import write_time
from gis.store.columns import from_values
from gis.store.dialect import EVERY
from gis.store.layerwriting import held, registered
from gis.store.part import Part
from gis.store.past import epoch
from gis.store.pastreading import Then, count_at, feature_at, features_at, layer_at
from gis.store.wording import fill, quoted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from gis.store.base import Box, Page
    from gis.store.database import Row, Tx
    from gis.store.layerrows import Registered

_ANY: Final = "1 = 1"


class LayerReadingPart(Part):
    """Computed layers, read by window."""

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
        **page: Unpack[Page],
    ) -> gpd.GeoDataFrame:
        """Read rows of a layer in the order of the key, `bbox` in the working CRS."""
        as_of, some = page.get("as_of"), (page.get("limit"), page.get("after"))
        with self._read() as tx:
            known = _known(tx, name, as_of)
            if known.srs_id is None:
                msg = f"layer {name} has no geometry; read it as a table"
                raise LayerError(msg)
            among = {**(where or {}), **({} if ids is None else {known.key: ids})}
            if as_of is not None:
                _refuse_odd(known, bbox, among)
                return layer_at(tx, known, Then(name, write_time(as_of), bbox), among, some)
            rows = _select(tx, known, bbox, among, some)
            columns = _columns(rows, len(known.columns) + 1)
            shapes = tx.dialect.shapes(columns[0])
        series = gpd.GeoSeries(shapes, crs=known.srs_id)
        return gpd.GeoDataFrame(_frame(known, columns[1:]), geometry=series)

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
        as_of: datetime | None = None,
    ) -> list[bytes]:
        """Read rows as rendered GeoJSON features (CRS84), in the order of the key."""
        with self._read() as tx:
            known = held(tx, name) if as_of is None else _known(tx, name, as_of)
            window, values = _window(tx, known, bbox)
            if as_of is not None:
                return features_at(tx, Then(name, write_time(as_of), bbox), (limit, after))
            if limit is None or bbox is not None:
                # All of it is read faster as it lies, by place, and put in order here.
                most = EVERY if limit is None else limit + 1
                found = tx.rows(fill(_SOME, **_parts(known), window=window), [*values, most])
                if len(found) < most:
                    return [bytes(feature) for key, feature in sorted(found) if key > (after or "")]
            sql = fill(_FEATURES, **_parts(known), window=window)
            return [bytes(row[0]) for row in tx.rows(sql, [*values, after or "", limit])]

    def feature(self, name: str, key: str, *, as_of: datetime | None = None) -> bytes | None:
        """Read one rendered GeoJSON feature."""
        with self._read() as tx:
            if as_of is not None:
                return feature_at(tx, Then(name, write_time(as_of)), key)
            parts = _parts(held(tx, name))
            row = tx.one(fill("SELECT feature FROM $json WHERE key = ?", **parts), (key,))
        return bytes(row[0]) if row else None

    def count(self, name: str, *, bbox: Box | None = None, as_of: datetime | None = None) -> int:
        """Count the rows of a layer."""
        with self._read() as tx:
            known = held(tx, name) if as_of is None else _known(tx, name, as_of)
            if as_of is not None:
                return count_at(tx, Then(name, write_time(as_of), bbox))
            return _counted(tx, known, bbox)

    def extent(self, name: str) -> Box | None:
        """Measure the box of a layer in the working CRS; None when it is empty."""
        with self._read() as tx:
            known = held(tx, name)
            row = None if known.srs_id is None else tx.one(_EXTENT, (name,))
        return None if row is None or row[0] is None else (row[0], row[1], row[2], row[3])


_PAGED: Final = " AND $key > ? ORDER BY $key LIMIT ?"
_AMONG: Final = "SELECT count(*) FROM ($touching) AS among"
_SOME: Final = "SELECT key, feature FROM $json WHERE $window LIMIT ?"
_EXTENT: Final = "SELECT min_x, min_y, max_x, max_y FROM gpkg_contents WHERE table_name = ?"
_FEATURES: Final = """
SELECT feature FROM $json WHERE $window AND key > ? ORDER BY key LIMIT ?"""
_ROWS: Final = "SELECT $names FROM $t WHERE $window AND $among"


def _parts(known: Registered) -> dict[str, str]:
    return {
        "t": quoted(known.name),
        "json": quoted(f"json_{known.name}"),
        "tree": quoted(f"rtree_{known.name}_geom"),
        "key": quoted(known.key),
    }


def _known(tx: Tx, name: str, as_of: datetime | None) -> Registered:
    """Read what the layer is, or was at a time; what it is now where it was not there yet."""
    if as_of is None:
        return registered(tx, name)
    then = epoch(tx, name, write_time(as_of)) or epoch(tx, name, "9999")
    return registered(tx, name) if then is None else then[1]


def _window(tx: Tx, known: Registered, bbox: Box | None) -> tuple[str, list[Any]]:
    """Word a window and give the values it binds."""
    if bbox is None:
        return _ANY, []
    return fill("fid IN ($touching)", touching=_touching(tx, known, bbox)), list(bbox)


def _touching(tx: Tx, known: Registered, bbox: Box) -> str:
    """Word which rows a window touches, by the index alone."""
    if known.srs_id is None:
        msg = f"layer {known.name} has no geometry and no place in a window"
        raise LayerError(msg)
    _refuse_odd(known, bbox, {})
    return fill(tx.dialect.touching, **_parts(known), srid=str(known.srs_id))


def _counted(tx: Tx, known: Registered, bbox: Box | None) -> int:
    """Count the rows of a layer, or of a window: its index knows without the rows."""
    if bbox is None:
        row = tx.one(fill("SELECT count(*) FROM $json", **_parts(known)))
    else:
        among = fill(_AMONG, touching=_touching(tx, known, bbox))
        row = tx.one(among, list(bbox))
    return int(row[0]) if row else 0


def _refuse_odd(
    known: Registered, bbox: Box | None, among: Mapping[str, Sequence[str | float]]
) -> None:
    """Refuse a window that is none, and columns that the layer does not have."""
    if bbox is not None and not np.isfinite(bbox).all():
        msg = f"a window needs four finite numbers, not {bbox}"
        raise LayerError(msg)
    odd = sorted(set(among) - {column for column, _ in known.columns})
    if odd:
        msg = f"layer {known.name} has no column {odd[0]}"
        raise LayerError(msg)


def _select(
    tx: Tx,
    known: Registered,
    bbox: Box | None,
    among: Mapping[str, Sequence[str | float]],
    page: tuple[int | None, str | None],
) -> list[Row]:
    _refuse_odd(known, bbox, among)
    window, values = _window(tx, known, bbox)
    kinds, dialect = dict(known.columns), tx.dialect
    tests = [
        fill(
            dialect.among,
            column=quoted(column),
            type=dialect.types.get(kinds[column], dialect.text),
        )
        for column in among
    ]
    values += [json.dumps(list(wanted)) for wanted in among.values()]
    limit, after = page
    listed = ", ".join([tx.dialect.geometry, *(quoted(column) for column, _ in known.columns)])
    parts = {"names": listed, "window": window, "among": " AND ".join(tests) or _ANY}
    if limit is not None or after is not None:
        values += [after or "", EVERY if limit is None else limit]
        return tx.rows(fill(_ROWS + _PAGED, **_parts(known), **parts), values)
    rows = tx.rows(fill(_ROWS, **_parts(known), **parts), values)
    rows.sort(key=itemgetter(1 + [*kinds].index(known.key)))
    return rows


def _columns(rows: list[Row], width: int) -> list[tuple[Any, ...]]:
    return list(zip(*rows, strict=True)) if rows else [()] * width


def _frame(known: Registered, columns: Sequence[tuple[Any, ...]]) -> dict[str, Any]:
    return {
        name: from_values(values, kind)
        for (name, kind), values in zip(known.columns, columns, strict=True)
    }
