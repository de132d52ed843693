"""Make an inventory once a module, and give each test a copy to work on."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gis import areas, inventory
from gis.store import create_store, open_store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gis.store import Store


def inventoried(folder: Path, file: Path) -> Path:
    """Make the inventory of one file, in a folder of its own beside it."""
    path = folder / "store" / "s.gpkg"
    path.parent.mkdir()
    with closing(create_store(path, areas.load("karlskrona").to_json())) as made:
        inventory.import_file(made, file)
        inventory.update(made)
    return path


@pytest.fixture
def store(built: Path, tmp_path: Path) -> Iterator[Store]:
    """Give a copy of what the module has `built`."""
    copy = Path(shutil.copytree(built.parent, tmp_path / "store")) / built.name
    with closing(open_store(copy)) as opened:
        yield opened
