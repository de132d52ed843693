"""Are backups written when they are due, and dropped when they need not be kept?"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from gis.store.backup import manifests
from gis.store.schedule import back_up, back_up_when_due, due

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from gis.store.base import Store

QUARTER = timedelta(minutes=15)


def test_the_first_backup_is_due_and_the_next_a_quarter_later(store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    assert due(folder)
    written = back_up_when_due(store, folder)
    assert [one.path for one in manifests(folder)] == [written]
    first = manifests(folder)[0].at
    assert not due(folder, at=first + QUARTER - timedelta(seconds=1))
    assert due(folder, at=first + QUARTER)
    assert back_up_when_due(store, folder, at=first + timedelta(minutes=1)) is None
    assert back_up_when_due(store, folder, at=first + QUARTER) is not None
    assert len(manifests(folder)) == 2


def test_what_need_not_be_kept_goes_when_a_new_one_is_there(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dropped: list[tuple[Path, int]] = []
    monkeypatch.setattr(
        "gis.store.schedule.prune", lambda folder: dropped.append((folder, len(manifests(folder))))
    )
    back_up(store, tmp_path)
    assert dropped == [(tmp_path, 1)]
