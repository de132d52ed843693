"""What is the embedded store made of?

One GeoPackage file, opened by apsw alone, and the parts that read and write it.
"""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

from gis.errors import StoreError
from gis.store.backup import write_backup
from gis.store.deliveries import DeliveryPart
from gis.store.head import Signer, beside
from gis.store.history import last_link
from gis.store.holding import hold
from gis.store.layerreading import LayerPart
from gis.store.people import PeoplePart
from gis.store.shelf import ShelfPart
from gis.store.verifying import VerifyPart

if TYPE_CHECKING:
    from pathlib import Path

    from gis.store.database import Database, Tx


class GeoPackageStore(DeliveryPart, LayerPart, PeoplePart, ShelfPart, VerifyPart):
    """A store in one GeoPackage file; see ``gis.store.base.Store`` for what it promises."""

    def __init__(self, database: Database) -> None:
        with database.read() as tx:
            settings: dict[str, str] = dict(tx.rows("SELECT key, value FROM store_meta"))
        signer = Signer(database.location, settings["store_id"])
        super().__init__(database, signer, settings["store_id"])
        self._settings = settings
        self._signed = -1
        self._occupied: int | None = None
        database.after_commit = self._sign

    @property
    def location(self) -> str:
        """The path it was opened by."""
        return self._database.location

    @property
    def kind(self) -> str:
        """``public`` or ``police``."""
        return str(self._settings["kind"])

    @property
    def store_id(self) -> str:
        """An id minted when the store was made."""
        return self._store_id

    def area_json(self) -> str:
        """Read the area profile the store was made for."""
        return str(self._settings["area"])

    def occupy(self) -> None:
        """Be the one server of this store until it is closed; StoreBusyError when another is."""
        if self._occupied is None:
            self._occupied = hold(beside(self.location, "serve"), "served by another process")

    def backup(self, folder: Path) -> Path:
        """Write an online backup with manifest and hashes into `folder`."""
        return write_backup(self._database, self._signer, folder)

    def close(self) -> None:
        """Let go of the store; closing twice is fine."""
        self._signer.sync()
        if self._occupied is not None:
            os.close(self._occupied)
            self._occupied = None
        self._database.close()

    def _sign(self, tx: Tx) -> None:
        """Write the head of what has just become durable; a failure only leaves it behind."""
        with suppress(StoreError):
            last = last_link(tx, self._store_id)
            if last.seq > self._signed:
                self._signer.write(last.seq, last.hash)
                self._signed = last.seq
