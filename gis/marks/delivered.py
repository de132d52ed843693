"""What did the sources say of the segments whose lines people changed?

The working layer ``network`` shows segments as people made them. What they were made of is kept
beside it, in ``network_delivered``, so that an operation can be taken back at once, and so that the
next delivery is compared with the last one and not with what people drew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import orjson
import pandas as pd

from gis.network.redrawn import Move, ground
from gis.network.splits import join
from gis.store.columns import from_values, kind_of, to_values

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gis.marks.edits import Edits, Family
    from gis.store import Store

LAYER: Final = "network_delivered"
KEY: Final = "segment_id"
ROW: Final = "row"


def laid_out(rows: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Lay rows of the layer ``network`` out as they are kept: what is said of each as one text."""
    plain = pd.DataFrame(rows.drop(columns="geometry"))
    cells = [_cells(plain[name]) for name in plain.columns]
    names = [str(name) for name in plain.columns]
    texts = [
        orjson.dumps(dict(zip(names, row, strict=True))).decode()
        for row in zip(*cells, strict=True)
    ]
    told = {KEY: pd.Series(rows[KEY].array, dtype="str"), ROW: pd.Series(texts, dtype="str")}
    return gpd.GeoDataFrame(told, geometry=list(rows.geometry), crs=rows.crs)


def read_back(kept: gpd.GeoDataFrame, like: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Read rows as they were laid out, with the columns and kinds of others."""
    told = [orjson.loads(row) for row in kept[ROW]]
    names = [str(name) for name in like.columns if name != "geometry"]
    columns = {name: _column([one.get(name) for one in told], like[name]) for name in names}
    return gpd.GeoDataFrame(columns, geometry=list(kept.geometry), crs=kept.crs)


def delivered(store: Store, ids: Iterable[str] | None = None) -> gpd.GeoDataFrame | None:
    """Read what is kept of some segments, or of all; None in a store that keeps nothing yet."""
    if LAYER not in store.layer_names():
        return None
    return store.layer(LAYER) if ids is None else store.layer(LAYER, ids=sorted(ids))


def keep_delivered(store: Store, rows: gpd.GeoDataFrame, gone: Sequence[str]) -> None:
    """Keep what some segments were made of, and forget it of others."""
    if LAYER in store.layer_names():
        store.update_layers({LAYER: laid_out(rows)}, removed={LAYER: list(gone)})
    elif len(rows):
        store.replace_layers({LAYER: laid_out(rows)}, keys={LAYER: KEY})


def as_delivered(store: Store, old: gpd.GeoDataFrame, edits: Edits) -> gpd.GeoDataFrame:
    """Put what sources last said in the place of what people made of it.

    Parameters
    ----------
    store
        The public store.
    old
        The network as people made it, or what is remembered of it.
    edits
        What they did.
    """
    changed = edits.changing()
    if not changed:
        return old
    kept = delivered(store)
    held = old.iloc[:0] if kept is None else read_back(kept, old)
    ids = {name for family in changed for name in family.ids}
    parts = [old[~old[KEY].isin(ids)], *(_undone(family, old, held, edits) for family in changed)]
    whole = pd.concat([part for part in parts if len(part)] or [old.iloc[:0]], ignore_index=True)
    return gpd.GeoDataFrame(whole, geometry="geometry", crs=old.crs)


def _undone(
    family: Family, old: gpd.GeoDataFrame, held: gpd.GeoDataFrame, edits: Edits
) -> gpd.GeoDataFrame:
    """Return a family as sources gave it: as it is kept, else as far as it can be told."""
    own = held[held[KEY].isin(family.ids)]
    if len(own):
        return own
    rows = old[old[KEY].isin(family.ids)]
    roots = sorted(set(rows[KEY]) - edits.parts())
    whole = join(rows, roots[0]) if len(roots) == 1 and len(rows) > 1 else None
    rows = rows if whole is None else whole
    moves = [one for one in family.edits if isinstance(one, Move)]
    lines = [ground(moves, *pair) for pair in zip(rows[KEY], rows.geometry.to_numpy(), strict=True)]
    return rows.set_geometry(gpd.GeoSeries(lines, rows.index, rows.crs))


def _cells(column: pd.Series[Any]) -> list[Any]:
    """Write a column as values of JSON; null is None."""
    if kind_of(column) in ("list", "json"):
        return [cell if isinstance(cell, list | dict) else None for cell in column]
    return to_values(column, kind_of(column))


def _column(values: list[Any], like: pd.Series[Any]) -> pd.Series[Any]:
    """Read values of JSON as a column of the kind that another has."""
    if like.dtype == object:
        return pd.Series(values, dtype=object)
    return from_values(values, kind_of(like))
