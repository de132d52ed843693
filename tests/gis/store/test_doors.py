"""Is what is no whole store of ours refused, and left as it was?"""

from __future__ import annotations

import shutil
import stat
from pathlib import Path
from typing import TYPE_CHECKING

import apsw
import pyogrio
import pytest

from gis.errors import StoreError
from gis.store import create_store, open_store
from gis.store.base import StoreBusyError
from gis.store.database import refuse_affected
from gis.store.doors import file_system

if TYPE_CHECKING:
    from collections.abc import Callable

    import geopandas as gpd

    from gis.store.base import Entry, Store


@pytest.mark.parametrize(
    ("version", "affected"),
    [
        pytest.param("3.6.23", False, id="before the WAL"),
        pytest.param("3.7.0", True, id="first of the range"),
        pytest.param("3.40.1", True, id="Debian 12"),
        pytest.param("3.44.5", True, id="before the cure of 3.44"),
        pytest.param("3.44.6", False, id="cured 3.44"),
        pytest.param("3.45.7", True, id="a patch number like a cure"),
        pytest.param("3.50.6", True, id="before the cure of 3.50"),
        pytest.param("3.50.7", False, id="cured 3.50"),
        pytest.param("3.51.2", True, id="last of the range"),
        pytest.param("3.51.3", False, id="first after it"),
        pytest.param("3.52", False, id="without a patch number"),
    ],
)
def test_a_library_that_loses_commits_is_refused(version: str, *, affected: bool) -> None:
    if affected:
        with pytest.raises(StoreError, match="can lose commits"):
            refuse_affected(version)
    else:
        refuse_affected(version)


def test_no_store_opens_on_such_a_library(
    store: Store, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apsw.sqlite_lib_version", lambda: "3.40.1")
    with pytest.raises(StoreError, match=r"3\.40\.1"):
        open_store(place)
    store.close()


def test_a_new_store_knows_itself(store: Store, place: Path) -> None:
    assert (store.kind, store.area_json(), store.location) == (
        "public",
        '{"id":"town"}',
        str(place),
    )
    assert len(store.store_id) == 16
    assert store.verify() == []
    beside = sorted(path.name for path in place.parent.glob("town.gpkg.*"))
    assert beside == ["town.gpkg.head", "town.gpkg.key", "town.gpkg.pub"]


def test_the_private_key_is_for_its_owner_alone(store: Store, place: Path) -> None:
    mode = (place.parent / "town.gpkg.key").stat().st_mode
    assert store.kind == "public"
    assert stat.S_IMODE(mode) == 0o600


def test_a_police_store_says_so(tmp_path: Path) -> None:
    police = create_store(tmp_path / "town.police.gpkg", "{}", kind="police")
    assert police.kind == "police"
    police.close()


def test_a_store_is_opened_again(store: Store, place: Path, mark: Callable[..., Entry]) -> None:
    store.append([mark(n=1)])
    store.close()
    store.close()
    again = open_store(place)
    assert [one.body for one in again.revisions()] == [{"n": 1}]
    again.append([mark(n=2)])
    assert again.verify() == []
    again.close()


@pytest.mark.parametrize(
    "location",
    ["mysql://ann:secret@host/db", "town.sqlite", "https://host/town.gpkg"],
)
def test_a_place_that_is_no_store_is_refused(location: str) -> None:
    with pytest.raises(StoreError, match=r"name a path ending in \.gpkg") as caught:
        create_store(location, "{}")
    assert "secret" not in str(caught.value)


def test_a_store_that_exists_is_not_made_again(store: Store, place: Path) -> None:
    store.set_meta("note", "here")
    with pytest.raises(StoreError, match="exists"):
        create_store(place, "{}")
    assert store.meta("note") == "here"


def test_a_leftover_wal_is_not_written_over(tmp_path: Path) -> None:
    left = tmp_path / "town.gpkg-wal"
    left.write_bytes(b"commits")
    with pytest.raises(StoreError, match="wal exists"):
        create_store(tmp_path / "town.gpkg", "{}")
    assert left.read_bytes() == b"commits"


def test_a_folder_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="is no folder"):
        create_store(tmp_path / "nowhere" / "town.gpkg", "{}")


def _foreign(path: Path, frame: gpd.GeoDataFrame) -> None:
    pyogrio.write_dataframe(frame, path)


def _text(path: Path, _: gpd.GeoDataFrame) -> None:
    path.write_text("no database at all, but long enough to look like one" * 20)


def _empty(path: Path, _: gpd.GeoDataFrame) -> None:
    path.write_bytes(b"")


