"""Does a store file stay small while somebody always reads and somebody writes?"""

import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import apsw

from gis.store.database import Database

READERS = 4
WRITTEN = 60 * 2**20
ROW = 2**20
MOST = 30 * 2**20
STALLED_S = 30
"""Twenty commits that each wait for a reader take three times as long."""


@contextmanager
def readers(database: Database) -> Iterator[None]:
    """Let some read without a pause: at every time one of them is at it."""
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            with database.read() as tx:
                tx.rows("SELECT count(*) FROM t")
                time.sleep(0.005)

    people = [threading.Thread(target=read) for _ in range(READERS)]
    for one in people:
        one.start()
        time.sleep(0.001)
    try:
        yield
    finally:
        done.set()
        for one in people:
            one.join()


def made(folder: Path) -> Database:
    """Make a file with one table."""
    path = folder / "town.gpkg"
    with closing(apsw.Connection(str(path))) as connection:
        connection.execute("CREATE TABLE t (a)")
    return Database(str(path))


def test_the_log_begins_anew_although_somebody_always_reads(tmp_path: Path) -> None:
    largest = 0
    with closing(made(tmp_path)) as database, readers(database):
        for _ in range(WRITTEN // ROW):
            with database.write() as tx:
                tx.run("INSERT OR REPLACE INTO t (rowid, a) VALUES (1, randomblob(?))", (ROW,))
            largest = max(largest, (tmp_path / "town.gpkg-wal").stat().st_size)
    assert largest < MOST


def test_a_reader_that_does_not_end_delays_no_commit(tmp_path: Path) -> None:
    with closing(made(tmp_path)) as database, database.read() as reading:
        reading.rows("SELECT count(*) FROM t")
        began = time.monotonic()
        other = threading.Thread(target=_write_much, args=(database,))
        other.start()
        other.join()
        assert time.monotonic() - began < STALLED_S
        assert reading.rows("SELECT count(*) FROM t") == [(0,)]
        with database.read() as later:
            assert later.rows("SELECT count(*) FROM t") == [(20,)]


def _write_much(database: Database) -> None:
    """Commit some five times what the log may hold."""
    for _ in range(20):
        with database.write() as tx:
            tx.run("INSERT INTO t VALUES (randomblob(?))", (4 * ROW,))
