"""How do numbered tags become columns?"""

from __future__ import annotations

import json
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime

    from numpy.typing import NDArray

    from gis.sources.osm_objects import Objects


def null_text(n: int) -> pd.api.extensions.ExtensionArray:
    """Return `n` nulls of the text type."""
    return pd.array([None] * n, dtype="str")


def take(objects: Objects, rows: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return (row, pair) of the tags of some objects; `row` counts within `rows` (ascending)."""
    new = np.full(len(objects.ids), -1, dtype=np.int64)
    new[rows] = np.arange(len(rows))
    row = new[objects.tag_row]
    keep = row >= 0
    return row[keep], objects.tag_pair[keep]


def columns(objects: Objects, rows: NDArray[np.int64], keys: Iterable[str]) -> dict[str, Any]:
    """Spread the tags of some objects over one text column a key.

    Parameters
    ----------
    objects
        Objects with numbered tags.
    rows
        Numbers of the objects wanted, ascending.
    keys
        Names of the columns.

    Returns
    -------
    columns
        ``len(rows)`` texts a key, null when absent; keys that occur nowhere share one array.
    """
    row, pair = take(objects, rows)
    number = {key: i for i, key in enumerate(dict.fromkeys(objects.keys))}
    of_pair = np.array([number[key] for key in objects.keys], dtype=np.int64)
    values = np.array(objects.values, dtype=object)
    key_of = of_pair[pair] if len(of_pair) else pair
    order = np.argsort(key_of, kind="stable")
    bounds = np.searchsorted(key_of[order], np.arange(len(number) + 1))
    nothing = null_text(len(rows))
    spread: dict[str, Any] = {}
    for key in keys:
        here = order[bounds[number[key]] : bounds[number[key] + 1]] if key in number else order[:0]
        spread[key] = _scatter(row[here], values[pair[here]], len(rows)) if len(here) else nothing
    return spread


def _scatter(
    rows: NDArray[np.int64], values: NDArray[np.object_], n: int
) -> pd.api.extensions.ExtensionArray:
    cells = np.full(n, None, dtype=object)
    cells[rows] = values
    return pd.array(cells, dtype="str")


def as_json(
    objects: Objects, rows: NDArray[np.int64], *, without: Collection[str] = ()
) -> list[str]:
    """Write the tags of some objects as JSON text, keys sorted, some keys left out."""
    row, pair = take(objects, rows)
    fragments = np.array(
        [
            f"{json.dumps(key, ensure_ascii=False)}: {json.dumps(value, ensure_ascii=False)}"
            for key, value in zip(objects.keys, objects.values, strict=True)
        ],
        dtype=object,
    )
    kept = np.array([key not in set(without) for key in objects.keys], dtype=bool)
    rank = np.argsort(np.argsort(np.array(objects.keys, dtype=object), kind="stable"))
    if len(kept):
        row, pair = row[kept[pair]], pair[kept[pair]]
        order = np.lexsort((rank[pair], row))
        row, pair = row[order], pair[order]
    texts = fragments[pair].tolist() if len(fragments) else []
    bounds = np.searchsorted(row, np.arange(len(rows) + 1)).tolist()
    # One join a row: text has no whole-column join over groups.
    return ["{" + ", ".join(texts[a:b]) + "}" for a, b in pairwise(bounds)]


def times(stamps: Sequence[datetime | None]) -> pd.Series[pd.Timestamp]:
    """Return edit times as UTC, null where unknown."""
    moments = pd.Series(list(stamps), dtype="object")
    return pd.to_datetime(moments, utc=True).astype("datetime64[us, UTC]")
