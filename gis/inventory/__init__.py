"""How does a delivery become the inventory?"""

from __future__ import annotations

from gis.deliveries import Imported, Told, import_file
from gis.inventory.derive import Inventory, derive
from gis.inventory.figures import status
from gis.inventory.refresh import Updated, is_current, refresh, update

__all__ = [
    "Imported",
    "Inventory",
    "Told",
    "Updated",
    "derive",
    "import_file",
    "is_current",
    "refresh",
    "status",
    "update",
]
