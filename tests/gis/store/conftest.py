"""Stores and layers for the tests of the record."""

from __future__ import annotations

from itertools import chain, count
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from gis.store import create_store
from gis.store.base import Entry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from gis.store.base import Store
    from tests.cluster import Cluster


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Where the store of a test lies."""
    return tmp_path / "town.gpkg"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test over both engines unless it looks at the file of a store."""
    if "engine" in metafunc.fixturenames:
        both = ["geopackage", "postgis"]
        metafunc.parametrize("engine", both[:1] if "place" in metafunc.fixturenames else both)


@pytest.fixture
def somewhere(
    engine: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Callable[[], str]:
    """Name places for stores of an engine, where nothing lies yet."""
    if engine == "geopackage":
        names = chain(["town"], map("town{}".format, count()))
        return lambda: str(tmp_path / f"{next(names)}.gpkg")
    monkeypatch.setenv("GCVAG_KEYS", str(tmp_path / "keys"))
    cluster: Cluster = request.getfixturevalue("postgres")
    return cluster.database


@pytest.fixture
def store(somewhere: Callable[[], str]) -> Iterator[Store]:
    """Give an empty store."""
    made = create_store(somewhere(), '{"id":"town"}')
    yield made
    made.close()


@pytest.fixture
def mark() -> Callable[..., Entry]:
    """Make the entry of a mark; only what matters is written."""

    def make(entity_id: str = "o1", *, op_id: str | None = None, **body: object) -> Entry:
        return Entry(entity="observation", entity_id=entity_id, body=body, author="p1", op_id=op_id)

    return make


@pytest.fixture
def paths() -> Callable[..., gpd.GeoDataFrame]:
    """Make a layer of paths, ten metres long and a hundred metres apart along x."""

    def make(count: int = 3, **columns: object) -> gpd.GeoDataFrame:
        x = np.arange(count) * 100.0 + 500_000
        lines = shapely.linestrings(
            np.stack([np.stack([x, x + 10], 1), np.full((count, 2), 6_200_000.25)], 2)
        )
        ids = [f"s{number:04}" for number in range(count)]
        frame = pd.DataFrame({"segment_id": ids, **columns})
        return gpd.GeoDataFrame(frame, geometry=lines, crs=3006)

    return make
