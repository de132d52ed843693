"""Places for the experiments on the record."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cluster import Cluster


if os.environ.get("GCVAG_SOAK") != "1":
    collect_ignore = ["test_qgis.py", "test_clients.py", "test_record_server_disk.py"]
"""A large install, checkers from the registry, and a disk to mount: long run only."""


@pytest.fixture(params=["geopackage", "postgis"])
def place(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Name a place for a store of either engine, where nothing lies yet."""
    if request.param == "geopackage":
        return str(tmp_path / "town.gpkg")
    monkeypatch.setenv("GCVAG_KEYS", str(tmp_path / "keys"))
    cluster: Cluster = request.getfixturevalue("postgres")
    return cluster.database()
