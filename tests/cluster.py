"""Start Debian's PostgreSQL for the tests: a temporary cluster on a socket of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from signal import SIGKILL
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Final

import psycopg
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

_VERSIONS: Final = Path("/usr/lib/postgresql")
_EXTENSIONS: Final = Path("/usr/share/postgresql")
_TEMPLATE: Final = "with_postgis"


class Cluster:
    """A running server; each database it gives is empty and has PostGIS."""

    def __init__(self, socket: Path) -> None:
        self._socket = socket
        self._numbers = count()
        self._given: list[str] = []
        self._free: list[str] = []

    @property
    def folder(self) -> Path:
        """Give the folder that everything of the server lies in; its user may read it."""
        return self._socket

    def database(self) -> str:
        """Give the address of an empty database."""
        name = self._free.pop() if self._free else self._make()
        self._given.append(name)
        return self._address(name)

    def take_back(self) -> None:
        """Empty the databases that were given, for the next test."""
        for name in self._given:
            with psycopg.connect(self._address(name), autocommit=True) as server:
                server.execute("SET client_min_messages = warning")
                server.execute("DROP SCHEMA IF EXISTS gcvag CASCADE")
        self._free += self._given
        self._given = []

    def database_in(self, folder: Path) -> str:
        """Give the address of an empty database whose files lie in a folder."""
        folder.mkdir()
        shutil.chown(folder, "postgres")
        with psycopg.connect(self._address("postgres"), autocommit=True) as server:
            server.execute(f"CREATE TABLESPACE elsewhere LOCATION '{folder}'".encode())
            made = f"CREATE DATABASE elsewhere TEMPLATE {_TEMPLATE} TABLESPACE elsewhere"
            server.execute(made.encode())
        return self._address("elsewhere")

    def drop_elsewhere(self) -> None:
        """Drop the database of `database_in` and what holds its files."""
        with psycopg.connect(self._address("postgres"), autocommit=True) as server:
            server.execute("DROP DATABASE elsewhere")
            server.execute("DROP TABLESPACE elsewhere")

    def _make(self) -> str:
        name = f"town_{next(self._numbers)}"
        with psycopg.connect(self._address("postgres"), autocommit=True) as server:
            server.execute(f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE}".encode())
        return name

    def prepare(self) -> None:
        """Make the template that databases are copied from."""
        with psycopg.connect(self._address("postgres"), autocommit=True) as server:
            server.execute(f"CREATE DATABASE {_TEMPLATE}".encode())
        with psycopg.connect(self._address(_TEMPLATE), autocommit=True) as made:
            made.execute("CREATE EXTENSION postgis")

    def _address(self, name: str) -> str:
        return f"postgresql://gcvag@/{name}?host={self._socket}"


class Program:
    """A server that can be cut off and started again."""

    def __init__(self, folder: Path, *, lasting: bool) -> None:
        self._bin = _programs()
        self._folder = folder
        self._settings = f"-c listen_addresses='' -c unix_socket_directories={folder}" + (
            " -c recovery_init_sync_method=syncfs" if lasting else " -c fsync=off"
        )
        _run(self._bin / "initdb", "-D", self._data, "-A", "trust", "-U", "gcvag", "--no-sync")

    @property
    def _data(self) -> Path:
        return self._folder / "data"

    @property
    def pid(self) -> int:
        """Give the process that all others of the server come from."""
        return int((self._data / "postmaster.pid").read_text().splitlines()[0])

    def start(self) -> None:
        """Start the server and wait until it answers."""
        _run(self._bin / "pg_ctl", "-D", self._data, "-w", "-l", self._folder / "log", "-o",
             self._settings, "start")  # fmt: skip

    def stop(self) -> None:
        """Let every process of the server leave as it is, without a last write."""
        _run(self._bin / "pg_ctl", "-D", self._data, "-m", "immediate", "stop")

    def kill(self) -> None:
        """Kill every process of the server at once."""
        first = self.pid
        others = Path(f"/proc/{first}/task/{first}/children").read_text().split()
        for pid in (first, *map(int, others)):
            with suppress(ProcessLookupError):
                os.kill(pid, SIGKILL)
        while any(Path(f"/proc/{pid}").exists() for pid in others):
            time.sleep(0.01)


@contextmanager
def programmed(*, lasting: bool = False) -> Iterator[tuple[Cluster, Program]]:
    """Run a server until the end; `lasting` lets it wait for the disk, as one in use does."""
    folder = Path(mkdtemp(prefix="gcvag-pg-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")
        folder.chmod(0o755)
        program = Program(folder, lasting=lasting)
        program.start()
        try:
            cluster = Cluster(folder)
            cluster.prepare()
            yield cluster, program
        finally:
            program.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def running() -> Iterator[Cluster]:
    """Run a server that need not last until the end."""
    with programmed() as (cluster, _):
        yield cluster


def installed() -> list[Path]:
    """List the servers of this computer that have PostGIS, the newest last."""
    return sorted(
        folder / "bin"
        for folder in _VERSIONS.glob("*")
        if (_EXTENSIONS / folder.name / "extension" / "postgis.control").exists()
    )


def _programs() -> Path:
    """Find the newest server that has PostGIS."""
    found = installed()
    if not found:
        pytest.skip("PostgreSQL with PostGIS is not installed (tools/system_packages.sh)")
    return found[-1]


def _run(*words: str | Path) -> None:
    """Run a program of the server, which refuses to be root."""
    became = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    command = [*became, *map(str, words)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
