"""Is every acknowledged mark kept while every command that draws, exports or imports runs?

The commands run in this process, with GDAL in it; two more processes write marks meanwhile.
"""

from __future__ import annotations

import os
import time
import uuid
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gis import areas, inventory, marks
from gis.cli.leave import FORMATS
from gis.store import create_store, open_store
from gis.store.base import StoreBusyError
from tests.acceptance.record_world import SOAK, acknowledged, dice, kept, size
from tests.acceptance.test_record_kills import context
from tests.acceptance.test_record_refusals import told
from tests.gis import osmtext

if TYPE_CHECKING:
    from multiprocessing.context import ForkServerProcess
    from multiprocessing.synchronize import Event

    import pytest

WRITERS: Final = 2
ROUNDS: Final = size(1, 10)
PAUSE_S: Final = 0.02
EXPORTS: Final = [name for name in FORMATS if name != "nvdb"] if SOAK else ["gpkg"]
"""A correction list for NVDB needs a delivery of NVDB."""
MAPS: Final = ("inventory", "review", "sites", "promises") if SOAK else ("inventory",)


def observe_until_killed(location: str, journal: str, seed: int, started: Event) -> None:
    """Send marks as phones do and note each in the journal once it is answered."""
    os.environ["GCVAG_KEYS"] = str(Path(journal).parent / "keys")
    rng = dice(seed)
    with closing(open_store(location)) as store:
        (segment_id,) = store.table("segments")["segment_id"]
        descriptor = os.open(journal, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        started.set()
        while True:
            operation = {
                "op_id": str(uuid.UUID(bytes=rng.bytes(16))),
                "kind": "mark",
                "segment_id": segment_id,
                "base_version": None,
                "fields": {"note": f"synthetic mark of writer {seed}"},
                "observed_at": "2026-05-12T08:00:00Z",
            }
            with suppress(StoreBusyError):
                marks.receive(store, [operation], author=f"p{seed}", now=datetime.now(UTC))
            made = store.revision_of(str(operation["op_id"]))
            if made is not None:
                os.write(descriptor, f"{made.op_id} {made.op_hash}\n".encode())
            time.sleep(PAUSE_S)


def start(place: str, journal: Path) -> list[ForkServerProcess]:
    """Start the writers and wait until they write."""
    started = [context.Event() for _ in range(WRITERS)]
    writers = []
    for seed, event in enumerate(started):
        told_them = (place, str(journal), seed, event)
        writers.append(context.Process(target=observe_until_killed, args=told_them, daemon=True))
        writers[-1].start()
        assert event.wait(60)
    return writers


def every(place: str, folder: Path, turn: int) -> list[list[str | Path]]:
    """List all commands that read much or write much."""
    out = folder / f"out{turn}"
    out.mkdir()
    drawn: list[list[str | Path]] = []
    drawn += [["export", place, name, "-o", out / f"x.{name}"] for name in EXPORTS]
    drawn += [["map", place, name, "-o", out / f"{name}.html"] for name in MAPS]
    printed: list[list[str | Path]] = [
        ["sheet", place, "--bbox", "15.57,56.15,15.6,56.17", "-o", out / "sheet.pdf"],
        ["report", place, "--year", "2026", "-o", out / "report.pdf"],
    ]
    return [
        *drawn,
        *(printed if SOAK else []),
        ["import", place, folder / f"town{turn}.osm"],
        ["backup", place, "-o", out / "kept"],
        ["status", place],
    ]


def test_no_acknowledged_mark_is_lost_while_every_command_runs(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    town = osmtext.line(("highway", "footway"))
    with closing(create_store(place, areas.load("karlskrona").to_json())) as store:
        inventory.import_file(store, town.save(tmp_path))
        inventory.update(store)
    journal = tmp_path / "journal"
    writers = start(place, journal)
    for turn in range(ROUNDS):
        town.node(90 + turn, 0.5, 0.5 + turn).save(tmp_path, f"town{turn}.osm")
        for words in every(place, tmp_path, turn):
            assert told(*words) == 0, words
    assert all(writer.is_alive() for writer in writers)
    for writer in writers:
        writer.kill()
        writer.join()
    sent = acknowledged(journal)
    assert len(sent) > WRITERS * ROUNDS
    with closing(open_store(place)) as store:
        assert store.verify() == []
        there = kept(store)
    assert {op_id: there.get(op_id) for op_id in sent} == sent
