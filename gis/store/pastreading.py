"""Which rows of a computed layer stood at an earlier time?

Features come as the bytes that were rendered then; frames are built from them and from the
geometry that was kept beside them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import geopandas as gpd
import orjson
import pandas as pd
import shapely

from gis.errors import LayerError
from gis.store.columns import from_values
from gis.store.dialect import EVERY
from gis.store.past import epoch, has_past
from gis.store.wording import fill, quoted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gis.store.base import Box
    from gis.store.database import Row, Tx
    from gis.store.layerrows import Registered

_ALIVE: Final = """
SELECT key, $shape AS shape, feature FROM layer_past
WHERE layer = ? AND began <= ? AND coalesce(ended, '9999') > ? AND $past_window"""
_NOW: Final = """
UNION ALL
SELECT o.key, $wkb, o.feature FROM $json AS o $rows
LEFT JOIN layer_since AS s ON s.layer = ? AND s.key = o.key
WHERE coalesce(s.at_utc, ?) <= ? AND $window"""
_PAGE: Final = "SELECT $what FROM ($alive) AS stood WHERE key > ? $page"
_PAST_BOX: Final = "max_x >= ? AND max_y >= ? AND min_x <= ? AND min_y <= ?"
_ANY: Final = "1 = 1"


class Then(NamedTuple):
    """Which rows of a layer are asked for: those that stood by a time, in a box or anywhere."""

    name: str
    until: str
    box: Box | None = None


def features_at(tx: Tx, then: Then, page: tuple[int | None, str | None]) -> list[bytes]:
    """Read the rendered features that stood at a time, in the order of the key."""
    limit, after = page
    tail = [after or "", EVERY if limit is None else limit]
    rows = _rows(tx, then, ("feature", "ORDER BY key LIMIT ?"), tail)
    return [bytes(row[0]) for row in rows]


def feature_at(tx: Tx, then: Then, key: str) -> bytes | None:
    """Read the rendered feature that stood at a time."""
    rows = _rows(tx, then, ("feature", "AND key = ?"), ["", key])
    return bytes(rows[0][0]) if rows else None


def count_at(tx: Tx, then: Then) -> int:
    """Count the rows that stood at a time."""
    rows = _rows(tx, then, ("count(*)", ""), [""])
    return int(rows[0][0]) if rows else 0


def layer_at(
    tx: Tx,
    layer: Registered,
    then: Then,
    among: Mapping[str, Sequence[str | float]],
    page: tuple[int | None, str | None],
) -> gpd.GeoDataFrame:
    """Read the rows that stood at a time as a frame, with the columns the layer had then."""
    limit, after = page
    rows = _rows(tx, then, ("shape, feature", "ORDER BY key"), [after or ""], shaped=True)
    said = [orjson.loads(row[1])["properties"] for row in rows]
    columns = {
        name: from_values([_cell(one.get(name)) for one in said], kind)
        for name, kind in layer.columns
    }
    shapes = shapely.from_wkb([None if row[0] is None else bytes(row[0]) for row in rows])
    series = gpd.GeoSeries(shapes, crs=layer.srs_id)
    frame = gpd.GeoDataFrame(pd.DataFrame(columns), geometry=series)
    for column, wanted in among.items():
        frame = frame[frame[column].isin(list(wanted))]
    return frame.head(len(frame) if limit is None else limit).reset_index(drop=True)


def _cell(value: object) -> object:
    """Turn a value of a feature back into what the table held."""
    return orjson.dumps(value).decode() if isinstance(value, list | dict) else value


def _rows(
    tx: Tx, then: Then, words: tuple[str, str], tail: list[Any], *, shaped: bool = False
) -> list[Row]:
    """Read what stood: `words` are what to read and how to page, `tail` what these bind."""
    newest = epoch(tx, then.name, "9999")
    if newest is None or epoch(tx, then.name, then.until) is None:
        _refuse_unknown(tx, then.name)
        return []
    sides = list(then.box or ())
    past = _PAST_BOX if then.box else _ANY
    alive = fill(_ALIVE, shape="shape" if shaped else "NULL", past_window=past)
    values = [then.name, then.until, then.until, *sides]
    if tx.one("SELECT 1 FROM layer_register WHERE name = ?", (then.name,)):
        alive += _now_words(tx, newest[1], boxed=bool(then.box), shaped=shaped)
        values += [then.name, newest[0], then.until, *sides]
    what, page = words
    return tx.rows(fill(_PAGE, what=what, alive=alive, page=page), [*values, *tail])


def _now_words(tx: Tx, layer: Registered, *, boxed: bool, shaped: bool) -> str:
    parts = {"json": quoted(f"json_{layer.name}"), "t": quoted(layer.name)}
    tree = quoted(f"rtree_{layer.name}_geom")
    srid = str(layer.srs_id)
    window = fill(tx.dialect.in_box, fid="o.fid", tree=tree, t=parts["t"], srid=srid)
    rows = fill("JOIN $t AS t ON t.fid = o.fid", t=parts["t"]) if shaped else ""
    wkb = tx.dialect.wkb if shaped else "NULL"
    return fill(_NOW, json=parts["json"], rows=rows, wkb=wkb, window=window if boxed else _ANY)


def _refuse_unknown(tx: Tx, name: str) -> None:
    if not has_past(name):
        msg = f"layer {name} is only worked on and has no past; read it without as_of"
        raise LayerError(msg)
    if epoch(tx, name, "9999") is None:
        msg = f"the store has no layer {name}; run gcvag update"
        raise LayerError(msg)
