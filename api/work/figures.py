"""What are the figures of the inventory, without reading whole layers at each request?"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from api.answers import dumps
from gis import inventory

if TYPE_CHECKING:
    from gis.store import Store


class Figures:
    """The figures of the newest state of a store, counted once for each."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._of: tuple[int, tuple[str, ...]] | None = None
        self._body = b""

    def body(self, store: Store) -> bytes:
        """Write the figures as JSON; counted anew when layers or deliveries have changed."""
        with self._lock:
            delivered = tuple(one.delivery_id for one in store.deliveries())
            state = (store.layers_state(), delivered)
            if state != self._of:
                self._body = dumps(inventory.status(store))
                self._of = state
            return self._body
