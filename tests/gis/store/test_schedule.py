"""Are backups written when there is something to keep, and dropped when they need not be kept?"""

from __future__ import annotations

import stat
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from gis import areas, inventory
from gis.errors import StoreError
from gis.inventory import returned
from gis.store import create_store
from gis.store.backup import manifests
from gis.store.schedule import LONGEST, back_up, back_up_beside
from tests.gis import osmtext

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gis.store.base import Entry, Store


def test_a_backup_is_written_when_there_is_something_new_to_keep(
    store: Store, mark: Callable[..., Entry]
) -> None:
    assert back_up_beside(store) is None
    store.append([mark("a")])
    written = [back_up_beside(store), back_up_beside(store)]
    assert [one.path for one in manifests(store.backups)] == written[:1]
    assert written[1] is None
    store.append([mark("b")])
    assert back_up_beside(store) is not None
    assert [one.seq for one in manifests(store.backups)] == [1, 2]
    assert stat.S_IMODE(store.backups.stat().st_mode) == 0o700


def test_once_a_day_a_backup_is_written_whether_or_not_the_history_grew(
    store: Store, mark: Callable[..., Entry]
) -> None:
    store.append([mark("a")])
    back_up_beside(store)
    assert back_up_beside(store, at=datetime.now(UTC) + LONGEST - timedelta(minutes=1)) is None
    assert back_up_beside(store, at=datetime.now(UTC) + LONGEST) is not None


def test_a_photo_or_a_log_in_alone_is_something_new_to_keep_and_a_session_is_not(
    store: Store, mark: Callable[..., Entry]
) -> None:
    store.append([mark("a")])
    assert back_up_beside(store) is not None
    store.keep_item("session", "s", b"", {})
    assert back_up_beside(store) is None
    store.keep_item("photo", "p", b"picture", {})
    assert back_up_beside(store) is not None
    store.add_user("ute", "inspector", None)
    assert back_up_beside(store) is not None
    assert back_up_beside(store) is None


def test_an_import_begins_with_a_backup_of_what_stands(tmp_path: Path) -> None:
    area = areas.load("karlskrona").to_json()
    with closing(create_store(tmp_path / "town.gpkg", area)) as store:
        for number, tag in enumerate(("footway", "cycleway", "path")):
            file = osmtext.line(("highway", tag)).save(tmp_path, f"{number}.osm")
            inventory.import_file(store, file)
            assert [one.seq for one in manifests(store.backups)] == list(range(1, number + 1))


def test_an_import_of_marks_begins_with_a_backup_too(
    store: Store, mark: Callable[..., Entry], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    store.append([mark("a")])
    monkeypatch.setattr(returned, "operations", lambda _: [{"op_id": "kept though it is none"}])
    returned.import_marks(store, tmp_path / "back.gpkg", author="p1", still=True)
    assert [one.seq for one in manifests(store.backups)] == [1]
    assert store.head()[0] == 2


def test_no_room_for_a_backup_is_told_in_one_sentence(
    store: Store, mark: Callable[..., Entry]
) -> None:
    store.append([mark("a")])
    store.backups.parent.mkdir(exist_ok=True)
    store.backups.write_text("in the way", encoding="utf-8")
    with pytest.raises(StoreError, match="no backup could be written"):
        back_up_beside(store)


def test_what_need_not_be_kept_goes_when_a_new_one_is_there(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dropped: list[tuple[Path, int]] = []
    monkeypatch.setattr(
        "gis.store.schedule.prune", lambda folder: dropped.append((folder, len(manifests(folder))))
    )
    back_up(store, tmp_path)
    assert dropped == [(tmp_path, 1)]
