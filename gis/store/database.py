"""How does a store talk to SQLite without losing a commit?

One writer connection behind a lock, readers apart and read-only, WAL with synchronous=FULL.
Every error of the engine becomes one sentence. The file itself is never opened by other means
in this process: closing such a handle would cancel the locks that SQLite holds.
"""

from __future__ import annotations

import os
import threading
from contextlib import contextmanager, suppress
from queue import Empty, LifoQueue
from typing import TYPE_CHECKING, Any, Final

import apsw

from gis.errors import StoreError
from gis.store.dialect import GEOPACKAGE, Dialect
from gis.store.geometry import register_functions
from gis.store.records import StoreBusyError, StoreFullError
from gis.store.wording import fill

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from apsw import Connection

Row = tuple[Any, ...]

_BUSY_MS: Final = 5000
# Bulk loads must not stall on a lock of their own: a reader waits for nothing under WAL.
_CACHE_KIB: Final = 65536
# One reader a thread: what they hold adds up, and the system holds the file's pages anyway.
_READER_KIB: Final = 8192
_WAL_BYTES: Final = 64 * 2**20
# Where somebody always reads, SQLite by itself never begins the WAL anew, and it grows for ever.
_WAL_SOME: Final = 1000
_WAL_FULL: Final = 4096
_FOLD_MS: Final = 100
_PAGES_A_STEP: Final = 2000
# https://www.sqlite.org/changes.html: the WAL-reset race came with 3.7.0 and went with 3.51.3;
# the cure was carried back to 3.44.6 and 3.50.7.
_RACE_FROM: Final = (3, 7, 0)
_RACE_UNTIL: Final = (3, 51, 3)
_CURED: Final = {(3, 44): 6, (3, 50): 7}


def refuse_affected(version: str) -> None:
    """Refuse an SQLite that can lose commits (WAL-reset race).

    Raises
    ------
    StoreError
        If `version` lies from 3.7.0 to 3.51.2 and is not 3.44.6 or later in 3.44, nor 3.50.7 or
        later in 3.50.

    Examples
    --------
    >>> refuse_affected("3.51.3")
    """
    major, minor, patch = (*(int(part) for part in version.split(".")), 0, 0)[:3]
    cured = patch >= _CURED.get((major, minor), patch + 1)
    if _RACE_FROM <= (major, minor, patch) < _RACE_UNTIL and not cured:
        msg = f"SQLite {version} can lose commits; install apsw with SQLite 3.51.3 or later"
        raise StoreError(msg)


class Tx:
    """One transaction: rows in, rows out."""

    dialect: Dialect = GEOPACKAGE

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[Row]:
        """Read all rows."""
        return self._connection.execute(sql, values).fetchall()

    def one(self, sql: str, values: Sequence[Any] = ()) -> Row | None:
        """Read the first row, or None."""
        return self.lasting(sql, values)

    def lasting(self, sql: str, values: Sequence[Any] = ()) -> Row | None:
        """Read the first row of tables that never change their form: it may be planned once."""
        for row in self._connection.execute(sql, values):
            return tuple(row)
        return None

    def each(self, sql: str, values: Sequence[Any] = ()) -> Iterator[Row]:
        """Read rows one after the other, for what does not fit into memory."""
        return iter(self._connection.execute(sql, values))

    def run(self, sql: str, values: Sequence[Any] = ()) -> int:
        """Run a statement and count the rows it changed."""
        self._connection.execute(sql, values)
        return self._connection.changes()

    def run_many(self, sql: str, values: Iterable[Sequence[Any]]) -> None:
        """Run a statement for every row of values."""
        self._connection.executemany(sql, values)

    def put_all(self, table: str, rows: Iterable[Row]) -> None:
        """Put whole rows into a table."""
        for row in rows:
            marks = ",".join("?" * len(row))
            self.run(fill("INSERT INTO $t VALUES ($marks)", t=table, marks=marks), row)


