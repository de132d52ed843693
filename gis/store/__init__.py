"""Where is everything kept that somebody delivered, saw or decided?

``open_store``, ``create_store`` and ``restore`` are the only doors; what they give back is a
``gis.store.base.Store``, whatever the engine behind it.
"""

from __future__ import annotations

from gis.store.base import Delivery, Entry, Idem, Kept, Revision, Store
from gis.store.doors import create_store, is_there, open_store
from gis.store.restoring import restore

__all__ = [
    "Delivery",
    "Entry",
    "Idem",
    "Kept",
    "Revision",
    "Store",
    "create_store",
    "is_there",
    "open_store",
    "restore",
]
