"""Does a store in PostgreSQL stand what one in a file stands?

Forged history, power cuts, a full disk. A power cut is every process of the server killed at once
while it waits for the disk as in use (fsync on); that each acknowledgement comes after a sync of
the log is seen by strace, for a kill leaves what the kernel has not written yet.
"""

from __future__ import annotations

import multiprocessing
import os
import re
import shutil
import subprocess
import time
from contextlib import closing, contextmanager
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import pytest

from gis.store import create_store, open_store
from gis.store.base import StoreFullError
from gis.store.postgis.server import connect
from tests.acceptance.record_world import (
    acknowledged,
    dice,
    kept,
    mark,
    size,
    write_until_killed,
)
from tests.acceptance.test_record_history import cut, delete, flip, recompute, reorder
from tests.cluster import programmed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import psycopg

    from tests.cluster import Cluster, Program

FORGED: Final = size(20, 100)
REVISIONS: Final = size(100, 1000)
CUTS: Final = size(2, 40)
FULL: Final = size(3, 40)
TRACED: Final = size(20, 100)
ROOM: Final = 48 * 2**20
PIECE: Final = 2**16
SYNC: Final = re.compile(r"^\d+ +([\d.]+) f(?:data)?sync\(\d+<[^>]*pg_wal/", re.MULTILINE)
INSERT: Final = b"INSERT INTO revision VALUES (%s" + b",%s" * 15 + b")"


@pytest.fixture(autouse=True)
def keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the keys of a store lie where the writers of a test look for them."""
    monkeypatch.setenv("GCVAG_KEYS", str(tmp_path / "keys"))


@pytest.fixture(scope="module")
def lasting() -> Iterator[tuple[Cluster, Program]]:
    """Run a server that waits for the disk."""
    with programmed(lasting=True) as server:
        yield server


@contextmanager
def behind(address: str) -> Iterator[psycopg.Connection[Any]]:
    """Write behind the back of every trigger, as whoever owns the server may."""
    with connect(address) as other:
        other.execute("SET session_replication_role = replica")
        yield other


def rewrite(address: str, change: Callable[[list[list[Any]]], None]) -> None:
    """Write the history anew with a change in it."""
    with behind(address) as other:
        rows = [list(row) for row in other.execute("SELECT * FROM true_revision ORDER BY seq")]
        change(rows)
        with other.transaction(), other.cursor() as cursor:
            cursor.execute("DELETE FROM revision")
            cursor.executemany(INSERT, rows)


def test_every_forgery_is_found_and_the_first_bad_revision_named(postgres: Cluster) -> None:
    rng, address = dice(7), postgres.database()
    with closing(create_store(address, "{}")) as store:
        store.append([mark(rng) for _ in range(REVISIONS)])
    with connect(address) as other:
        other.execute("CREATE TABLE public.true_revision AS SELECT * FROM revision")
    for number in range(FORGED):
        how = (flip, delete, reorder, cut, recompute)[number % 5]
        at = int(rng.integers(REVISIONS - 1))
        rewrite(address, partial(how, at=at))
        with closing(open_store(address, check=False)) as store:
            assert [fault.seq for fault in store.verify()][:1] == [at + 1], how.__name__
    rewrite(address, lambda _: None)
    with connect(address) as other:
        other.execute("DROP TABLE public.true_revision")
    with closing(open_store(address)) as store:
        assert store.verify() == []


def test_no_power_cut_loses_or_spoils_anything(
    lasting: tuple[Cluster, Program], tmp_path: Path
) -> None:
    cluster, program = lasting
    rng, journal, address = dice(3), tmp_path / "journal", cluster.database()
    create_store(address, "{}").close()
    context = multiprocessing.get_context("spawn")
    for turn in range(CUTS):
        started = context.Event()
        told = (address, str(journal), turn, started)
        writer = context.Process(target=write_until_killed, args=told)
        writer.start()
        assert started.wait(30)
        time.sleep(rng.uniform(0.05, 0.5))
        (program.kill if turn % 2 else program.stop)()
        writer.kill()
        writer.join()
        program.start()
        with closing(open_store(address)) as store:
            assert store.verify() == []
            there = kept(store)
        for op_id, op_hash in acknowledged(journal).items():
            assert there.get(op_id) == op_hash
    assert len(acknowledged(journal)) > CUTS


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
def test_a_sync_stands_before_every_acknowledgement(
    lasting: tuple[Cluster, Program], tmp_path: Path
) -> None:
    cluster, program = lasting
    trace = tmp_path / "trace"
    address = cluster.database()
    create_store(address, "{}").close()
    words = ["strace", "-f", "-ttt", "-y", "-e", "trace=fdatasync,fsync", "-o", str(trace)]
    with subprocess.Popen(
        [*words, "-p", str(program.pid)], stderr=subprocess.PIPE, text=True
    ) as looking:
        try:
            assert looking.stderr is not None
            assert "attached" in looking.stderr.readline()
            times = write_some(address)
        finally:
            looking.terminate()
    synced = [float(at) for at in SYNC.findall(trace.read_text())]
    for begin, end in pairwise(times):
        assert any(begin < at < end for at in synced)


def write_some(address: str) -> list[float]:
    """Write marks one after the other; give the time before the first and after each."""
    rng, times = dice(4), [time.time()]
    with closing(open_store(address)) as store:
        for _ in range(TRACED):
            store.append([mark(rng)])
            times.append(time.time())
    return times


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """Give a folder on a disk of its own with little room."""
    disk = folder / "disk"
    disk.mkdir()
    words = ["/bin/mount", "-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs", str(disk)]
    if subprocess.run(words, capture_output=True, check=False).returncode:
        pytest.skip("no disk can be mounted here; the full disk of a file is tried everywhere")
    try:
        yield disk
    finally:
        subprocess.run(["/bin/umount", disk], check=True)


def fill(disk: Path, left: int) -> None:
    """Fill a disk but for some bytes."""
    usage = shutil.disk_usage(disk)
    with (disk / "ballast").open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, max(usage.free - left, 1))


def test_a_full_disk_refuses_and_a_freed_one_goes_on(postgres: Cluster) -> None:
    rng, sent, refused = dice(5), [], 0
    with small_disk(postgres.folder) as disk:
        address = postgres.database_in(disk / "tablespace")
        with closing(create_store(address, "{}")) as store:
            for number in range(FULL):
                fill(disk, int(rng.integers(8)) * PIECE)
                for _ in range(200):
                    try:
                        sent.append(store.append([mark(rng)])[0].op_id)
                        store.keep_item("photo", str(number), rng.bytes(PIECE))
                    except StoreFullError:
                        refused += 1
                        break
                assert set(sent) <= set(kept(store))
                (disk / "ballast").unlink()
                sent.append(store.append([mark(rng)])[0].op_id)
                assert store.verify() == []
        postgres.drop_elsewhere()
    assert refused == FULL
