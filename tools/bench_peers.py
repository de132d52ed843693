"""How are the peers of the API started: PostGIS with the same segments, tipg and pygeoapi?

Each peer lives in an environment of its own under the user's cache, made at the first run from
``bench_peers.toml``. All listen on loopback and are gone at the end.
"""

from __future__ import annotations

import http.client
import os
import shutil
import socket
import subprocess
import time
import tomllib
import venv
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

import orjson
import psycopg
import shapely

from gis.contracts import contract

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gis.store import Store

PINNED: Final = Path(__file__).with_suffix(".toml")
CACHE: Final = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "gcvag-bench"
TYPES: Final = {"integer": "bigint", "number": "double precision", "boolean": "boolean"}
USER: Final = "bench"
STARTED_S: Final = 180
MOST: Final = 10_000
TIPG: Final = "/collections/public.segments"
PYGEOAPI: Final = "/collections/segments"


@contextmanager
def server(port: int, ready: str, *words: str | Path, **settings: str) -> Iterator[int]:
    """Run a server until the end; it is there when `ready` answers 200."""
    environment = {**os.environ, **settings}
    quiet = subprocess.DEVNULL
    child = subprocess.Popen([*map(str, words)], env=environment, stdout=quiet, stderr=quiet)
    try:
        _wait(port, ready, child)
        yield port
    finally:
        child.terminate()
        child.wait()


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
    return port


@contextmanager
def peers(store: Store) -> Iterator[dict[str, int]]:
    """Run both peers on PostGIS; their ports by name."""
    with postgis() as database, TemporaryDirectory() as folder:
        load(store, database)
        with tipg(database) as one, pygeoapi(database, Path(folder)) as other:
            yield {"tipg": one, "pygeoapi": other}


@contextmanager
def postgis() -> Iterator[int]:
    """Run Debian's PostgreSQL with PostGIS on loopback, as the user it comes with."""
    (programs,) = Path("/usr/lib/postgresql").glob("*/bin")
    became = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    port = free_port()
    with TemporaryDirectory(prefix="gcvag-bench-") as name:
        folder = Path(name)
        if became:
            shutil.chown(folder, "postgres")
        data, log = folder / "data", folder / "log"
        told = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder}"
        run(*became, programs / "initdb", "-D", data, "-A", "trust", "-U", USER)
        run(*became, programs / "pg_ctl", "-D", data, "-w", "-l", log, "-o", told, "start")
        try:
            yield port
        finally:
            run(*became, programs / "pg_ctl", "-D", data, "-m", "immediate", "stop")


def load(store: Store, port: int) -> None:
    """Load every segment into a table that is as kind to the peers as it can be: in EPSG:4326."""
    columns = [column for column in contract("segments").columns if column.name != "geometry"]
    told = ", ".join(f'"{one.name}" {TYPES.get(one.type, "text")}' for one in columns)
    names = [one.name for one in columns]
    with psycopg.connect(address(port)) as made:
        made.execute("CREATE EXTENSION postgis")
        made.execute(f"CREATE TABLE segments ({told}, geom geometry(LineString, 4326))".encode())
        with made.cursor().copy("COPY segments FROM STDIN") as copy:
            for feature in map(orjson.loads, store.features("segments")):
                copy.write_row(_row(feature, names))
        made.execute("ALTER TABLE segments ADD PRIMARY KEY (segment_id)")
        made.execute("CREATE INDEX ON segments USING gist (geom)")
    with psycopg.connect(address(port), autocommit=True) as made:
        made.execute("VACUUM ANALYZE segments")


def _row(feature: Mapping[str, Any], names: list[str]) -> list[Any]:
    """Write a feature as a row."""
    said = [feature["properties"].get(name) for name in names]
    line = shapely.set_srid(shapely.from_geojson(orjson.dumps(feature["geometry"])), 4326)
    texts = [orjson.dumps(one).decode() if isinstance(one, list | dict) else one for one in said]
    return [*texts, shapely.to_wkb(line, hex=True, include_srid=True)]


