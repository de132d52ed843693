"""When did which row of a computed layer stand?

Before a layer is replaced or updated, rows that change or go away are put into ``layer_past`` with
the time from which and until which they stood, compared by their rendered bytes. A row that stands
has stood since its layer's epoch, or since its time in ``layer_since``. Working layers have no
past.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

import orjson

from gis.errors import LayerError
from gis.store.canonical import now, read_time, write_time
from gis.store.layerrows import Registered
from gis.store.wording import fill, quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from gis.store.database import Row, Tx
    from gis.store.layerrows import Piece

_WORKING: Final = "network"
_BACKGROUND: Final = "areas"
_TICK: Final = timedelta(microseconds=1)
_TURN: Final = "INSERT INTO layer_turn VALUES (?)"
_CLEAR: Final = "DELETE FROM layer_turn"
_OTHER: Final = """
INSERT INTO layer_turn SELECT key FROM $these AS a WHERE NOT EXISTS
  (SELECT 1 FROM $those AS b WHERE b.key = a.key AND b.feature = a.feature)"""
_LIFE: Final = """
SELECT ?, o.key, coalesce(s.at_utc, ?), ?, $sides, $wkb, o.feature
FROM $json AS o JOIN $t AS t ON t.fid = o.fid $joined
LEFT JOIN layer_since AS s ON s.layer = ? AND s.key = o.key"""
_TURNING: Final = "INSERT INTO layer_past $life WHERE o.key IN (SELECT key FROM layer_turn)"
_ENDED: Final = """
SELECT layer, key, began, CASE WHEN ended <= ? THEN ended END, min_x, min_y, max_x, max_y, shape,
  feature FROM layer_past WHERE began <= ?"""
_FORGET: Final = """
DELETE FROM layer_since WHERE layer = ? AND key IN (SELECT key FROM layer_turn)"""
_BEGIN: Final = "INSERT INTO layer_since SELECT ?, key, ? FROM layer_turn"
_CLOSE: Final = "UPDATE layer_past SET ended = ? WHERE layer = ? AND ended IS NULL"
_EPOCH: Final = """
SELECT at_utc, key_column, srs_id, columns FROM layer_epoch
WHERE layer = ? AND at_utc <= ? ORDER BY at_utc DESC LIMIT 1"""
_LAST: Final = """
SELECT max(at_utc) FROM (
  SELECT at_utc FROM layer_state WHERE state = (SELECT max(state) FROM layer_state)
  UNION ALL SELECT max(at_utc) FROM layer_epoch
  UNION ALL SELECT at_utc FROM revision WHERE seq = (SELECT max(seq) FROM revision)) AS t"""


def has_past(name: str) -> bool:
    """Tell whether a layer's past is kept: all but those that are only worked on.

    Examples
    --------
    >>> has_past("segments"), has_past("network_signs")
    (True, False)
    """
    return name != _BACKGROUND and name.partition("_")[0] != _WORKING


def turn_whole(tx: Tx, layer: Registered, staged: str) -> None:
    """Keep what the layer built under the name `staged` is about to replace.

    Parameters
    ----------
    tx
        The transaction that will put it in place; the state number has already grown.
    layer
        The new layer.
    staged
        The name of its tables until then.
    """
    if not has_past(layer.name):
        return
    at = _moment(tx)
    old = _standing(tx, layer.name)
    new_json, old_json = f"json_{staged}", f"json_{layer.name}"
    if old is not None and _shape(old) == _shape(layer):
        _turned(tx, old, at, fill(_OTHER, these=quoted(old_json), those=quoted(new_json)))
        tx.run(fill(_OTHER, these=quoted(new_json), those=quoted(old_json)))
        _begun(tx, layer.name, at)
        return
    if old is not None:
        _turned(tx, old, at, fill("INSERT INTO layer_turn SELECT key FROM $j", j=quoted(old_json)))
    tx.run(_CLOSE, (at, layer.name))
    tx.run("INSERT INTO layer_epoch VALUES (?,?,?,?,?)", (layer.name, at, *_shape(layer)))


def turn_rows(tx: Tx, layer: Registered, some: Piece | None, gone: Sequence[str]) -> None:
    """Keep the rows that are about to change or to go, compared with those that come."""
    if not has_past(layer.name):
        return
    at = _moment(tx)
    new = dict(zip(some.keys, some.features, strict=True)) if some else {}
    words = fill("SELECT feature FROM $j WHERE key = ?", j=quoted(f"json_{layer.name}"))
    found = {key: tx.one(words, (key,)) for key in {*new, *gone}}
    before = {key: bytes(row[0]) for key, row in found.items() if row is not None}
    ended = [key for key in before if key not in new or new[key] != before[key]]
    tx.run_many(_TURN, ((key,) for key in ended))
    _turned(tx, layer, at, None)
    tx.run_many(_TURN, ((key,) for key in new if before.get(key) != new[key]))
    _begun(tx, layer.name, at)


def epoch(tx: Tx, name: str, until: str) -> tuple[str, Registered] | None:
    """Read since when a layer has had its columns, and what it was at a time; None before."""
    row = tx.one(_EPOCH, (name, until))
    if row is None:
        return None
    at, key, srs_id, columns = row
    listed: Iterable[Sequence[str]] = orjson.loads(columns)
    return at, Registered(name, key, srs_id, tuple((column, kind) for column, kind in listed))


def lives(tx: Tx, until: str) -> Iterator[Row]:
    """Read rows of ``layer_past`` as a store has them in which no layer stands yet.

    Those that ended later, and those that stand, have no end: the next layer ends them.
    """
    yield from tx.each(_ENDED, (until, until))
    names = [row[0] for row in tx.rows("SELECT name FROM layer_register ORDER BY name")]
    for name in filter(has_past, names):
        known = epoch(tx, name, "9999")
        layer = _standing(tx, name)
        if known is not None and layer is not None:
            rows = tx.each(_life_words(tx, layer), (name, known[0], None, name))
            yield from (row for row in rows if row[2] <= until)


def _moment(tx: Tx) -> str:
    """Tell the time of the layers' new state, later than every state and revision before."""
    row = tx.one("SELECT value FROM store_meta WHERE key = 'layers_state'")
    state = int(row[0]) if row else 0
    known = tx.one("SELECT at_utc FROM layer_state WHERE state = ?", (state,))
    if known:
        return str(known[0])
    last = tx.one(_LAST)
    at = write_time(now())
    if last and last[0] and at <= last[0]:
        at = write_time(read_time(last[0]) + _TICK)
    tx.run("INSERT INTO layer_state VALUES (?,?)", (state, at))
    return at


