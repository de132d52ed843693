"""Make a small store, an app on it, and somebody of each role, for the tests of the API."""

from __future__ import annotations

import hashlib
import os
import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from argon2 import PasswordHasher
from starlette.testclient import TestClient

from api.app import create_app
from api.auth import passwords
from api.settings import Settings
from gis import areas, inventory
from gis.store import create_store
from tests.conftest import SEGMENT, make

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gis.store import Store
ROLES: Final = ("inspector", "planner", "police", "admin")
WORDS: Final = "korrekt häst batteri"
NAME: Final = "karlskrona.gpkg"
EAST: Final = 536592.0
NORTH: Final = 6224198.0
COUNT: Final = 7
KEYS: Final = {
    "segments": "segment_id",
    "findings": "finding_id",
    "crossings": "crossing_id",
    "signs": "sign_id",
    "places": "place_id",
    "districts": "district_id",
    "streets": "street_id",
    "observations": "observation_id",
    "network": "segment_id",
}
if os.environ.get("GCVAG_SOAK") != "1":
    collect_ignore = ["test_worlds_served.py"]
"""Two servers and every page of both: long run only."""
INDEXES: Final = {"findings": ["segment_id"], "signs": ["segment_id"]}


@pytest.fixture(scope="session", autouse=True)
def password_hash() -> Iterator[str]:
    """Hash the password once and cheaply; an unknown name costs as little."""
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "NOBODY", cheap.hash("nobody"))
        yield cheap.hash(WORDS)


def make_store(path: Path, password_hash: str) -> Path:
    """Make a store with seven segments at a known place and a log-in and a token of each role."""
    store = create_store(path, areas.load("karlskrona").to_json())
    fill(store)
    admit(store, password_hash)
    store.close()
    return path


def admit(store: Store, password_hash: str) -> None:
    """Add somebody of each role."""
    for role in ROLES:
        store.add_user(role, role, password_hash)
        store.add_token(hashlib.sha256(f"{role}-token".encode()).hexdigest(), role, "full")


def footways() -> str:
    """Write an OpenStreetMap file with footways that do not meet."""
    ends = [(row, end) for row in range(COUNT) for end in range(2)]
    nodes = [
        f'<node id="{10 * row + end + 1}" version="1" timestamp="2025-01-01T00:00:00Z" '
        f'lat="{56.16139 + 0.002 * row:.7f}" lon="{15.58917 + 0.002 * end:.7f}"/>'
        for row, end in ends
    ]
    ways = [
        f'<way id="{row + 1}" version="1" timestamp="2025-01-01T00:00:00Z">'
        f'<nd ref="{10 * row + 1}"/><nd ref="{10 * row + 2}"/>'
        '<tag k="highway" v="footway"/><tag k="name" v="Hästö gata"/></way>'
        for row in range(COUNT)
    ]
    return f'<osm version="0.6">{"".join(nodes + ways)}</osm>'


def fill(store: Store) -> None:
    """Write every layer; segment 0 begins at the known place, the others north of it."""
    lines = [
        f"LINESTRING ({EAST} {NORTH + 200 * row}, {EAST + 100} {NORTH + 200 * row})"
        for row in range(COUNT)
    ]
    ids = [f"s{row:015d}" for row in range(COUNT)]
    told: dict[str, dict[str, Any]] = {"findings": {"check_id": "A01", "segment_id": ids[0]}}
    frames = {
        name: make(name, told.get(name, {})) for name in KEYS if name not in ("segments", "network")
    }
    segments = {**SEGMENT, "segment_id": ids, "geometry": lines, "name": "Hästö gata"}
    frames["segments"] = make("segments", segments)
    frames["network"] = frames["segments"][["segment_id", "name", "geometry"]]
    store.replace_layers(frames, keys=KEYS, indexes=INDEXES)


def settings_for(location: Path) -> Settings:
    """Return settings of a server on plain loopback http."""
    return Settings(store=str(location), secret=b"x" * 32)


def copied(store: Path, folder: Path) -> Path:
    """Copy a closed store with what stands beside it."""
    return Path(shutil.copytree(store.parent, folder / "store")) / store.name


@contextmanager
def running(settings: Settings) -> Iterator[TestClient]:
    """Run an app; errors of the server become answers, as in production."""
    app = create_app(settings)
    with TestClient(app, raise_server_exceptions=False, follow_redirects=False) as client:
        yield client


@pytest.fixture(scope="session")
def plain(tmp_path_factory: pytest.TempPathFactory, password_hash: str) -> Path:
    """Make a store with a row or more in every layer, once."""
    return make_store(tmp_path_factory.mktemp("plain") / NAME, password_hash)


@pytest.fixture(scope="session")
def client(tmp_path_factory: pytest.TempPathFactory, plain: Path) -> Iterator[TestClient]:
    """Return a client for reading: one app for all tests."""
    with running(settings_for(copied(plain, tmp_path_factory.mktemp("read")))) as client:
        yield client


@pytest.fixture
def location(tmp_path: Path, plain: Path) -> Path:
    """Return the store of one test."""
    return copied(plain, tmp_path)


@pytest.fixture
def fresh(location: Path) -> Iterator[TestClient]:
    """Return a client for writing: an app on a store of its own."""
    with running(settings_for(location)) as client:
        yield client


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, password_hash: str) -> Path:
    """Import seven footways and compute their inventory, once."""
    path = tmp_path_factory.mktemp("built") / NAME
    delivery = tmp_path_factory.mktemp("delivered") / "footways.osm"
    delivery.write_text(footways(), encoding="utf-8")
    store = create_store(path, areas.load("karlskrona").to_json())
    admit(store, password_hash)
    inventory.import_file(store, delivery)
    inventory.update(store)
    store.close()
    return path


@pytest.fixture
def live_location(tmp_path: Path, built: Path) -> Path:
    """Return an inventory that one test may change."""
    return copied(built, tmp_path)


@pytest.fixture
def live(live_location: Path) -> Iterator[TestClient]:
    """Return a client of an app on an inventory of its own."""
    with running(settings_for(live_location)) as client:
        yield client


@pytest.fixture(scope="session")
def bearer() -> Callable[[str | None], dict[str, str]]:
    """Return the header by which a role shows its token; nobody shows none."""
    return lambda role: {} if role is None else {"authorization": f"Bearer {role}-token"}
