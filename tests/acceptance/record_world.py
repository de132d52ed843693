"""What do the experiments on the record share: sizes, marks, writers to kill, a disk to spoil."""

from __future__ import annotations

import os
import threading
import uuid
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

import apsw
import numpy as np
from typing_extensions import override

from gis.store import open_store
from gis.store.base import Entry

if TYPE_CHECKING:
    from multiprocessing.synchronize import Event

    from gis.store.base import Store

SOAK: Final = os.environ.get("GCVAG_SOAK") == "1"
SECTOR: Final = 512


Dice: TypeAlias = np.random.Generator


def dice(seed: int) -> Dice:
    """Make dice that fall the same in every run."""
    return np.random.default_rng(seed)


def size(short: int, full: int) -> int:
    """Choose how many rounds an experiment has."""
    return full if SOAK else short


def mark(rng: Dice, **more: object) -> Entry:
    """Make a mark with an operation id of its own."""
    body = {"segment_id": f"s{int(rng.integers(50))}", "note": "x" * int(rng.integers(400)), **more}
    op_id = str(uuid.UUID(bytes=rng.bytes(16)))
    return Entry(entity="observation", entity_id=op_id, body=body, author="p1", op_id=op_id)


def write_until_killed(location: str, journal: str, seed: int, started: Event) -> None:
    """Write marks with two threads and note each in the journal once the store has it."""
    os.environ["GCVAG_KEYS"] = str(Path(journal).parent / "keys")
    store = open_store(location)
    descriptor = os.open(journal, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)

    def client(number: int) -> None:
        rng = dice(seed * 2 + number)
        while True:
            made = store.append([mark(rng)])[0]
            os.write(descriptor, f"{made.op_id} {made.op_hash}\n".encode())

    for number in range(2):
        threading.Thread(target=client, args=(number,), daemon=True).start()
    started.set()
    threading.Event().wait()


def acknowledged(journal: Path) -> dict[str, str]:
    """Read what was acknowledged: operation ids and hashes."""
    if not journal.exists():
        return {}
    return dict(line.split() for line in journal.read_text().splitlines())


def kept(store: Store) -> dict[str | None, str | None]:
    """Read the operations a store holds."""
    return {one.op_id: one.op_hash for one in store.revisions("observation")}


class Step(NamedTuple):
    """One thing that happened to the disk, or an acknowledgement with the head that stood then."""

    what: str
    name: str
    offset: int = 0
    data: bytes = b""


class Tape:
    """All steps, in order."""

    def __init__(self) -> None:
        self.steps: list[Step] = []
        self.room: int | None = None

    def note(self, step: Step) -> None:
        """Write down a step."""
        self.steps.append(step)

    def spend(self, count: int) -> None:
        """Use up room on the disk; FullError when there is none left."""
        if self.room is None:
            return
        if count > self.room:
            msg = "no room"
            raise apsw.FullError(msg)
        self.room -= count


class TapedDisk(apsw.VFS):
    """A disk that writes down every step; it can also run full."""

    def __init__(self, name: str, tape: Tape) -> None:
        self.tape = tape
        super().__init__(name, "unix")

    @override
    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> TapedFile:
        return TapedFile(self.tape, name, flags)

    @override
    def xDelete(self, filename: str, syncdir: bool) -> None:
        self.tape.note(Step("delete", Path(filename).name))
        super().xDelete(filename, syncdir)


class TapedFile(apsw.VFSFile):
    """A file of the taped disk."""

    def __init__(self, tape: Tape, name: str | apsw.URIFilename | None, flags: list[int]) -> None:
        self._tape = tape
        plain = name.filename() if isinstance(name, apsw.URIFilename) else name
        self._name = Path(plain or "temporary").name
        super().__init__("unix", name, flags)

    @override
    def xWrite(self, data: bytes, offset: int) -> None:
        self._tape.spend(len(data))
        self._tape.note(Step("write", self._name, offset, bytes(data)))
        super().xWrite(data, offset)

    @override
    def xTruncate(self, newsize: int) -> None:
        self._tape.note(Step("truncate", self._name, newsize))
        super().xTruncate(newsize)

    @override
    def xSync(self, flags: int) -> None:
        self._tape.note(Step("sync", self._name))
        super().xSync(flags)


def after_power_cut(before: dict[str, bytes], steps: list[Step], rng: Dice) -> dict[str, bytes]:
    """Say what a disk may hold after a power cut.

    What was synced is there; of each file's later steps some are, in any order, and a write may be
    there in part: sector by sector.
    """
    disk = {name: bytearray(data) for name, data in before.items()}
    waiting: dict[str, list[Step]] = {}
    for step in steps:
        if step.what == "sync":
            for late in waiting.pop(step.name, []):
                _apply(disk, late)
        elif step.what == "delete":
            disk.pop(step.name, None)
            waiting.pop(step.name, None)
        elif step.what in {"write", "truncate"}:
            waiting.setdefault(step.name, []).append(step)
    for unsynced in waiting.values():
        some = [part for step in unsynced if rng.random() < 0.6 for part in _torn(step, rng)]
        for at in rng.permutation(len(some)):
            _apply(disk, some[at])
    return {name: bytes(data) for name, data in disk.items()}


def _torn(step: Step, rng: Dice) -> list[Step]:
    """Cut a write where sectors end, and lose some."""
    if step.what != "write" or rng.random() < 0.5:
        return [step]
    cuts = [0, *range(SECTOR - step.offset % SECTOR, len(step.data), SECTOR), len(step.data)]
    return [
        Step("write", step.name, step.offset + start, step.data[start:stop])
        for start, stop in pairwise(cuts)
        if rng.random() < 0.7
    ]


def _apply(disk: dict[str, bytearray], step: Step) -> None:
    file = disk.setdefault(step.name, bytearray())
    if step.what == "truncate":
        del file[step.offset :]
        file.extend(bytes(step.offset - len(file)))
        return
    file.extend(bytes(max(0, step.offset - len(file))))
    file[step.offset : step.offset + len(step.data)] = step.data