class Database:
    """The connections of one store file."""

    def __init__(self, location: str, *, vfs: str | None = None) -> None:
        refuse_affected(apsw.sqlite_lib_version())
        self.location = location
        self.after_commit: Callable[[Tx], None] = _nothing
        self._vfs = vfs
        self._lock = threading.RLock()
        self._holder: int | None = None
        self._depth = 0
        self._readers: LifoQueue[Connection] = LifoQueue()
        self._closed = False
        self._fold_at = _WAL_FULL
        with explained(location):
            self._writer = self._open_writer()

    @contextmanager
    def write(self) -> Iterator[Tx]:
        """Hold the writer for one transaction; inside another one, a part of it.

        A part that fails is taken back alone; the whole is durable when the outermost ends.
        """
        with self._lock, explained(self.location):
            self._refuse_closed()
            outermost = self._depth == 0
            begin, keep, back = self._words()
            self._writer.execute(begin)
            self._depth += 1
            self._holder = threading.get_ident()
            try:
                yield Tx(self._writer)
                self._writer.execute(keep)
            except BaseException:
                with suppress(apsw.Error):
                    self._writer.execute(back)
                raise
            finally:
                self._depth -= 1
                self._holder = self._holder if self._depth else None
            if outermost:
                self.after_commit(Tx(self._writer))

    @contextmanager
    def read(self) -> Iterator[Tx]:
        """Hold a reader: one unchanging picture; inside a transaction of this thread, its own."""
        if self._holder == threading.get_ident():
            with explained(self.location):
                yield Tx(self._writer)
            return
        with explained(self.location):
            reader = self._take_reader()
            try:
                reader.execute("BEGIN")
                yield Tx(reader)
            finally:
                with suppress(apsw.Error):
                    reader.execute("COMMIT")
                self._readers.put(reader)

    @contextmanager
    def erasing(self) -> Iterator[None]:
        """Overwrite what is deleted inside, and fold the WAL in, so that no copy stays."""
        with self.alone() as connection:
            connection.pragma("secure_delete", 1)
        try:
            yield
        finally:
            with self.alone() as connection:
                connection.pragma("secure_delete", 0)
                connection.pragma("wal_checkpoint(truncate)")

    @contextmanager
    def alone(self) -> Iterator[Connection]:
        """Hold the writer outside any transaction, for checkpoint, backup and pragmas."""
        with self._lock, explained(self.location):
            self._refuse_closed()
            yield self._writer

    def copy_to(self, path: Path) -> None:
        """Copy one unchanging picture of the store into a new file while others write."""
        with explained(self.location):
            source = self._take_reader()
            target = apsw.Connection(str(path), vfs=self._vfs)
            try:
                source.execute("BEGIN")
                source.execute("SELECT 1 FROM sqlite_master").fetchall()
                with target.backup("main", source, "main") as copying:
                    while not copying.done:
                        copying.step(_PAGES_A_STEP)
                target.pragma("journal_mode", "delete")
            finally:
                target.close()
                with suppress(apsw.Error):
                    source.execute("COMMIT")
                self._readers.put(source)

    def fork(self) -> int:
        """Fork with no connection open: SQLite's must not be shared. Both processes have their own.

        Nobody may be reading or writing through this object; StoreError inside a transaction.
        """
        with self._lock, explained(self.location):
            if self._depth:
                msg = f"{self.location}: no second process can write inside a transaction"
                raise StoreError(msg)
            self._close_all()
            pid = os.fork()
            try:
                self._writer = self._open_writer()
            except BaseException:
                if not pid:
                    os._exit(1)
                raise
            return pid

    def close(self) -> None:
        """Close every connection; the last one of all processes folds the WAL into the file."""
        with self._lock:
            self._closed = True
            self._close_all()

    def _close_all(self) -> None:
        while True:
            try:
                self._readers.get_nowait().close()
            except Empty:
                break
        self._writer.close()

    def _words(self) -> tuple[str, str, str]:
        """Give begin, keep and take back: of a transaction, or of a part of the one that runs."""
        if self._depth == 0:
            return "BEGIN IMMEDIATE", "COMMIT", "ROLLBACK"
        if self._writer.get_autocommit():
            msg = f"{self.location}: the transaction was taken back; begin it again"
            raise StoreError(msg)
        mark = f"part_{self._depth}"
        return f"SAVEPOINT {mark}", f"RELEASE {mark}", f"ROLLBACK TO {mark}; RELEASE {mark}"

    def _open_writer(self) -> Connection:
        writer = self._open()
        writer.set_wal_hook(self._fold)
        return writer

    def _fold(self, writer: Connection, _name: str, pages: int) -> int:
        """Copy the WAL into the file after a commit, and begin it anew when it is long.

        That waits for those who are reading, a short time: what is not done now is done later.
        """
        if pages < _WAL_SOME:
            self._fold_at = _WAL_FULL
            return apsw.SQLITE_OK
        long = pages >= self._fold_at
        mode = apsw.SQLITE_CHECKPOINT_RESTART if long else apsw.SQLITE_CHECKPOINT_PASSIVE
        writer.set_busy_timeout(_FOLD_MS)
        try:
            writer.wal_checkpoint(mode=mode)
        except apsw.Error:  # the commit stands whatever becomes of its copy
            self._fold_at = pages + _WAL_FULL
        finally:
            writer.set_busy_timeout(_BUSY_MS)
        return apsw.SQLITE_OK

    def _take_reader(self) -> Connection:
        self._refuse_closed()
        try:
            return self._readers.get_nowait()
        except Empty:
            reader = self._open()
            reader.pragma("query_only", 1)
            reader.pragma("cache_size", -_READER_KIB)
            return reader

    def _open(self) -> Connection:
        flags = apsw.SQLITE_OPEN_READWRITE
        connection = apsw.Connection(self.location, flags=flags, vfs=self._vfs)
        try:
            prepare(connection)
        except apsw.Error:
            connection.close()
            raise
        return connection

    def _refuse_closed(self) -> None:
        if self._closed:
            msg = f"{self.location} is closed; open it again"
            raise StoreError(msg)


