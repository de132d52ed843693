"""Does a server back its stores up by itself?"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from gis.store.backup import manifests
from gis.store.head import beside
from tests.api.conftest import copied, running, settings_for
from tests.api.writing import mark, send

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest

    Bearer = Callable[[str | None], dict[str, str]]


def test_a_server_backs_up_what_was_marked(
    built: Path, tmp_path: Path, bearer: Bearer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.work.backups.FIRST_S", 0.2)
    location = copied(built, tmp_path)
    with running(settings_for(location)) as client:
        send(client, bearer("inspector"), mark(client))
        until = time.monotonic() + 20
        while not manifests(beside(str(location), "backup")):
            assert time.monotonic() < until
            time.sleep(0.05)
    (kept,) = manifests(beside(str(location), "backup"))
    assert kept.seq > 0
