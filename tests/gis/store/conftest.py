"""Stores and layers for the tests of the record."""

from __future__ import annotations

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


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Where the store of a test lies."""
    return tmp_path / "town.gpkg"


@pytest.fixture
def store(place: Path) -> Iterator[Store]:
    """Give an empty store."""
    made = create_store(place, '{"id":"town"}')
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
