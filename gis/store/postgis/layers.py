"""How is a computed layer written to a database?

A whole layer grows in tables of its own, then takes the place of the old rows within one
transaction: readers keep the picture they began with and nobody waits.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

import shapely
from typing_extensions import override

from gis.errors import StoreError
from gis.store.layerrows import Registered, Whole, checked, describe, piece
from gis.store.layerwriting import differing, registered
from gis.store.onerow import one_row
from gis.store.past import turn_rows, turn_whole
from gis.store.postgis.server import UPDATING, ServerDatabase, ServerTx
from gis.store.whole import WholeStore
from gis.store.wording import fill, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from contextlib import AbstractContextManager

    from gis.store.base import Box, Frame
    from gis.store.database import Tx
    from gis.store.layerrows import Piece, Shapes
    from gis.store.onerow import Cell

_NEW: Final = "new_"
_ROWS_A_PIECE: Final = 4000
_TYPES: Final = {
    "text": 'TEXT COLLATE "C"',
    "int": "BIGINT",
    "float": "DOUBLE PRECISION",
    "bool": "BOOLEAN",
    "time": 'TEXT COLLATE "C"',
    "list": 'TEXT COLLATE "C"',
    "json": 'TEXT COLLATE "C"',
}
_RENDERED: Final = """
CREATE $how TABLE $j (fid BIGINT PRIMARY KEY, key TEXT COLLATE "C" NOT NULL, feature BYTEA NOT NULL)
"""
_EXTENT: Final = """
SELECT min(ST_XMin(geom)), min(ST_YMin(geom)), max(ST_XMax(geom)), max(ST_YMax(geom)) FROM $t"""
_GROWN: Final = """
UPDATE store_meta SET value = (value::bigint + 1)::text WHERE key = 'layers_state'
RETURNING value::bigint"""
_STYLE: Final = """
INSERT INTO layer_style VALUES (?, ?) ON CONFLICT (layer) DO UPDATE SET qml = excluded.qml"""


class ServerLayersPart(WholeStore):
    """Computed layers in a database: replaced or updated."""

    _database: ServerDatabase

    @override
    def _write(self) -> AbstractContextManager[ServerTx]:
        return self._database.write()

    def replace_layers(
        self,
        layers: Mapping[str, Frame] | Iterable[Mapping[str, Frame]],
        *,
        keys: Mapping[str, str],
        indexes: Mapping[str, Sequence[str]] | None = None,
    ) -> int:
        """Replace these layers in one transaction and give the new state number."""
        wholes = [
            checked(frame, describe(name, frame, keys.get(name, "")))
            for group in ([layers] if isinstance(layers, Mapping) else layers)
            for name, frame in group.items()
        ]
        with self._database.holding(UPDATING, "being updated"):
            for whole in wholes:
                self._stage(whole)
            with self._write() as tx:
                state = _next_state(tx)
                for whole in wholes:
                    _swap(tx, whole, state, (indexes or {}).get(whole.layer.name, ()))
        return state

    def update_layers(
        self, changed: Mapping[str, Frame], *, removed: Mapping[str, Sequence[str]] | None = None
    ) -> int:
        """Replace single rows by key and take away others, in one transaction."""
        gone = removed or {}
        known = {name: self.registered(name) for name in sorted({*changed, *gone})}
        wholes = {name: checked(frame, known[name]) for name, frame in changed.items()}
        with self._write() as tx:
            state = _next_state(tx)
            for name, layer in known.items():
                _change(tx, layer, wholes.get(name), gone.get(name, ()))
                tx.run("UPDATE layer_register SET state = ? WHERE name = ?", (state, name))
        return state

    def put_row(
        self, name: str, cells: Mapping[str, Cell], shape: shapely.Geometry | None = None
    ) -> int:
        """Write some cells of one row; a row that is not there is made, its other cells null."""
        with self._write() as tx:
            layer = registered(tx, name)
            some, shapes = one_row(tx, layer, cells, shape)
            state = _next_state(tx)
            places = None if layer.srs_id is None else _written(shapes, layer.srs_id)
            _exchange(tx, layer, some, places, ())
            tx.run("UPDATE layer_register SET state = ? WHERE name = ?", (state, name))
        return state

    def put_style(self, name: str, qml: str) -> None:
        """Keep the style of a layer, in place of the one before."""
        with self._write() as tx:
            registered(tx, name)
            tx.run(_STYLE, (name, qml))

    def registered(self, name: str) -> Registered:
        """Read what the store knows of a layer; LayerError when there is none."""
        with self._read() as tx:
            return registered(tx, name)

    @override
    def extent(self, name: str) -> Box | None:
        """Measure the box of a layer in the working CRS; None when it is empty."""
        with self._read() as tx:
            spatial = registered(tx, name).srs_id is not None
            row = tx.one(fill(_EXTENT, t=quoted(name))) if spatial else None
        return None if row is None or row[0] is None else (row[0], row[1], row[2], row[3])

    def _stage(self, whole: Whole) -> None:
        """Build a layer in tables of its own, which a crash of the server may empty."""
        staged = _NEW + whole.layer.name
        with self._write() as tx:
            _drop(tx, staged)
            _make(tx, whole, staged, "UNLOGGED")
        for start in range(0, len(whole.order), _ROWS_A_PIECE):
            some = piece(whole, start, start + _ROWS_A_PIECE)
            with self._write() as tx:
                _put(tx, staged, start + 1, some, _places(whole, start))
        with self._write() as tx:
            tx.run(fill("CREATE UNIQUE INDEX ON $j (key)", j=quoted(f"json_{staged}")))


def _make(tx: Tx, whole: Whole, table: str, how: str = "") -> None:
    # The key is text, also where a layer without rows cannot tell.
    kinds = {**dict(whole.layer.columns), whole.layer.key: "text"}
    columns = [f"{quoted(name)} {_TYPES[kind]}" for name, kind in kinds.items()]
    if whole.shapes is not None:
        flat = not shapely.has_z(whole.shapes).any()
        columns.insert(
            0, f"geom geometry(Geometry, {whole.layer.srs_id})" if flat else "geom geometry"
        )
    words = "CREATE $how TABLE $t (fid BIGINT PRIMARY KEY, $columns)"
    tx.run(fill(words, how=how, t=quoted(table), columns=", ".join(columns)))
    tx.run(fill(_RENDERED, how=how, j=quoted(f"json_{table}")))


def _drop(tx: Tx, table: str) -> None:
    for name in (table, f"json_{table}"):
        tx.run(fill("DROP TABLE IF EXISTS $t", t=quoted(name)))


def _put(
    tx: ServerTx, table: str, first_fid: int, some: Piece, places: list[str | None] | None
) -> None:
    fids = range(first_fid, first_fid + len(some.keys))
    cells = some.cells if places is None else [places, *some.cells[1:]]
    tx.put_all(quoted(table), zip(fids, *cells, strict=True))
    tx.put_all(quoted(f"json_{table}"), zip(fids, some.keys, some.features, strict=True))


def _places(whole: Whole, start: int) -> list[str | None] | None:
    """Write geometries as the server reads them, with their CRS."""
    if whole.shapes is None or whole.layer.srs_id is None:
        return None
    return _written(whole.shapes[start : start + _ROWS_A_PIECE], whole.layer.srs_id)


def _written(geometries: Shapes, srs_id: int) -> list[str | None]:
    shapes = shapely.set_srid(geometries, srs_id)
    listed: list[Any] = shapely.to_wkb(shapes, hex=True, include_srid=True).tolist()
    return listed


def _swap(tx: ServerTx, whole: Whole, state: int, others: Sequence[str]) -> None:
    """Put the rows that were built in the place of the old ones."""
    layer, staged = whole.layer, _NEW + whole.layer.name
    counted = tx.one(fill("SELECT count(*) FROM $j", j=quoted(f"json_{staged}")))
    if counted is None or counted[0] != len(whole.order):
        msg = f"layer {layer.name} was lost while it was built; run gcvag update again"
        raise StoreError(msg)
    turn_whole(tx, layer, staged)
    if not _alike(tx, whole):
        _drop(tx, layer.name)
        _make(tx, whole, layer.name)
        _index(tx, whole, others)
        _register(tx, layer)
    for table, new in ((layer.name, staged), (f"json_{layer.name}", f"json_{staged}")):
        parts = {"t": quoted(table), "new": quoted(new)}
        tx.run(fill("DELETE FROM $t", **parts))
        tx.run(fill("INSERT INTO $t SELECT * FROM $new", **parts))
    tx.run("UPDATE layer_register SET state = ? WHERE name = ?", (state, layer.name))
    _drop(tx, staged)


def _alike(tx: Tx, whole: Whole) -> bool:
    """Tell whether the layer is there with the same columns and kind of geometry."""
    layer = whole.layer
    if tx.one("SELECT 1 FROM layer_register WHERE name = ?", (layer.name,)) is None:
        return False
    flat = whole.shapes is None or not shapely.has_z(whole.shapes).any()
    return registered(tx, layer.name) == layer and flat


def _index(tx: Tx, whole: Whole, others: Sequence[str]) -> None:
    name = whole.layer.name
    tx.run(fill("CREATE UNIQUE INDEX ON $t ($q)", t=quoted(name), q=quoted(whole.layer.key)))
    tx.run(fill("CREATE UNIQUE INDEX ON $t (key)", t=quoted(f"json_{name}")))
    for other in others:
        tx.run(fill("CREATE INDEX ON $t ($q)", t=quoted(name), q=quoted(other)))
    if whole.shapes is not None:
        tx.run(fill("CREATE INDEX ON $t USING gist (geom)", t=quoted(name)))


def _register(tx: Tx, layer: Registered) -> None:
    tx.run("DELETE FROM layer_register WHERE name = ?", (layer.name,))
    row = (layer.name, layer.key, layer.srs_id, 0)
    tx.run("INSERT INTO layer_register VALUES (?,?,?,?)", row)
    tx.run_many(
        "INSERT INTO layer_column VALUES (?,?,?,?)",
        [(layer.name, at, *column) for at, column in enumerate(layer.columns)],
    )


def _change(tx: ServerTx, layer: Registered, whole: Whole | None, gone: Sequence[str]) -> None:
    """Take rows away and put changed ones after the others."""
    new = None if whole is None else differing(tx, whole)
    some = None if new is None else piece(new, 0, len(new.order))
    _exchange(tx, layer, some, None if new is None else _all_places(new), gone)


def _exchange(
    tx: ServerTx,
    layer: Registered,
    some: Piece | None,
    places: list[str | None] | None,
    gone: Sequence[str],
) -> None:
    """Put converted rows in the place of those with their keys."""
    turn_rows(tx, layer, some, gone)
    keys = [(key,) for key in (*(some.keys if some else ()), *gone)]
    parts = {"t": quoted(layer.name), "key": quoted(layer.key), "j": quoted(f"json_{layer.name}")}
    tx.run_many(fill("DELETE FROM $t WHERE $key = ?", **parts), keys)
    tx.run_many(fill("DELETE FROM $j WHERE key = ?", **parts), keys)
    if some is not None:
        row = tx.one(fill("SELECT coalesce(max(fid), 0) FROM $t", **parts))
        _put(tx, layer.name, (row[0] if row else 0) + 1, some, places)


def _all_places(whole: Whole) -> list[str | None] | None:
    parts = [_places(whole, start) or [] for start in range(0, len(whole.order), _ROWS_A_PIECE)]
    return None if whole.shapes is None else [place for part in parts for place in part]


def _next_state(tx: Tx) -> int:
    row = tx.one(_GROWN)
    return int(row[0]) if row else 0


def layer_faults(tx: Tx) -> Iterator[str]:
    """Name the layers whose rows and rendered features differ in number."""
    for (name,) in tx.rows("SELECT name FROM layer_register ORDER BY name"):
        parts = {"t": quoted(name), "j": quoted(f"json_{name}")}
        sql = fill("SELECT (SELECT count(*) FROM $t), (SELECT count(*) FROM $j)", **parts)
        counts = tx.one(sql)
        if counts is None or counts[0] != counts[1]:
            yield name