def _standing(tx: Tx, name: str) -> Registered | None:
    row = tx.one("SELECT key_column, srs_id FROM layer_register WHERE name = ?", (name,))
    if row is None:
        return None
    words = "SELECT name, kind FROM layer_column WHERE layer = ? ORDER BY position"
    return Registered(name, row[0], row[1], tuple((c, kind) for c, kind in tx.rows(words, (name,))))


def _shape(layer: Registered) -> tuple[str, int | None, str]:
    return layer.key, layer.srs_id, orjson.dumps(layer.columns).decode()


def _turned(tx: Tx, layer: Registered, at: str, keys: str | None) -> None:
    """End the rows whose keys `keys` puts into ``layer_turn``, or that stand in it already."""
    if keys is not None:
        tx.run(keys)
    known = epoch(tx, layer.name, "9999")
    if known is None:
        msg = f"layer {layer.name} has no epoch; run gcvag verify"
        raise LayerError(msg)
    ending = fill(_TURNING, life=_life_words(tx, layer))
    tx.run(ending, (layer.name, known[0], at, layer.name))
    tx.run(_FORGET, (layer.name,))
    tx.run(_CLEAR)


def _life_words(tx: Tx, layer: Registered) -> str:
    """Word what ``layer_past`` keeps of the rows of a layer."""
    spatial = layer.srs_id is not None
    parts = {"t": quoted(layer.name), "json": quoted(f"json_{layer.name}")}
    tree = fill(tx.dialect.joined, tree=quoted(f"rtree_{layer.name}_geom")) if spatial else ""
    sides = tx.dialect.sides if spatial else "NULL, NULL, NULL, NULL"
    wkb = tx.dialect.wkb if spatial else "NULL"
    return fill(_LIFE, **parts, joined=tree, sides=sides, wkb=wkb)


def _begun(tx: Tx, name: str, at: str) -> None:
    """Note since when the rows stand whose keys are in ``layer_turn``."""
    tx.run(_BEGIN, (name, at))
    tx.run(_CLEAR)
