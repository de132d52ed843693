"""How is a computed layer written, as a whole or row by row?

A whole layer grows beside the old one in short transactions, so that a mark never waits for it;
the last transaction puts it in the old one's place. Killed before that, nothing has changed.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import orjson
import shapely

from gis.errors import LayerError
from gis.store.aside import Aside
from gis.store.columns import to_values
from gis.store.geometry import from_blobs
from gis.store.head import beside
from gis.store.holding import hold
from gis.store.layerrows import Registered, Whole, box_of, checked, piece
from gis.store.layertables import drop_words, rename_words, trigger_words
from gis.store.onerow import Converted, one_row
from gis.store.part import Part
from gis.store.past import turn_rows, turn_whole
from gis.store.staging import NEW, Staged, layers_state, put, stage_all
from gis.store.wording import fill, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gis.store.base import Frame
    from gis.store.database import Database, Row, Tx
    from gis.store.layerrows import Shapes
    from gis.store.onerow import Cell

_RTREE_EXTENSION: Final = "http://www.geopackage.org/spec120/#extension_rtree"
_STYLE: Final = """
INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column,
  styleName, styleQML, useAsDefault, owner) VALUES ('', '', ?, 'geom', ?, ?, 1, '')"""


class LayerWritingPart(Part):
    """Computed layers: replaced or updated."""

    _database: Database

    def replace_layers(
        self,
        layers: Mapping[str, Frame] | Iterable[Mapping[str, Frame]],
        *,
        keys: Mapping[str, str],
        indexes: Mapping[str, Sequence[str]] | None = None,
    ) -> int:
        """Replace these layers in one transaction and give the new state number."""
        with self._one_at_a_time():
            built = self._built(layers, keys, indexes or {})
            with self._write() as tx:
                state = _next_state(tx)
                for staged in built:
                    _swap(tx, staged, state)
        return state

    def update_layers(
        self, changed: Mapping[str, Frame], *, removed: Mapping[str, Sequence[str]] | None = None
    ) -> int:
        """Replace single rows by key and take away others, in one transaction."""
        gone = removed or {}
        known = {name: self.registered(name) for name in sorted({*changed, *gone})}
        wholes = {name: checked(frame, known[name]) for name, frame in changed.items()}
        with self._write() as tx:
            _guards(tx, open_=True)
            state = _next_state(tx)
            for name, layer in known.items():
                _change(tx, layer, wholes.get(name), gone.get(name, ()))
                tx.run("UPDATE layer_register SET state = ? WHERE name = ?", (state, name))
            _guards(tx, open_=False)
        return state

    def put_row(
        self, name: str, cells: Mapping[str, Cell], shape: shapely.Geometry | None = None
    ) -> int:
        """Write some cells of one row; a row that is not there is made, its other cells null."""
        with self._write() as tx:
            layer = registered(tx, name)
            new = one_row(tx, layer, cells, shape)
            _guards(tx, open_=True)
            state = _next_state(tx)
            _exchange(tx, layer, new, ())
            tx.run("UPDATE layer_register SET state = ? WHERE name = ?", (state, name))
            _guards(tx, open_=False)
        return state

    def put_style(self, name: str, qml: str) -> None:
        """Keep the style that QGIS opens a layer with, in place of the one before."""
        with self._write() as tx:
            registered(tx, name)
            tx.run("DELETE FROM layer_styles WHERE f_table_name = ?", (name,))
            tx.run(_STYLE, (name, name, qml))

    def registered(self, name: str) -> Registered:
        """Read what the store knows of a layer; LayerError when there is none."""
        with self._read() as tx:
            return registered(tx, name)

    def _built(
        self,
        layers: Mapping[str, Frame] | Iterable[Mapping[str, Frame]],
        keys: Mapping[str, str],
        indexes: Mapping[str, Sequence[str]],
    ) -> list[Staged]:
        """Build layers beside the old ones, each of several groups by a process of its own."""
        if isinstance(layers, Mapping):
            return stage_all(self._write, layers, keys, indexes)
        begun: list[Aside[list[Staged]]] = []
        try:
            for group in layers:
                work = partial(stage_all, self._write, group, keys, indexes)
                begun.append(Aside(work, self._database.fork))
            return [staged for one in begun for staged in one.result()]
        finally:
            for one in begun:
                one.stop()

    @contextmanager
    def _one_at_a_time(self) -> Iterator[None]:
        """Refuse a second replacement while one runs, in this process or another."""
        held = hold(beside(self._database.location, "update"), "being updated")
        try:
            yield
        finally:
            os.close(held)


def registered(tx: Tx, name: str) -> Registered:
    """Read what the store knows of a layer; LayerError when there is none."""
    columns = tx.rows(
        "SELECT name, kind FROM layer_column WHERE layer = ? ORDER BY position", (name,)
    )
    return replace(held(tx, name), columns=tuple((column, kind) for column, kind in columns))


def held(tx: Tx, name: str) -> Registered:
    """Read what the store knows of a layer but its columns, which many reads do not need."""
    row = tx.one("SELECT key_column, srs_id FROM layer_register WHERE name = ?", (name,))
    if row is None:
        msg = f"the store has no layer {name}; run gcvag update"
        raise LayerError(msg)
    return Registered(name, row[0], row[1], ())


def _swap(tx: Tx, staged: Staged, state: int) -> None:
    """Put the layer that was built in the place of the old one."""
    layer, spatial = staged.layer, staged.geometry is not None
    turn_whole(tx, layer, NEW + layer.name)
    _drop_tables(tx, layer.name)
    for table in ("gpkg_extensions", "gpkg_geometry_columns", "gpkg_contents"):
        tx.run(fill("DELETE FROM $t WHERE table_name = ?", t=table), (layer.name,))
    tx.run("DELETE FROM layer_register WHERE name = ?", (layer.name,))
    for sql in rename_words(NEW, layer.name, geometry=spatial):
        tx.run(sql)
    row = (layer.name, layer.key, layer.srs_id, state)
    tx.run("INSERT INTO layer_register VALUES (?,?,?,?)", row)
    tx.run_many(
        "INSERT INTO layer_column VALUES (?,?,?,?)",
        [(layer.name, at, *column) for at, column in enumerate(layer.columns)],
    )
    _register(tx, staged)
    triggers = trigger_words(layer.name, geometry=spatial)
    for trigger in triggers:
        tx.run(triggers[trigger])


def _register(tx: Tx, staged: Staged) -> None:
    """Say in the GeoPackage's own tables what the layer is."""
    name, srs_id = staged.layer.name, staged.layer.srs_id
    what = "attributes" if staged.geometry is None else "features"
    if staged.srs is not None:
        tx.run("INSERT OR IGNORE INTO gpkg_spatial_ref_sys VALUES (?,?,?,?,?,?)", staged.srs)
    tx.run(_CONTENTS, (name, what, name, *staged.box, srs_id))
    if staged.geometry is not None:
        columns = (name, "geom", staged.geometry, srs_id, staged.z, 0)
        tx.run("INSERT INTO gpkg_geometry_columns VALUES (?,?,?,?,?,?)", columns)
        extension = (name, "geom", "gpkg_rtree_index", _RTREE_EXTENSION, "write-only")
        tx.run("INSERT INTO gpkg_extensions VALUES (?,?,?,?,?)", extension)


