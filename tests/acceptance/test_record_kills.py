"""Is a mark that was acknowledged there after the process was killed?"""

from __future__ import annotations

import multiprocessing
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pytest
import shapely

from gis.store import create_store, open_store
from gis.store.base import Delivery
from tests.acceptance.record_world import acknowledged, dice, kept, size, write_until_killed

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.synchronize import Event
    from pathlib import Path

ROUNDS = size(5, 200)
IMPORTS = size(5, 20)
TRACED = 100
READY_S = 5.0

context = multiprocessing.get_context("forkserver")
context.set_forkserver_preload(["gis.store", "tests.acceptance.record_world"])


def kill_after(
    writers: list[Callable[[str, str, int, Event], None]],
    args: list[tuple[str, str, int]],
    delay_s: float,
) -> None:
    """Start a process for each writer, wait until all write, then kill them all at once."""
    events = [context.Event() for _ in args]
    processes = [
        context.Process(target=writer, args=(*arg, event), daemon=True)
        for writer, arg, event in zip(writers, args, events, strict=True)
    ]
    for process in processes:
        process.start()
    for event in events:
        assert event.wait(30)
    time.sleep(delay_s)
    for process in processes:
        os.kill(process.pid or 0, signal.SIGKILL)
    for process in processes:
        process.join()
        process.close()


def test_no_acknowledged_mark_is_lost_by_kills(place: str, tmp_path: Path) -> None:
    rng = dice(1)
    journal = tmp_path / "journal"
    create_store(place, "{}").close()
    for turn in range(ROUNDS):
        args = [(place, str(journal), turn * 2 + number) for number in range(2)]
        kill_after([write_until_killed] * 2, args, rng.uniform(0.05, 0.5))
        begin = time.monotonic()
        store = open_store(place)
        assert time.monotonic() - begin < READY_S
        assert store.verify() == []
        there = kept(store)
        store.close()
        for op_id, op_hash in acknowledged(journal).items():
            assert there.get(op_id) == op_hash
    assert len(acknowledged(journal)) > ROUNDS


def town(number: int) -> gpd.GeoDataFrame:
    """Make a layer whose every row tells which import it came with."""
    x = np.arange(800) + 500_000.0
    lines = shapely.linestrings(np.stack([np.stack([x, x + 9], 1), np.full((800, 2), 6.2e6)], 2))
    ids = [f"s{row}" for row in range(800)]
    return gpd.GeoDataFrame({"segment_id": ids, "n": number}, geometry=lines, crs=3006)


def import_until_killed(location: str, journal: str, seed: int, started: Event) -> None:
    """Import again and again: a delivery and its layer in one transaction."""
    store = open_store(location)
    descriptor = os.open(journal, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    started.set()
    for number in range(seed * 1000, seed * 1000 + 1000):
        raw = f"town {number}".encode()
        with store.transaction():
            store.keep_delivery(Delivery(kind="osm", source="osm", file_name="t"), raw, {})
            store.replace_layers({"segments": town(number)}, keys={"segments": "segment_id"})
        os.write(descriptor, f"{number} done\n".encode())


def test_a_killed_import_is_there_as_a_whole_or_not_at_all(tmp_path: Path) -> None:
    rng = dice(2)
    place, journal = tmp_path / "town.gpkg", tmp_path / "journal"
    store = create_store(place, "{}")
    store.replace_layers({"segments": town(0)}, keys={"segments": "segment_id"})
    store.close()
    for turn in range(1, IMPORTS + 1):
        kill_after(
            [import_until_killed], [(str(place), str(journal), turn)], rng.uniform(0.05, 0.5)
        )
        store = open_store(place)
        assert store.verify() == []
        numbers = set(store.layer("segments")["n"].tolist())
        newest = [store.delivery_raw(one.delivery_id) for one in store.deliveries()][-1:]
        store.close()
        done = max([0, *map(int, acknowledged(journal))])
        assert len(numbers) == 1
        assert min(numbers) >= done
        assert newest in ([], [f"town {min(numbers)}".encode()])


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
def test_a_sync_stands_before_every_acknowledgement(tmp_path: Path) -> None:
    place, trace = tmp_path / "town.gpkg", tmp_path / "trace"
    create_store(place, "{}").close()
    look = ["strace", "-f", "-y", "-e", "trace=fsync,fdatasync,write", "-o", str(trace)]
    command = [sys.executable, "-m", "tests.acceptance.record_marks", str(place), str(TRACED)]
    finished = subprocess.run(
        [*look, *command], stdout=subprocess.DEVNULL, timeout=120, check=False
    )
    assert finished.returncode == 0
    synced, acknowledged_count = False, 0
    for line in trace.read_text().splitlines():
        if re.search(r"f(data)?sync\(\d+<.*town\.gpkg-wal>", line):
            synced = True
        elif '"acknowledged ' in line:
            assert synced, line
            synced = False
            acknowledged_count += 1
    assert acknowledged_count == TRACED
