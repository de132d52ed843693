"""Start Debian's PostgreSQL for the tests: a temporary cluster on a socket of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
from contextlib import contextmanager
from itertools import count
from pathlib import Path
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


@contextmanager
def running() -> Iterator[Cluster]:
    """Run a server until the end; skip where PostgreSQL or PostGIS is not installed."""
    programs = _programs()
    folder = Path(mkdtemp(prefix="gcvag-pg-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")
        folder.chmod(0o755)
        _run(programs / "initdb", "-D", folder / "data", "-A", "trust", "-U", "gcvag", "--no-sync")
        quick = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
        _run(programs / "pg_ctl", "-D", folder / "data", "-w", "-l", folder / "log", "-o", quick,
             "start")  # fmt: skip
        try:
            cluster = Cluster(folder)
            cluster.prepare()
            yield cluster
        finally:
            _run(programs / "pg_ctl", "-D", folder / "data", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path:
    """Find the newest server that has PostGIS."""
    found = [
        folder / "bin"
        for folder in _VERSIONS.glob("*")
        if (_EXTENSIONS / folder.name / "extension" / "postgis.control").exists()
    ]
    if not found:
        pytest.skip("PostgreSQL with PostGIS is not installed (tools/system_packages.sh)")
    return max(found)


def _run(*words: str | Path) -> None:
    """Run a program of the server, which refuses to be root."""
    became = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    command = [*became, *map(str, words)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
