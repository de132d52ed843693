"""In which rows does a layer differ from what a store holds of it?

Compared cell by cell, null like null, so that nothing rests on a digest or on a time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
import shapely

from gis.store.columns import kind_of

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray


class Change(NamedTuple):
    """Rows that are new or other than before, ids that are gone, and the ground of both."""

    rows: gpd.GeoDataFrame
    gone: list[str]
    ground: NDArray[np.object_]


def differing(new: gpd.GeoDataFrame, old: gpd.GeoDataFrame, key: str) -> Change:
    """Find the rows that must be written, and those that must go.

    Parameters
    ----------
    new
        A layer as it was just made.
    old
        The same layer as a store gave it, with the same columns.
    key
        The unique text column.

    Returns
    -------
    change
        `ground` holds the geometries of all these rows, as they are and as they were.
    """
    at = pd.Index(old[key]).get_indexer(pd.Index(new[key]))
    held = at >= 0
    fresh, known = new[held], old.iloc[at[held]]
    shapes = fresh.geometry.to_numpy(), known.geometry.to_numpy()
    nowhere = shapely.is_missing(shapes[0]) & shapely.is_missing(shapes[1])
    other = ~shapely.equals_identical(*shapes) & ~nowhere
    for name in set(new.columns) - {key, new.geometry.name}:
        other |= _unlike(fresh[name], known[name])
    changed = ~held
    changed[held] = other
    gone = np.setdiff1d(np.arange(len(old)), at)
    before = old.geometry.to_numpy()[[*at[held][other], *gone]]
    rows = new[changed]
    ground = np.concatenate([rows.geometry.to_numpy(), before])
    return Change(rows, old[key].iloc[gone].tolist(), ground[~shapely.is_missing(ground)])


def same_kinds(new: gpd.GeoDataFrame, old: gpd.GeoDataFrame) -> bool:
    """Tell whether a layer has the columns that a store holds, and each of the same kind."""
    if set(new.columns) != set(old.columns):
        return False
    plain = set(new.columns) - {new.geometry.name} if len(new) and len(old) else set()
    return all(kind_of(new[name]) == kind_of(old[name]) for name in plain)


def _unlike(one: pd.Series, two: pd.Series) -> NDArray[np.bool_]:
    """Tell where two columns of equal length differ; null is like null, and like an empty list."""
    if object in (one.dtype, two.dtype):
        # A loop over cells: lists and objects have no column form.
        pairs = zip(_plain(one), _plain(two), strict=True)
        return np.fromiter((a != b for a, b in pairs), dtype=bool, count=len(one))
    nothing = one.isna().to_numpy(), two.isna().to_numpy()
    unlike = pd.Series(one.array != two.array).to_numpy(dtype=bool, na_value=False)
    other: NDArray[np.bool_] = (unlike & ~nothing[0] & ~nothing[1]) | (nothing[0] != nothing[1])
    return other


def _plain(column: pd.Series) -> list[object]:
    """Give cells as plain values; null and the empty list are None."""
    return [
        cell or None
        if isinstance(cell, list | dict)
        else (list(cell) or None)
        if isinstance(cell, tuple | np.ndarray)
        else None
        if pd.isna(cell)
        else cell
        for cell in column
    ]
