"""What does a store say and do whatever its engine?

It reads its settings once, signs the head after each commit, and puts its parts together.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from gis.errors import StoreError
from gis.store.backup import write_backup
from gis.store.deliveries import DeliveryPart
from gis.store.head import Signer, beside
from gis.store.history import last_link
from gis.store.layerreading import LayerReadingPart
from gis.store.people import PeoplePart
from gis.store.shelf import ShelfPart
from gis.store.tilereading import TileReadingPart
from gis.store.verifying import VerifyPart

if TYPE_CHECKING:
    from pathlib import Path

    from gis.store.database import Tx
    from gis.store.part import Engine


class WholeStore(
    DeliveryPart, LayerReadingPart, PeoplePart, ShelfPart, TileReadingPart, VerifyPart
):
    """The parts of a store over one engine; see ``gis.store.base.Store``."""

    def __init__(self, database: Engine, base: str, settings: dict[str, str]) -> None:
        super().__init__(database, Signer(base, settings["store_id"]), settings["store_id"])
        self._settings = settings
        self._signed = -1
        database.after_commit = self._sign

    @property
    def location(self) -> str:
        """The path or address it was opened by."""
        return self._database.location

    @property
    def kind(self) -> str:
        """``public`` or ``police``."""
        return str(self._settings["kind"])

    @property
    def store_id(self) -> str:
        """An id minted when the store was made."""
        return self._store_id

    @property
    def backups(self) -> Path:
        """The folder beside the store's files that its own backups lie in."""
        return beside(self._signer.base, "backup")

    def area_json(self) -> str:
        """Read the area profile the store was made for."""
        return str(self._settings["area"])

    def put_area(self, area_json: str) -> None:
        """Take another profile of the same area; who has the store open elsewhere opens it anew."""
        with self._write() as tx:
            tx.run("UPDATE store_meta SET value = ? WHERE key = 'area'", (area_json,))
        self._settings = self._settings | {"area": area_json}

    def backup(self, folder: Path) -> Path:
        """Write an online backup with manifest and hashes into `folder`."""
        return write_backup(self._database, self._signer, folder)

    def close(self) -> None:
        """Let go of the store; closing twice is fine."""
        self._signer.sync()
        self._database.close()

    def _sign(self, tx: Tx) -> None:
        """Write the head of what has just become durable; a failure only leaves it behind."""
        with suppress(StoreError):
            last = last_link(tx, self._store_id)
            if last.seq > self._signed:
                self._signer.write(last.seq, last.hash)
                self._signed = last.seq
