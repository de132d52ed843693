"""Which rows is a filter asked about?

A window is read from the store. A whole layer is kept in memory until the next change of any
layer, at most `MOST` of them: 0.9 kB a segment and its attributes, 180 MB for 200,000.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import geopandas as gpd

    from gis.store import Store

MOST: Final = 3


class Frames:
    """The layers that were last asked about as a whole."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, tuple[int, gpd.GeoDataFrame]] = OrderedDict()
        self._lock = threading.Lock()

    def whole(self, store: Store, name: str) -> gpd.GeoDataFrame:
        """Return all rows of a layer as they stand; nobody may change the frame."""
        with self._lock:
            state = store.layers_state()
            kept = self._kept.pop(name, None)
            frame = kept[1] if kept is not None and kept[0] == state else store.layer(name)
            self._kept[name] = (state, frame)
            if len(self._kept) > MOST:
                self._kept.popitem(last=False)
            return frame