_CONTENTS: Final = (
    "INSERT INTO gpkg_contents (table_name, data_type, identifier, min_x, min_y, max_x, max_y, "
    "srs_id) VALUES (?,?,?,?,?,?,?,?)"
)


def _change(tx: Tx, layer: Registered, whole: Whole | None, gone: Sequence[str]) -> None:
    """Take rows away and put changed ones after the others; the triggers keep the R-tree."""
    none = np.empty(0, dtype=object)
    other = None if whole is None else differing(tx, whole)
    some = None if other is None else piece(other, 0, len(other.order))
    after = none if other is None or other.shapes is None else other.shapes
    _exchange(tx, layer, Converted(some, after), gone)


def _exchange(tx: Tx, layer: Registered, new: Converted, gone: Sequence[str]) -> None:
    """Put converted rows in the place of those with their keys."""
    some, after = new
    turn_rows(tx, layer, some, gone)
    keys = [(key,) for key in (*(some.keys if some else ()), *gone)]
    parts = {"t": quoted(layer.name), "key": quoted(layer.key), "j": quoted(f"json_{layer.name}")}
    before = _shapes(tx, layer, [key for (key,) in keys])
    tx.run_many(fill("DELETE FROM $t WHERE $key = ?", **parts), keys)
    tx.run_many(fill("DELETE FROM $j WHERE key = ?", **parts), keys)
    if some is not None:
        row = tx.one(fill("SELECT coalesce(max(fid), 0) FROM $t", **parts))
        put(tx, layer.name, (row[0] if row else 0) + 1, some)
    if layer.srs_id is not None and keys:
        _measure(tx, layer.name, before, after)


def _shapes(tx: Tx, layer: Registered, keys: Sequence[str]) -> Shapes:
    """Read the geometries of rows that are about to go."""
    if layer.srs_id is None:
        return np.empty(0, dtype=object)
    words = fill(_GEOMETRIES, t=quoted(layer.name), key=quoted(layer.key))
    return from_blobs([row[0] for row in tx.rows(words, (orjson.dumps(keys).decode(),))])


