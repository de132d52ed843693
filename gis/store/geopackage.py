"""What is the embedded store made of?

One GeoPackage file, opened by apsw alone, and the parts that read and write it.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from typing_extensions import override

from gis.store.head import beside
from gis.store.holding import hold
from gis.store.layerwriting import LayerWritingPart
from gis.store.looking import file_faults, layer_faults
from gis.store.schema import layout_faults
from gis.store.whole import WholeStore

if TYPE_CHECKING:
    from gis.store.database import Database, Tx
    from gis.store.records import Fault


class GeoPackageStore(LayerWritingPart, WholeStore):
    """A store in one GeoPackage file; see ``gis.store.base.Store`` for what it promises."""

    def __init__(self, database: Database) -> None:
        with database.read() as tx:
            settings: dict[str, str] = dict(tx.rows("SELECT key, value FROM store_meta"))
        super().__init__(database, database.location, settings)
        self._occupied: int | None = None

    def occupy(self) -> None:
        """Be the one server of this store until it is closed; StoreBusyError when another is."""
        if self._occupied is None:
            self._occupied = hold(beside(self.location, "serve"), "served by another process")

    @override
    def close(self) -> None:
        """Let go of the store; closing twice is fine."""
        if self._occupied is not None:
            os.close(self._occupied)
            self._occupied = None
        super().close()

    @override
    def _layout_faults(self, tx: Tx) -> list[Fault]:
        return [*file_faults(tx), *layout_faults(tx)]

    @override
    def _layer_faults(self, tx: Tx) -> list[Fault]:
        return layer_faults(tx)
