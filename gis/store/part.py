"""What do the parts of a store share?

The database, the signer of heads, and the two ways to it: ``_write`` and ``_read``.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from gis.store.database import Tx
    from gis.store.head import Signer


class Engine(Protocol):
    """The connections of one store: one that writes, others that read."""

    location: str
    after_commit: Callable[[Tx], None]

    def write(self) -> AbstractContextManager[Tx]:
        """Hold the writer for one transaction; inside another one, a part of it."""

    def read(self) -> AbstractContextManager[Tx]:
        """Hold a reader: one unchanging picture; inside a transaction of this thread, its own."""

    def erasing(self) -> AbstractContextManager[None]:
        """Leave nothing of what is deleted inside on the disk."""

    def copy_to(self, path: Path) -> None:
        """Copy one unchanging picture of the store into a new GeoPackage file."""

    def close(self) -> None:
        """Close every connection."""


class Part:
    """One side of a store: history, people, deliveries, layers …"""

    def __init__(self, database: Engine, signer: Signer, store_id: str) -> None:
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