def differing(tx: Tx, whole: Whole) -> Whole:
    """Leave out the rows that stand already, cell for cell: most of what a mark is around."""
    layer, frame = whole.layer, whole.frame.iloc[whole.order]
    cells = [to_values(frame[name], kind) for name, kind in layer.columns]
    keys = cells[[name for name, _ in layer.columns].index(layer.key)]
    there = _standing(tx, whole, keys)
    pairs = zip(keys, zip(*cells, strict=True), strict=True)
    other = [at for at, (key, row) in enumerate(pairs) if there.get(key, (None, []))[1] != [*row]]
    moved = _moved(tx, [there.get(key, (None, []))[0] for key in keys], whole)
    new = sorted({*other, *moved})
    shapes = None if whole.shapes is None else whole.shapes[new]
    return replace(whole, order=whole.order[new], shapes=shapes)


def _standing(
    tx: Tx, whole: Whole, keys: Sequence[str]
) -> dict[str, tuple[bytes | None, list[Any]]]:
    """Read the rows of some keys as they stand: geometry and cells."""
    layer, dialect = whole.layer, tx.dialect
    words = fill(
        _STANDING,
        t=quoted(layer.name),
        key=quoted(layer.key),
        geom="NULL" if whole.shapes is None else dialect.geometry,
        names=", ".join(quoted(name) for name, _ in layer.columns),
        among=fill(dialect.among, column=quoted(layer.key), type=dialect.text),
    )
    rows = tx.rows(words, (orjson.dumps(list(keys)).decode(),))
    return {key: (geometry, cells) for key, geometry, *cells in rows}


def _moved(tx: Tx, kept: list[bytes | None], whole: Whole) -> list[int]:
    """Name the rows whose geometry is another than the one that is kept."""
    if whole.shapes is None:
        return []
    before = tx.dialect.shapes(kept)
    none = shapely.is_missing(before) & shapely.is_missing(whole.shapes)
    moved: list[int] = np.flatnonzero(
        ~(shapely.equals_identical(before, whole.shapes) | none)
    ).tolist()
    return moved


_STANDING: Final = "SELECT $key, $geom, $names FROM $t WHERE $among"


def _measure(tx: Tx, name: str, before: Shapes, after: Shapes) -> None:
    """Write the exact box of a layer when `after` has come in the place of `before`."""
    known = tx.one(_BOX, (name,))
    if known is None or known[0] is None or _holds_edge(before, known):
        tx.run(_PUT_BOX, (*box_of(_outermost(tx, name)), name))
        return
    grown = box_of(np.concatenate([[shapely.box(*known)], after]))
    tx.run(_PUT_BOX, (*grown, name))


def _holds_edge(shapes: Shapes, box: Row) -> bool:
    """Tell whether one of some geometries reaches a side of the box of the layer."""
    sides = shapely.bounds(shapes)
    low, high = sides[:, :2] <= np.array(box[:2]), sides[:, 2:] >= np.array(box[2:])
    return bool(low.any() or high.any())


def _outermost(tx: Tx, name: str) -> Shapes:
    """Read the geometries that touch the sides; the R-tree, rounded outwards, names them."""
    parts = {"t": quoted(name), "tree": quoted(f"rtree_{name}_geom")}
    return from_blobs([row[0] for row in tx.rows(fill(_OUTERMOST, **parts))])


_BOX: Final = "SELECT min_x, min_y, max_x, max_y FROM gpkg_contents WHERE table_name = ?"
_GEOMETRIES: Final = "SELECT geom FROM $t WHERE $key IN (SELECT value FROM json_each(?))"
_OUTERMOST: Final = """
WITH edge AS MATERIALIZED
  (SELECT min(minx) AS w, min(miny) AS s, max(maxx) AS e, max(maxy) AS n FROM $tree)
SELECT geom FROM $t WHERE fid IN
  (SELECT id FROM $tree, edge WHERE minx <= w OR miny <= s OR maxx >= e OR maxy >= n)"""
_PUT_BOX: Final = """
UPDATE gpkg_contents SET min_x = ?, min_y = ?, max_x = ?, max_y = ?,
  last_change = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') WHERE table_name = ?"""


def _drop_tables(tx: Tx, name: str) -> None:
    """Drop the tables of a layer, those that are there."""
    for sql in drop_words(name):
        tx.run(sql)


def _guards(tx: Tx, *, open_: bool) -> None:
    """Let this transaction write computed layers, or nobody."""
    tx.run("UPDATE store_meta SET value = ? WHERE key = 'writing'", (str(int(open_)),))


def _next_state(tx: Tx) -> int:
    tx.run("UPDATE store_meta SET value = value + 1 WHERE key = 'layers_state'")
    return layers_state(tx)