@contextmanager
def tipg(database: int) -> Iterator[int]:
    """Run tipg."""
    port, programs = free_port(), environment("tipg")
    settings = {"DATABASE_URL": address(database), "TIPG_MAX_FEATURES_PER_QUERY": str(MOST)}
    words = (programs / "uvicorn", "tipg.main:app", "--port", str(port), "--no-access-log")
    with server(port, TIPG, *words, **settings):
        yield port


@contextmanager
def pygeoapi(database: int, folder: Path) -> Iterator[int]:
    """Run pygeoapi."""
    port, programs = free_port(), environment("pygeoapi")
    config, document = folder / "config.yml", folder / "openapi.yml"
    config.write_bytes(orjson.dumps(described(port, database)))  # JSON is YAML
    settings = {"PYGEOAPI_CONFIG": str(config), "PYGEOAPI_OPENAPI": str(document)}
    generate = (programs / "pygeoapi", "openapi", "generate", config, "--output-file", document)
    run(*generate, **settings)
    words = (programs / "uvicorn", "pygeoapi.starlette_app:APP", "--port", str(port))
    with server(port, PYGEOAPI, *words, "--no-access-log", **settings):
        yield port


def described(port: int, database: int) -> dict[str, Any]:
    """Write the settings of pygeoapi."""
    words = {"en": "bench"}
    provider = {
        "type": "feature",
        "name": "PostgreSQL",
        "data": {
            "host": "127.0.0.1", "port": database, "dbname": "postgres", "user": USER,
            "password": "none", "search_path": ["public"],
        },
        "id_field": "segment_id",
        "table": "segments",
        "geom_field": "geom",
    }  # fmt: skip
    contact = {"name": "bench", "url": "http://127.0.0.1"}
    return {
        "server": {
            "bind": {"host": "127.0.0.1", "port": port},
            "url": f"http://127.0.0.1:{port}",
            "mimetype": "application/json; charset=UTF-8",
            "encoding": "utf-8",
            "languages": ["en"],
            "limits": {"default_items": 100, "max_items": MOST},
            "map": {"url": "http://127.0.0.1/{z}/{x}/{y}", "attribution": ""},
        },
        "logging": {"level": "ERROR"},
        "metadata": {
            "identification": {
                "title": words, "description": words, "keywords": {"en": ["bench"]},
                "terms_of_service": "none", "url": "http://127.0.0.1",
            },
            "license": {"name": "none", "url": "http://127.0.0.1"},
            "provider": contact,
            "contact": contact,
        },
        "resources": {
            "segments": {
                "type": "collection", "title": words, "description": words,
                "keywords": {"en": ["bench"]}, "links": [],
                "extents": {"spatial": {"bbox": [-180, -90, 180, 90]}},
                "providers": [provider],
            }
        },
    }  # fmt: skip


def environment(name: str) -> Path:
    """Make the environment of a peer, once for these versions; give where its programs are."""
    packages = tomllib.loads(PINNED.read_text(encoding="utf-8"))[name]["packages"]
    folder = CACHE / f"{name}-{sha256(' '.join(packages).encode()).hexdigest()[:12]}"
    if not (folder / "ready").exists():
        venv.create(folder, with_pip=True, clear=True)
        run(folder / "bin" / "pip", "install", "--quiet", *packages)
        (folder / "ready").touch()
    return folder / "bin"


def address(port: int) -> str:
    """Give the address of the database."""
    return f"postgresql://{USER}:none@127.0.0.1:{port}/postgres"


def run(*words: str | Path, **settings: str) -> None:
    """Run a program to its end."""
    command = [*map(str, words)]
    quiet = subprocess.DEVNULL
    subprocess.run(command, check=True, env={**os.environ, **settings}, stdout=quiet, stdin=quiet)


def _wait(port: int, path: str, child: subprocess.Popen[bytes]) -> None:
    """Wait until a server answers."""
    until = time.monotonic() + STARTED_S
    while time.monotonic() < until and child.poll() is None:
        asked = http.client.HTTPConnection("127.0.0.1", port)
        try:
            asked.request("GET", path)
            if asked.getresponse().status == http.client.OK:
                return
        except OSError:
            time.sleep(0.1)
        finally:
            asked.close()
    msg = f"{child.args!r} does not answer {path}"
    raise RuntimeError(msg)
