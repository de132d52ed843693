"""What becomes of a file that a planner uploads?

The gate looks at it while the planner waits. Then, as a job: it is read in a process apart, its
frames are kept as a delivery, and the inventory is brought up to date in another process.
"""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, TYPE_CHECKING, Any, Final

from api.errors import Problem
from api.kinds import Kind
from gis.deliveries import Told, check_place, keep_reading
from gis.errors import SourceError
from gis.inventory.apart import LIMITS, STEPS, update_apart
from gis.jail import Apart
from gis.sources import KINDS, mapping_of, worker
from gis.sources.gate import check_upload, plain_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from gis.deliveries import Imported
    from gis.store import Store

    Tell = Callable[[float, str], None]

BEGUN: Final = 0.1
READ: Final = 0.4
KEPT: Final = 0.5
CHUNK: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that passed the gate, in a folder of its own, and what was said of it."""

    folder: TemporaryDirectory[str]
    path: Path
    told: Told
    sha256: str

    def described(self) -> dict[str, Any]:
        """Say what makes this upload the same as another."""
        told = self.told
        return {
            "sha256": self.sha256,
            "kind": told.kind,
            "source": told.source,
            "date": told.date,
            "mapping": told.mapping,
        }


class Importing:
    """One import on its way, which can be stopped."""

    def __init__(self, store: Store, upload: Upload) -> None:
        self._store = store
        self._upload = upload
        self._apart: Apart | None = None
        self._stopped = False

    def stop(self) -> None:
        """End the process that works now, and begin no other."""
        self._stopped = True
        if self._apart is None:
            self._upload.folder.cleanup()
        else:
            self._apart.stop()

    def run(self, tell: Tell) -> dict[str, Any]:
        """Read, keep and bring up to date; its figures."""
        kept = self._keep(tell)
        tell(KEPT, "updating")
        figures = update_apart(
            self._next(Apart(LIMITS)),
            self._store.location,
            lambda step: tell(_share(step), "updating"),
        )
        return {
            "delivery_id": kept.delivery_id,
            "new": kept.new,
            "kind": kept.kind,
            "source": kept.source,
            "counts": kept.counts,
            "faults": len(kept.faults),
            "update": figures,
        }

    def _keep(self, tell: Tell) -> Imported:
        """Read the file apart and keep it with its frames; the upload is gone afterwards."""
        path, told = self._upload.path, self._upload.told
        with self._upload.folder as folder:
            frames = Path(folder, "frames")
            frames.mkdir()
            tell(BEGUN, "reading")
            apart = self._next(Apart(worker.limits()))
            found = worker.read(apart, path, frames, kind=told.kind, mapping=told.mapping)
            check_place(self._store, found.kind, path)
            tell(READ, "keeping")
            about = replace(told, kind=found.kind)
            return keep_reading(self._store, path, about, found.reading)

    def _next(self, apart: Apart) -> Apart:
        """Remember what works now."""
        if self._stopped:
            msg = "the import was stopped"
            raise OSError(msg)
        self._apart = apart
        return apart


def receive(stream: IO[bytes], file_name: str, told: Told) -> Upload:
    """Lay an uploaded file down and look at it.

    Raises
    ------
    Problem
        ``not_taken`` when the gate refuses it, ``invalid_code`` for an unknown kind or a mapping
        that is none.
    """
    _check_told(told)
    folder = TemporaryDirectory(prefix="gcvag-")
    path = Path(folder.name, plain_name(file_name))
    digest = hashlib.sha256()
    try:
        with path.open("wb") as file:
            shutil.copyfileobj(stream, file, CHUNK)
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                digest.update(chunk)
        check_upload(path)
    except SourceError:
        folder.cleanup()
        raise Problem(Kind.NOT_TAKEN) from None
    return Upload(folder, path, told, digest.hexdigest())


def _check_told(told: Told) -> None:
    """Refuse a kind that there is not, accidents, and a mapping that is none."""
    if told.kind is not None and (told.kind not in KINDS or told.kind == "accidents"):
        raise Problem(Kind.INVALID_CODE)
    if told.mapping is not None:
        try:
            mapping_of(told.mapping)
        except SourceError:
            raise Problem(Kind.INVALID) from None


def _share(step: str) -> float:
    """Say how far an import is when a step of the update begins."""
    return round(KEPT + (1 - KEPT) * STEPS.index(step) / len(STEPS), 2)
