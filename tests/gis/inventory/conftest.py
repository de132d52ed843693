"""The inventory of the sample, made once for all tests of the inventory."""

from __future__ import annotations

import shutil
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from gis import areas, inventory
from gis.settings import data_dir
from gis.store import create_store, open_store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gis.store import Store

SAMPLE = data_dir() / "samples" / "helsinki" / "Helsinki.osm.pbf"


@pytest.fixture(scope="package")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the inventory of the sample, made once."""
    path = tmp_path_factory.mktemp("sample") / "sample.gpkg"
    with closing(create_store(str(path), areas.load("helsinki").to_json())) as store:
        inventory.import_file(store, SAMPLE)
        inventory.update(store)
    return path


@pytest.fixture
def store(built: Path, tmp_path: Path) -> Iterator[Store]:
    """Give a copy of it to work on."""
    for part in built.parent.glob("sample.gpkg*"):
        shutil.copy(part, tmp_path / part.name)
    with closing(open_store(str(tmp_path / built.name))) as opened:
        yield opened
