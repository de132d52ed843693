"""How does a delivery become the inventory?"""

from __future__ import annotations

from gis.deliveries import ACCIDENTS, Imported, Told, import_file, kind_of
from gis.inventory.atonce import settle_at_once
from gis.inventory.behind import Pending, begin, catch_up, pending, refresh
from gis.inventory.derive import Inventory, derive
from gis.inventory.figures import status
from gis.inventory.refresh import Updated, change_area, is_current, update

__all__ = [
    "ACCIDENTS",
    "Imported",
    "Inventory",
    "Pending",
    "Told",
    "Updated",
    "begin",
    "catch_up",
    "change_area",
    "derive",
    "import_file",
    "is_current",
    "kind_of",
    "pending",
    "refresh",
    "settle_at_once",
    "status",
    "update",
]
