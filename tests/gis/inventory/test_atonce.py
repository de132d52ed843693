"""Does a mark show at its segment at once, as it does after everything is recomputed?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING
from uuid import UUID

from pandas.testing import assert_frame_equal

from gis import inventory, marks

if TYPE_CHECKING:
    import pandas as pd

    from gis.store import Store

NOW = datetime(2026, 5, 12, 9, 0, tzinfo=UTC)
TOLD = ["status", "inspected_at", "valid_from", "version"]


def mark(store: Store, dice: Random, segment_id: str, author: str, kind: str = "mark") -> None:
    """Send one mark or visit, a little later than the one before."""
    at = NOW + timedelta(seconds=dice.randrange(60))
    operation = {
        "op_id": str(UUID(int=dice.getrandbits(128))),
        "kind": kind,
        "segment_id": segment_id,
        "base_version": None,
        "fields": {"path_class": "gangbana"} if kind == "mark" else {},
        "observed_at": at.isoformat(),
    }
    marks.receive(store, [operation], author=author, now=NOW)


def rows(store: Store, ids: list[str]) -> pd.DataFrame:
    """Read what a mark changes of segments at once."""
    return store.layer("segments", ids=ids)[TOLD]


def test_what_shows_at_once_is_what_stands_after_a_refresh(store: Store) -> None:
    dice = Random(4)
    ids = sorted(dice.sample(sorted(store.table("segments")["segment_id"]), 4))
    for one in (*ids, ids[0]):
        mark(store, dice, one, "anna")
    mark(store, dice, ids[1], "anna", "visit")
    inventory.settle_at_once(store, ids)
    soon = rows(store, ids)
    inventory.refresh(store, ids)
    assert set(soon["status"]) == {"inspected"}
    assert soon["version"].tolist() == [3, 3, 2, 2]
    assert_frame_equal(soon, rows(store, ids))


def test_what_several_said_of_a_segment_waits_for_the_refresh(store: Store) -> None:
    dice = Random(5)
    ids = sorted(dice.sample(sorted(store.table("segments")["segment_id"]), 3))
    before = rows(store, ids)
    marks.decide_segment(store, ids[0], "cykelbana", reason=None, author="planner")
    inventory.refresh(store, ids[:1])
    decided = rows(store, ids)
    mark(store, dice, ids[0], "anna")
    for author in ("anna", "bertil"):
        mark(store, dice, ids[1], author)
    inventory.settle_at_once(store, [*ids, "nowhere"])
    assert_frame_equal(rows(store, ids), decided)
    assert_frame_equal(rows(store, ids)[1:], before[1:])