def _nothing(_tx: Tx) -> None:
    """Do nothing after a commit."""


def prepare(connection: Connection) -> None:
    """Set what every connection to a store needs: safety first, then room."""
    connection.set_busy_timeout(_BUSY_MS)
    connection.config(apsw.SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0)
    connection.config(apsw.SQLITE_DBCONFIG_DEFENSIVE, 1)
    connection.pragma("cell_size_check", 1)
    connection.pragma("mmap_size", 0)
    connection.pragma("foreign_keys", 1)
    connection.pragma("cache_size", -_CACHE_KIB)
    connection.pragma("journal_mode", "wal")
    connection.pragma("synchronous", "full")
    connection.pragma("journal_size_limit", _WAL_BYTES)
    register_functions(connection)


@contextmanager
def explained(location: str) -> Iterator[None]:
    """Turn an error of the engine into one sentence about the store."""
    try:
        yield
    except apsw.FullError as fault:
        msg = f"{location}: the disk is full, nothing was kept; make room and try again"
        raise StoreFullError(msg) from fault
    except (apsw.BusyError, apsw.LockedError) as fault:
        msg = f"{location} is held by another program; try again when it has finished"
        raise StoreBusyError(msg) from fault
    except (apsw.ReadOnlyError, apsw.CantOpenError, apsw.PermissionsError) as fault:
        msg = f"{location} cannot be written; give its folder and files to this user"
        raise StoreError(msg) from fault
    except (apsw.CorruptError, apsw.NotADBError) as fault:
        msg = f"{location} is damaged or no GeoPackage; restore it from a backup"
        raise StoreError(msg) from fault
    except apsw.Error as fault:
        msg = f"{location}: the store refused the work ({type(fault).__name__}: {fault})"
        raise StoreError(msg) from fault


@contextmanager
def looking(path: Path) -> Iterator[Tx]:
    """Look at one unchanging picture of a file without changing a byte of it."""
    refuse_affected(apsw.sqlite_lib_version())
    with explained(str(path)):
        connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
        try:
            connection.config(apsw.SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0)
            connection.set_busy_timeout(_BUSY_MS)
            connection.execute("BEGIN")
            yield Tx(connection)
        finally:
            connection.close()
