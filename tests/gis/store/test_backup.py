"""Does a store come back out of its backup, as it was at any time?"""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from gis.errors import StoreError
from gis.store import create_store, open_store, restore
from gis.store.backup import manifests, prune
from gis.store.base import Delivery

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import geopandas as gpd

    from gis.store.base import Entry, Revision, Store


def recorded(store: Store, as_of: datetime | None = None) -> list[Revision]:
    """Read the history without what the store says of itself."""
    return [one for one in store.revisions(as_of=as_of) if one.entity != "store"]


def test_a_backup_opens_and_verifies_by_itself(
    store: Store, mark: Callable[..., Entry], tmp_path: Path
) -> None:
    made = store.append([mark(n=1)])
    store.backup(tmp_path / "kept")
    manifest = manifests(tmp_path / "kept")[0]
    assert (manifest.seq, manifest.hash) == (1, made[0].hash)
    copy = open_store(manifest.file)
    assert copy.verify() == []
    assert copy.revisions() == made
    copy.close()


def test_a_store_comes_back_whole(
    store: Store,
    engine: str,
    mark: Callable[..., Entry],
    paths: Callable[..., gpd.GeoDataFrame],
    tmp_path: Path,
) -> None:
    kept = store.keep_delivery(Delivery(kind="osm", source="osm", file_name="t"), b"abc", {})
    store.replace_layers({"segments": paths()}, keys={"segments": "segment_id"})
    store.add_user("ann", "planner", "h")
    store.append([mark(n=1)])
    store.backup(tmp_path / "kept")
    back = restore(tmp_path / "kept", tmp_path / "back.gpkg")
    assert recorded(back) == recorded(store)
    assert back.delivery_raw(kept.delivery_id) == b"abc"
    assert back.users() == store.users()
    assert back.layer_names() == (["segments"] if engine == "geopackage" else [])
    assert back.area_json() == store.area_json()
    assert [one.op for one in back.revisions("store")] == ["restore"]
    assert back.verify() == []
    back.append([mark(n=2)])
    assert back.verify() == []
    back.close()


def test_a_store_comes_back_as_it_was_at_any_time(
    store: Store, mark: Callable[..., Entry], tmp_path: Path
) -> None:
    osm = Delivery(kind="osm", source="osm", file_name="t")
    for number in range(6):
        store.append([mark(str(number % 3), n=number)])
        store.keep_delivery(osm, bytes([number]), {})
    store.backup(tmp_path / "kept")
    for number, moment in enumerate([one.at for one in store.revisions()]):
        back = restore(tmp_path / "kept", tmp_path / f"{number}.gpkg", at=moment)
        assert recorded(back) == recorded(store, as_of=moment)
        assert back.deliveries() == store.deliveries(as_of=moment)
        assert back.verify() == []
        back.close()


def test_a_time_after_one_backup_is_taken_from_the_next(
    store: Store, mark: Callable[..., Entry], tmp_path: Path
) -> None:
    store.append([mark(n=1)])
    store.backup(tmp_path / "kept")
    second = store.append([mark(n=2)])[0]
    store.append([mark(n=3)])
    store.backup(tmp_path / "kept")
    back = restore(tmp_path / "kept", tmp_path / "back.gpkg", at=second.at)
    assert [one.body["n"] for one in recorded(back)] == [1, 2]
    back.close()


def test_writers_do_not_wait_for_a_backup(
    store: Store, mark: Callable[..., Entry], tmp_path: Path
) -> None:
    store.append([mark(str(number), note="x" * 300) for number in range(3000)])
    stop = threading.Event()
    written: list[int] = []

    def write() -> None:
        while not stop.is_set():
            written.append(store.append([mark(n=1)])[0].seq)

    writer = threading.Thread(target=write)
    writer.start()
    for _ in range(3):
        store.backup(tmp_path / "kept")
    stop.set()
    writer.join()
    assert len(written) > 3
    for manifest in manifests(tmp_path / "kept"):
        copy = open_store(manifest.file)
        assert copy.verify() == []
        copy.close()


def _gone(folder: Path) -> None:
    manifests(folder)[0].file.unlink()


def _altered(folder: Path) -> None:
    file = manifests(folder)[0].file
    file.write_bytes(file.read_bytes()[:-1] + b"\xff")


def _of_two(folder: Path) -> None:
    other = create_store(folder / "other.gpkg", "{}")
    other.backup(folder)
    other.close()


def _empty(folder: Path) -> None:
    for path in folder.iterdir():
        path.unlink()


def _nonsense(folder: Path) -> None:
    manifests(folder)[0].path.write_text("{}")


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (_gone, "is not the file"),
        (_altered, "is not the file"),
        (_of_two, "several stores"),
        (_empty, "holds no backup"),
        (_nonsense, "is no manifest"),
    ],
)
def test_a_backup_that_is_none_is_refused(
    store: Store, tmp_path: Path, spoil: Callable[[Path], None], why: str
) -> None:
    store.backup(tmp_path / "kept")
    spoil(tmp_path / "kept")
    with pytest.raises(StoreError, match=why):
        restore(tmp_path / "kept", tmp_path / "back.gpkg")
    assert list(tmp_path.glob("back*")) == []


def test_nothing_is_restored_over_a_store(store: Store, place: Path, tmp_path: Path) -> None:
    store.backup(tmp_path / "kept")
    with pytest.raises(StoreError, match="exists"):
        restore(tmp_path / "kept", place)


def test_backups_are_kept_by_the_hour_the_day_and_the_month(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = datetime(2026, 11, 20, 12, tzinfo=UTC)
    ages = [
        timedelta(days=400),
        timedelta(days=90, hours=1),
        timedelta(days=90),
        timedelta(days=3, hours=1),
        timedelta(days=3),
        timedelta(hours=2),
        timedelta(hours=1),
    ]
    for age in ages:
        monkeypatch.setattr("gis.store.backup.now", lambda age=age: now - age)
        store.backup(tmp_path)
    assert len(prune(tmp_path, at=now)) == 3
    assert [now - one.at for one in manifests(tmp_path)] == [ages[2], *ages[4:]]
    assert len(list(tmp_path.glob("*Z.gpkg"))) == 4
    assert prune(tmp_path, at=now + timedelta(days=4000)) != []
    assert [now - one.at for one in manifests(tmp_path)] == [ages[-1]]
