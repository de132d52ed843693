"""Does a store in PostgreSQL stand what one in a file stands?

Forged history and power cuts. A power cut is every process of the server killed at once
while it waits for the disk as in use (fsync on); that each acknowledgement comes after a sync of
the log is seen by strace, for a kill leaves what the kernel has not written yet.
"""

from __future__ import annotations

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
from tests.acceptance.test_record_kills import context
from tests.cluster import programmed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import psycopg

    from tests.cluster import Cluster, Program

FORGED: Final = size(20, 100)
REVISIONS: Final = size(100, 1000)
CUTS: Final = size(2, 40)
TRACED: Final = size(20, 100)
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
    for turn in range(CUTS):
        started = context.Event()
        told = (address, str(journal), turn, started)
        writer = context.Process(target=write_until_killed, args=told)
        writer.start()
        assert started.wait(60)
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
