"""A small store to write from: a made-up town of four ways."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from gis import areas, inventory
from gis.store import create_store, open_store
from tests.gis.osmtext import Town

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gis.store import Store


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a store of the town, made once; its names need more than ASCII."""
    folder = tmp_path_factory.mktemp("town")
    made = Town()
    for number in range(6):
        made.node(number + 1, number, 0)
    made.node(7, 2, 1).node(8, 4, 1)
    made.way(1, [1, 2, 3], {"highway": "cycleway", "foot": "designated", "segregated": "no"})
    made.way(2, [3, 4, 5], {"highway": "footway", "name": "Åängsstråket"})
    made.way(3, [5, 6], {"highway": "cycleway", "traffic_sign": "SE:D6", "foot": "no"})
    made.way(4, [3, 7], {"highway": "path"})
    made.way(5, [5, 8], {"highway": "residential", "name": "=Gatan"})
    path = folder / "town.gpkg"
    with closing(create_store(str(path), areas.load("karlskrona").to_json())) as store:
        inventory.import_file(store, made.save(folder))
        inventory.update(store)
    return path


@pytest.fixture
def store(town: Path) -> Iterator[Store]:
    """Give the town's store, opened to read."""
    with closing(open_store(str(town))) as opened:
        yield opened
