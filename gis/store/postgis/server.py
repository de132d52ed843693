"""How does a store talk to PostgreSQL?

One writer connection, which holds an advisory lock while it writes, so that writers of all
processes take turns; readers from a pool, each with one unchanging picture. Statements are the
ones of the embedded store. Every error of the server becomes one sentence without the password.
"""

from __future__ import annotations

import re
import threading
from contextlib import contextmanager, suppress
from functools import lru_cache
from itertools import count
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import psycopg
import shapely
from psycopg.client_cursor import ClientCursorMixin
from psycopg.conninfo import conninfo_to_dict
from psycopg_pool import ConnectionPool, PoolTimeout
from typing_extensions import override

from gis.errors import StoreError
from gis.store.cutting import cut
from gis.store.database import Tx
from gis.store.dialect import Dialect
from gis.store.records import StoreBusyError, StoreFullError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    import numpy.typing as npt

    from gis.store.database import Row

    Connection = psycopg.Connection[Row]

SCHEMA: Final = "gcvag"
WRITING, UPDATING, SERVING = range(0x6763_7601, 0x6763_7604)
"""Advisory locks within one database: who writes, who replaces layers, who serves."""
_SETTINGS: Final = (
    f"-c search_path={SCHEMA},public -c lock_timeout=5s -c synchronous_commit=on "
    "-c bytea_output=hex -c client_encoding=UTF8"
)
_TURN: Final = f"BEGIN ISOLATION LEVEL READ COMMITTED; SELECT pg_advisory_xact_lock({WRITING})"
"""One message: each costs a mark some 0.1 ms."""
_READERS: Final = 8
_WAIT_S: Final = 5.0
_ROWS_A_FETCH: Final = 500
_MARK: Final = re.compile(r"\?(\d*)")
_NUMBERED: Final = re.compile(r"\?\d")


def _from_wkb(wkbs: Sequence[bytes | None]) -> npt.NDArray[np.object_]:
    cells = np.empty(len(wkbs), dtype=object)
    cells[:] = [None if wkb is None else bytes(wkb) for wkb in wkbs]
    read: npt.NDArray[np.object_] = np.asarray(shapely.from_wkb(cells), dtype=object)
    return read


POSTGIS: Final = Dialect(
    touching="SELECT fid FROM $t WHERE geom && ST_MakeEnvelope(?, ?, ?, ?, $srid)",
    joined="",
    sides="ST_XMin(t.geom), ST_YMin(t.geom), ST_XMax(t.geom), ST_YMax(t.geom)",
    wkb="ST_AsBinary(t.geom)",
    geometry='ST_AsBinary("geom")',
    shapes=_from_wkb,
    among="$column IN (SELECT v.value::$type FROM jsonb_array_elements_text(?::jsonb) AS v)",
    types={"int": "numeric", "float": "double precision", "bool": "boolean"},
    text='text COLLATE "C"',
)


class _Streaming(ClientCursorMixin[Any], psycopg.ServerCursor[Any]):
    """A cursor that fetches some rows at a time and binds values as the others do."""


class ServerTx(Tx):
    """One transaction on the server."""

    dialect = POSTGIS
    _names = count()

    def __init__(self, connection: Connection) -> None:
        self._server = connection

    @override
    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[Row]:
        return self._run(sql, values).fetchall()

    @override
    def one(self, sql: str, values: Sequence[Any] = ()) -> Row | None:
        return self._run(sql, values).fetchone()

    @override
    def lasting(self, sql: str, values: Sequence[Any] = ()) -> Row | None:
        # Of this kind of cursor the server keeps the plan.
        cursor: psycopg.Cursor[Row] = psycopg.Cursor(self._server)
        return cursor.execute(translated(sql), _bound(sql, values)).fetchone()

    @override
    def each(self, sql: str, values: Sequence[Any] = ()) -> Iterator[Row]:
        cursor = _Streaming(self._server, f"each_{next(self._names)}")
        with cursor:
            cursor.itersize = _ROWS_A_FETCH
            cursor.execute(translated(sql), _bound(sql, values))
            yield from cursor

    @override
    def run(self, sql: str, values: Sequence[Any] = ()) -> int:
        return self._run(sql, values).rowcount

    @override
    def run_many(self, sql: str, values: Iterable[Sequence[Any]]) -> None:
        with self._server.cursor() as cursor:
            cursor.executemany(translated(sql), values)

    @override
    def put_all(self, table: str, rows: Iterable[Sequence[Any]]) -> None:
        words = f"COPY {table} FROM STDIN"
        with self._server.cursor() as cursor, cursor.copy(words.encode()) as copying:
            for row in rows:
                copying.write_row(row)

    def _run(self, sql: str, values: Sequence[Any]) -> psycopg.Cursor[Row]:
        return self._server.execute(translated(sql), _bound(sql, values))


@lru_cache(maxsize=1024)
def translated(sql: str) -> bytes:
    """Write a statement's marks as the driver wants them.

    Examples
    --------
    >>> translated("a LIKE 'x%' AND b = ? AND c = ?2")
    b"a LIKE 'x%%' AND b = %s AND c = %(p2)s"
    """
    doubled = sql.replace("%", "%%")
    return _MARK.sub(lambda m: f"%(p{m[1]})s" if m[1] else "%s", doubled).encode()


def _bound(sql: str, values: Sequence[Any]) -> Sequence[Any] | dict[str, Any]:
    if _NUMBERED.search(sql):
        return {f"p{number}": value for number, value in enumerate(values, start=1)}
    return values


