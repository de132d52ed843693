"""Does a store of an earlier version become one of ours, whatever happens on the way?"""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import time
from contextlib import closing, suppress
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import pytest

from gis.errors import StoreError
from gis.store import open_store, restore
from gis.store.backup import manifests
from gis.store.base import StoreBusyError
from gis.store.database import Database
from gis.store.geopackage import GeoPackageStore
from gis.store.head import beside
from gis.store.holding import hold
from gis.store.schema import VERSION, version_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from gis.store.base import Entry, Store

FIRST: Final = Path(__file__).parents[2] / "data" / "synthetic_v1.gpkg"
"""Made by the program of schema 1: a delivery, 8 marks, 4 segments, a user, lineage, an item."""
SOAK: Final = os.environ.get("GCVAG_SOAK") == "1"


@pytest.fixture
def old(place: Path) -> Path:
    """Give a store of the first version."""
    for ending in ("", ".head", ".pub"):
        shutil.copyfile(f"{FIRST}{ending}", f"{place}{ending}")
    return place


def export_hash(store: Store) -> str:
    """Digest everything that was recorded and every layer."""
    parts: list[object] = [
        store.revisions(),
        store.lineage(),
        store.users(),
        [store.delivery_raw(one.delivery_id) for one in store.deliveries()],
        [store.delivery_blobs(one.delivery_id) for one in store.deliveries()],
        store.item("photo", "k"),
        [store.features(name) for name in store.layer_names()],
        store.meta("derived_from"),
    ]
    return sha256(repr(parts).encode()).hexdigest()


def before(path: Path) -> str:
    """Digest a store of an earlier version without changing it."""
    database = Database(str(path))
    try:
        return export_hash(GeoPackageStore(database))
    finally:
        database.close()


def test_an_earlier_store_is_opened_as_one_of_ours_with_a_backup_of_it(
    old: Path, mark: Callable[..., Entry]
) -> None:
    expected = before(old)
    with closing(open_store(old)) as store:
        assert export_hash(store) == expected
        assert store.verify() == []
        assert store.features("segments", as_of=datetime.now(UTC)) == store.features("segments")
        assert store.features("segments", as_of=store.revisions()[0].at) == []
        store.update_layers({"segments": store.layer("segments").assign(n=9.0)})
        store.append([mark("new")])
        assert store.verify() == []
    kept = manifests(beside(str(old), "backup"))
    assert len(kept) == 1
    shutil.copyfile(kept[0].file, old.with_name("again.gpkg"))
    assert before(old.with_name("again.gpkg")) == expected


def test_a_store_of_ours_is_not_backed_up_again(old: Path) -> None:
    open_store(old).close()
    open_store(old).close()
    assert len(manifests(beside(str(old), "backup"))) == 1


def test_a_backup_of_an_earlier_version_comes_back_at_any_time(old: Path, tmp_path: Path) -> None:
    with closing(open_store(old)) as store:
        marks = store.revisions("observation")
    kept = beside(str(old), "backup")
    with closing(restore(kept, tmp_path / "whole.gpkg")) as whole:
        assert whole.revisions("observation") == marks
        assert whole.verify() == []
    with closing(restore(kept, tmp_path / "cut.gpkg", at=marks[4].at)) as cut:
        assert cut.revisions("observation") == marks[:5]
        assert cut.verify() == []


def test_a_store_that_is_served_is_not_changed(old: Path) -> None:
    expected = before(old)
    held = hold(beside(str(old), "serve"), "served")
    try:
        with pytest.raises(StoreBusyError, match="served by another"):
            open_store(old)
    finally:
        os.close(held)
    assert before(old) == expected


def test_a_store_of_a_later_version_is_refused(old: Path) -> None:
    with closing(open_store(old)):
        pass
    database = Database(str(old))
    with database.write() as tx:
        tx.run("UPDATE store_meta SET value = ? WHERE key = 'schema'", (str(VERSION + 1),))
    database.close()
    with pytest.raises(StoreError, match="newer gcvag"):
        open_store(old)


def test_an_earlier_store_that_was_altered_is_not_taken_further(old: Path) -> None:
    database = Database(str(old))
    with database.write() as tx:
        tx.run("DROP TRIGGER revision_no_delete")
    database.close()
    with pytest.raises(StoreError, match="revision_no_delete is missing"):
        open_store(old)
    database = Database(str(old))
    with database.read() as tx:
        assert version_of(tx) == 1
    database.close()


def test_a_kill_on_the_way_loses_nothing(tmp_path: Path) -> None:
    rng = np.random.default_rng(4)
    context = multiprocessing.get_context("fork")
    hashes = set()
    for number in range(60 if SOAK else 12):
        path = tmp_path / f"{number}.gpkg"
        for ending in ("", ".head", ".pub"):
            shutil.copyfile(f"{FIRST}{ending}", f"{path}{ending}")
        child = context.Process(target=open_store, args=(path,))
        child.start()
        time.sleep(float(rng.uniform(0.0, 0.05)))
        with suppress(ProcessLookupError):
            os.kill(child.pid or 0, signal.SIGKILL)
        child.join()
        with closing(open_store(path)) as store:
            hashes.add(export_hash(store))
            assert store.verify() == []
    assert hashes == {before(path)}
