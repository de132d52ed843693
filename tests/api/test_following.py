"""Is what a mark changes around it made up for behind the answer, and after a stop before that?"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

from api.work import following
from gis import inventory, marks
from gis.inventory import behind
from gis.inventory.proving import derived_faults
from gis.inventory.refresh import look_around
from gis.store import open_store
from tests.api.conftest import running, settings_for
from tests.api.writing import item, mark, send

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import pytest
    from starlette.testclient import TestClient

    from gis.inventory.refresh import Looked
    from gis.store import Store

    Bearer = Callable[[str | None], dict[str, str]]

SHOWN = ("path_class", "status", "confidence", "severity", "flags", "version")


def shown(client: TestClient) -> list[Any]:
    """Read what a mark changes of its segment, and the findings there are."""
    told = client.get(item(client)).json()["properties"]
    findings = client.get("/ogc/collections/findings/items").json()["features"]
    return [[told[name] for name in SHOWN], sorted(one["id"] for one in findings)]


def waiting(location: Path) -> int:
    """Count what waits in a store."""
    with closing(open_store(location)) as store:
        return inventory.pending(store).number


async def nothing(_: Store) -> None:
    """Stand for a server that is killed before it catches up."""


def test_a_stop_before_the_refresh_ends_where_none_would_have(
    live_location: Path, bearer: Bearer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as killed, running(settings_for(live_location)) as client:
        killed.setattr(following, "_catch_up", nothing)
        before = client.get("/ogc/collections/findings/items").json()["numberMatched"]
        sent = mark(client, path_class="cykelbana")
        send(client, bearer("inspector"), sent)
        seen = client.get(
            f"/ogc/collections/observations/items/{sent['op_id']}", headers=bearer("inspector")
        )
        assert seen.json()["properties"]["fields"] == {"path_class": "cykelbana"}
    assert waiting(live_location) == 1
    with running(settings_for(live_location)) as client:
        after = shown(client)
    assert waiting(live_location) == 0
    assert (after[0][:2], len(after[1])) == (["cykelbana", "inspected"], before - 1)
    with closing(open_store(live_location)) as store:
        assert derived_faults(store) == []


def test_marks_that_come_close_together_are_made_up_for_in_one_piece(
    live: TestClient, bearer: Bearer, monkeypatch: pytest.MonkeyPatch, live_location: Path
) -> None:
    pieces: list[object] = []
    whole = inventory.catch_up

    def counted(store: Store) -> None:
        pieces.append(whole(store))

    monkeypatch.setattr(inventory, "catch_up", counted)
    monkeypatch.setattr(following, "PAUSE_S", 10**4)
    monkeypatch.setattr(following, "MOST_S", 10**4)
    send(live, bearer("inspector"), *[mark(live) for _ in range(3)])
    assert (waiting(live_location), pieces) == (3, [])
    shown(live)
    assert (waiting(live_location), len(pieces)) == (0, 1)


def test_what_is_said_while_it_is_computed_is_not_written_over(
    live_location: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[int] = []
    with closing(open_store(live_location)) as store:
        segment_id = str(store.table("segments")["segment_id"].iloc[0])

        def interrupted(store: Store, ids: Sequence[str]) -> Looked:
            found = look_around(store, ids)
            looks.append(len(ids))
            if len(looks) == 1:
                marks.decide_segment(store, segment_id, "gangbana", reason=None, author="p1")
            return found

        monkeypatch.setattr(behind, "look_around", interrupted)
        marks.decide_segment(store, segment_id, "cykelbana", reason=None, author="p1")
        inventory.catch_up(store)
        row = store.layer("segments", ids=[segment_id]).iloc[0]
        assert (row["path_class"], row["version"], looks) == ("gangbana", 3, [1, 1])