class ServerDatabase:
    """The connections of one store in a database."""

    def __init__(self, address: str) -> None:
        self.location = shown(address)
        self.after_commit: Callable[[Tx], None] = lambda _tx: None
        self._address = address
        self._lock = threading.RLock()
        self._holder: int | None = None
        self._depth = 0
        self._closed = False
        self._held: dict[int, Connection] = {}
        with explained(self.location):
            self._writer = connect(address)
        self._readers: ConnectionPool[Connection] = ConnectionPool(
            address,
            kwargs=_OPTIONS,
            min_size=0,
            max_size=_READERS,
            timeout=_WAIT_S,
            open=True,
            check=ConnectionPool.check_connection,
        )

    @contextmanager
    def write(self) -> Iterator[ServerTx]:
        """Hold the writer for one transaction; inside another one, a part of it."""
        with self._lock, explained(self.location):
            outermost = self._depth == 0
            mark = f"part_{self._depth}"
            self._begin(mark)
            self._depth += 1
            self._holder = threading.get_ident()
            try:
                yield ServerTx(self._writer)
                self._writer.execute("COMMIT" if outermost else f"RELEASE {mark}")
            except BaseException:
                with suppress(psycopg.Error):
                    back = "ROLLBACK" if outermost else f"ROLLBACK TO {mark}; RELEASE {mark}"
                    self._writer.execute(back)
                raise
            finally:
                self._depth -= 1
                self._holder = self._holder if self._depth else None
            if outermost:
                self.after_commit(ServerTx(self._writer))

    @contextmanager
    def read(self) -> Iterator[ServerTx]:
        """Hold a reader: one unchanging picture; inside a transaction of this thread, its own."""
        with explained(self.location):
            if self._holder == threading.get_ident():
                yield ServerTx(self._writer)
                return
            self._refuse_closed()
            with self._readers.connection() as reader:
                reader.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
                try:
                    yield ServerTx(reader)
                finally:
                    with suppress(psycopg.Error):
                        reader.execute("ROLLBACK")

    @contextmanager
    def erasing(self) -> Iterator[None]:
        """Clear away what is deleted inside once it is committed."""
        yield
        with self._lock, explained(self.location):
            if self._depth == 0:
                self._writer.execute("VACUUM person, account, token, layer_past")

    @contextmanager
    def holding(self, lock: int, what: str) -> Iterator[None]:
        """Hold an advisory lock; StoreBusyError when somebody else does."""
        self.hold(lock, what)
        try:
            yield
        finally:
            self._held.pop(lock).close()

    def hold(self, lock: int, what: str) -> None:
        """Hold an advisory lock until the store is closed or the connection ends."""
        with explained(self.location):
            connection = connect(self._address)
            row = connection.execute("SELECT pg_try_advisory_lock(%s)", (lock,)).fetchone()
            if row is None or not row[0]:
                connection.close()
                msg = f"{self.location} is {what}; try again when that has finished"
                raise StoreBusyError(msg)
            self._held[lock] = connection

    def copy_to(self, path: Path) -> None:
        """Copy one unchanging picture of the record into a new GeoPackage file."""
        with self.read() as tx:
            cut(tx, path)

    def close(self) -> None:
        """Close every connection; closing twice is fine."""
        with self._lock:
            if not self._closed:
                self._closed = True
                self._readers.close()
                for connection in (self._writer, *self._held.values()):
                    connection.close()

    def _begin(self, mark: str) -> None:
        self._refuse_closed()
        if self._depth:
            self._writer.execute(f"SAVEPOINT {mark}".encode())
            return
        if self._writer.closed:
            self._writer = connect(self._address)
        try:
            self._writer.execute(_TURN)
        except BaseException:
            with suppress(psycopg.Error):
                self._writer.execute("ROLLBACK")
            raise

    def _refuse_closed(self) -> None:
        if self._closed:
            msg = f"{self.location} is closed; open it again"
            raise StoreError(msg)


_OPTIONS: Final[dict[str, Any]] = {
    "autocommit": True,
    "options": _SETTINGS,
    "cursor_factory": psycopg.ClientCursor,
    "connect_timeout": int(_WAIT_S),
    "application_name": "gcvag",
}


def connect(address: str) -> Connection:
    """Open one connection."""
    return psycopg.connect(address, **_OPTIONS)


def shown(address: str) -> str:
    """Write an address so that it may be shown: without name and password.

    Examples
    --------
    >>> shown("postgresql://ann:secret@db.example/paths")
    'postgresql://db.example/paths'
    """
    try:
        parts = conninfo_to_dict(address)
    except psycopg.ProgrammingError:
        return "postgresql://"
    host = parts.get("host") or "localhost"
    return f"postgresql://{host}/{parts.get('dbname') or parts.get('user') or ''}"


@contextmanager
def explained(location: str) -> Iterator[None]:
    """Turn an error of the server into one sentence about the store."""
    try:
        yield
    except psycopg.errors.DiskFull as fault:
        msg = f"{location}: the disk is full, nothing was kept; make room and try again"
        raise StoreFullError(msg) from fault
    except _BUSY as fault:
        msg = f"{location} is held by another program; try again when it has finished"
        raise StoreBusyError(msg) from fault
    except psycopg.OperationalError as fault:
        msg = f"{location} cannot be reached; check address, log-in and that the server runs"
        raise StoreError(msg) from fault
    except psycopg.Error as fault:
        said = (fault.diag.message_primary or "").strip() or "no reason given"
        msg = f"{location}: the store refused the work ({type(fault).__name__}: {said})"
        raise StoreError(msg) from fault


_BUSY: Final = (
    psycopg.errors.LockNotAvailable,
    psycopg.errors.SerializationFailure,
    psycopg.errors.DeadlockDetected,
    PoolTimeout,
)
