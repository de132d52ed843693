"""What is a store in a database made of?

A schema of its own in a database with PostGIS, and the parts that read and write it. The head of
its history and its keys lie in a folder of this computer, so that whoever may write the database
alone cannot sign.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from typing_extensions import override

from gis.store.postgis.layers import ServerLayersPart, layer_faults
from gis.store.postgis.schema import layout_faults
from gis.store.postgis.server import SERVING
from gis.store.records import Fault

if TYPE_CHECKING:
    from gis.store.database import Tx
    from gis.store.postgis.server import ServerDatabase

FILES: Final = "files"
"""The setting that names the files of a store in a database."""
_SETTING: Final = "GCVAG_KEYS"


def base_of(settings: dict[str, str]) -> Path:
    """Name what the files of a store in a database begin with: what its `settings` call them.

    They lie in the folder that the setting ``GCVAG_KEYS`` names, by default
    ``~/.local/share/gcvag``; it is made where it is missing. A store that was restored into
    another database has files of its own.
    """
    named = os.environ.get(_SETTING)
    folder = Path(named) if named else Path.home() / ".local" / "share" / "gcvag"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder / settings[FILES]


class PostgisStore(ServerLayersPart):
    """A store in a database; see ``gis.store.base.Store`` for what it promises."""

    def __init__(self, database: ServerDatabase) -> None:
        with database.read() as tx:
            settings: dict[str, str] = dict(tx.rows("SELECT key, value FROM store_meta"))
        super().__init__(database, str(base_of(settings)), settings)
        self._serving = False

    def occupy(self) -> None:
        """Be the one server of this store until it is closed; StoreBusyError when another is."""
        if not self._serving:
            self._database.hold(SERVING, "served by another process")
            self._serving = True

    @override
    def _layout_faults(self, tx: Tx) -> list[Fault]:
        return layout_faults(tx)

    @override
    def _layer_faults(self, tx: Tx) -> list[Fault]:
        return [
            Fault("layer", f"layer {name} and its features differ; run gcvag update")
            for name in layer_faults(tx)
        ]
