"""What do the parts of a store share?

The database, the signer of heads, and the two ways to it: ``_write`` and ``_read``.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gis.store.database import Database, Tx
    from gis.store.head import Signer


class Part:
    """One side of a store: history, people, deliveries, layers …"""

    def __init__(self, database: Database, signer: Signer, store_id: str) -> None:
        self._database = database
        self._signer = signer
        self._store_id = store_id

    def _write(self) -> AbstractContextManager[Tx]:
        return self._database.write()

    def _read(self) -> AbstractContextManager[Tx]:
        return self._database.read()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Hold the writer: what is read and written inside is one transaction, kept at its end."""
        with self._write():
            yield