@pytest.mark.parametrize("make", [_foreign, _text, _empty])
def test_a_file_that_is_no_store_is_refused_and_left(
    tmp_path: Path,
    paths: Callable[..., gpd.GeoDataFrame],
    make: Callable[[Path, gpd.GeoDataFrame], None],
) -> None:
    path = tmp_path / "other.gpkg"
    make(path, paths())
    before = path.read_bytes()
    with pytest.raises(StoreError, match=r"no (store of gcvag|GeoPackage)"):
        open_store(path)
    assert path.read_bytes() == before


def test_a_missing_store_is_not_made_by_opening(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="does not exist"):
        open_store(tmp_path / "town.gpkg")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("sql", "why"),
    [
        ("UPDATE store_meta SET value = '99' WHERE key = 'schema'", "newer gcvag"),
        ("DROP TRIGGER revision_no_update", "revision_no_update is missing"),
        ("CREATE VIEW spy AS SELECT * FROM token", "spy was added"),
        (
            (
                "CREATE TRIGGER spy AFTER INSERT ON revision "
                "BEGIN DELETE FROM item WHERE key = NEW.entity_id; END"
            ),
            "spy was added",
        ),
        ("ALTER TABLE revision RENAME COLUMN body TO bodies", "is missing or was altered"),
        ("ALTER TABLE revision ADD COLUMN more TEXT", "revision is missing or was altered"),
        ("DROP TABLE item", "table item is missing"),
        ("DROP TRIGGER guard_segments_update", "guard_segments_update is missing"),
        ("PRAGMA application_id = 7", "no store of gcvag"),
    ],
)
def test_a_store_that_came_back_altered_is_refused(
    store: Store, place: Path, paths: Callable[..., gpd.GeoDataFrame], sql: str, why: str
) -> None:
    store.replace_layers({"segments": paths()}, keys={"segments": "segment_id"})
    store.close()
    other = apsw.Connection(str(place))
    other.execute(sql)
    other.close()
    with pytest.raises(StoreError, match=why):
        open_store(place)


def test_a_style_table_that_qgis_counts_is_no_fault(store: Store, place: Path) -> None:
    store.close()
    other = apsw.Connection(str(place))
    other.execute(
        "CREATE TRIGGER trigger_insert_feature_count_layer_styles AFTER INSERT ON layer_styles "
        "BEGIN SELECT 1; END"
    )
    other.close()
    open_store(place).close()


def test_a_store_without_its_wal_is_refused(
    store: Store, place: Path, mark: Callable[..., Entry], tmp_path: Path
) -> None:
    store.append([mark(n=1)])
    copy = tmp_path / "copy"
    copy.mkdir()
    for file in place.parent.glob("town.gpkg*"):
        if not file.name.endswith(("-wal", "-shm")):
            shutil.copy(file, copy)
    store.close()
    with pytest.raises(StoreError, match="-wal file is missing"):
        open_store(copy / "town.gpkg")
    told = open_store(copy / "town.gpkg", check=False)
    assert [fault.code for fault in told.verify()] == ["head"]
    told.close()


def test_a_store_that_moves_with_its_files_verifies(
    store: Store, place: Path, mark: Callable[..., Entry], tmp_path: Path
) -> None:
    store.append([mark(n=1)])
    store.close()
    moved = tmp_path / "moved"
    moved.mkdir()
    for file in place.parent.glob("town.gpkg*"):
        shutil.copy(file, moved)
    again = open_store(moved / "town.gpkg")
    assert again.verify() == []
    again.close()


def test_a_lost_key_is_told_by_the_chain_itself(
    store: Store, place: Path, mark: Callable[..., Entry]
) -> None:
    store.append([mark(n=1)])
    store.close()
    (place.parent / "town.gpkg.key").unlink()
    again = open_store(place)
    again.append([mark(n=2)])
    assert [(one.entity, one.op) for one in again.revisions()] == [
        ("observation", "create"),
        ("store", "rekey"),
        ("observation", "create"),
    ]
    assert again.verify() == []
    again.close()


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/srv/town.gpkg", "ext4"),
        ("/mnt/the share/town.gpkg", "nfs4"),
        ("/mnt/the/town.gpkg", "ext4"),
    ],
)
def test_the_file_system_of_a_path_is_the_innermost(tmp_path: Path, path: str, kind: str) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text("/dev/sda / ext4 rw 0 0\nhost:/x /mnt/the\\040share nfs4 rw 0 0\n")
    assert file_system(Path(path), mounts) == kind


def test_a_network_share_is_no_place_for_a_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gis.store.doors.file_system", lambda *_: "nfs4")
    with pytest.raises(StoreError, match="network share"):
        create_store(tmp_path / "town.gpkg", "{}")
    assert list(tmp_path.iterdir()) == []


def test_a_store_has_one_server(store: Store, place: Path) -> None:
    store.occupy()
    store.occupy()
    second = open_store(place)
    with pytest.raises(StoreBusyError, match=r"town\.gpkg is served by another process"):
        second.occupy()
    store.close()
    second.occupy()
    second.close()
