"""Which part of the stored network must be looked at again where something changed?

Changes far apart are read in windows of their own, and what lies beyond the reach of every change
is left out: the work follows the number of changes, not how far apart they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import shapely

from gis.inventory import publish
from gis.inventory.partitions import REACH_M, within

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from gis.network import Network
    from gis.store import Store
    from gis.store.base import Box

WORKING: Final = (
    "network", "network_streets", "network_crossings", "network_signs", "network_places",
    "network_barriers", "areas",
)  # fmt: skip
CELL_M: Final = 1000.0
"""Changes in one such cell are read by one window."""
SIDES: Final = {"west": "min", "south": "min", "east": "max", "north": "max"}
MOST: Final = 32
"""Of more windows the cells grow: each costs a question to the store."""


def reached(store: Store, changed: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Read the segments of which a check may answer differently since others changed.

    Parameters
    ----------
    store
        The public store.
    changed
        Rows of the layer ``network``.
    """
    near = _read(store, "network", _windows(changed.geometry.bounds.to_numpy()))
    found = near.sindex.query(changed.geometry, predicate="dwithin", distance=REACH_M)
    return near.iloc[np.unique(found[1])].reset_index(drop=True)


def window(store: Store, touched: gpd.GeoDataFrame) -> Network:
    """Read all that the checks of some segments may look at.

    Parameters
    ----------
    store
        The public store.
    touched
        Rows of the layer ``network``.
    """
    sides = touched.geometry.bounds.to_numpy()
    boxes = _windows(sides)
    wide = np.array([shapely.box(*side) for side in _widened(sides).tolist()], dtype=object)
    return publish.network_of({name: within(_read(store, name, boxes), wide) for name in WORKING})


def _windows(sides: NDArray[np.float64]) -> list[Box]:
    """Share boxes out over windows by their middles, each widened by `REACH_M`."""
    middles = (sides[:, :2] + sides[:, 2:]) / 2
    size = CELL_M
    while len(np.unique(middles // size, axis=0)) > MOST:
        size *= 2
    cells = [*(middles // size).T]
    held = pd.DataFrame(_widened(sides), columns=list(SIDES)).groupby(cells).agg(SIDES)
    return list(held.itertuples(index=False, name=None))


def _widened(sides: NDArray[np.float64]) -> NDArray[np.float64]:
    """Put `REACH_M` around boxes."""
    return np.add(sides, [-REACH_M, -REACH_M, REACH_M, REACH_M], dtype=np.float64)


def _read(store: Store, name: str, boxes: list[Box]) -> gpd.GeoDataFrame:
    """Read the rows of a layer in any of the windows, in the order of the key."""
    parts = [store.layer(name, bbox=box) for box in boxes]
    if len(parts) == 1:
        return parts[0]
    key = publish.KEYS[name]
    rows = pd.concat(parts, ignore_index=True).drop_duplicates(key)
    return rows.sort_values(key, ignore_index=True)
