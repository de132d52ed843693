"""What reaches the public store, when, and under which ids."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from gis.controls import records
from gis.promises import PromiseSettings, load, publish, published
from gis.store import create_store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gis.store import Store

BEGUN = datetime(2026, 5, 8, 8, tzinfo=UTC)
ENDED = BEGUN + timedelta(hours=1)
DUE = ENDED + timedelta(days=30)
BODY = {
    "started_at": BEGUN.isoformat(),
    "ended_at": ENDED.isoformat(),
    "stopped": 12,
    "informed": 3,
    "reported": {"3:6": 2},
    "note": "Lugnt",
}
PLAN = {
    "kind": "cyclist",
    "segment_id": "s0canary",
    "starts_at": BEGUN.isoformat(),
    "ends_at": ENDED.isoformat(),
    "reason": "ranked",
    "note": "Vid bron",
}


@pytest.fixture
def stores(tmp_path: Path) -> Iterator[tuple[Store, Store]]:
    police = create_store(tmp_path / "a.police.gpkg", '{"id":"a"}')
    public = create_store(tmp_path / "a.gpkg", '{"id":"a"}')
    yield police, public
    police.close()
    public.close()


def bring(stores: tuple[Store, Store], now: datetime) -> int:
    return publish(*stores, rows=load(), settings=PromiseSettings(), now=now)


def counted(public: Store) -> int:
    return sum(one.counted for one in published(public) if one.row == "cyclist_controls")


def control(police: Store, **told: object) -> str:
    body = BODY | {"kind": "cyclist", "segment_id": "s1", "reason": "ranked"} | told
    place = {"district": "Lyckeby", "school_m": None}
    return records.add_control(police, body, author="o1", now=ENDED, place=place)


def test_a_control_comes_out_after_its_delay_and_goes_when_it_is_corrected(
    stores: tuple[Store, Store],
) -> None:
    police, public = stores
    control_id = control(police)
    assert bring(stores, DUE - timedelta(seconds=1)) == 0
    assert bring(stores, DUE) == 1
    assert counted(public) == 1
    records.change_control(police, control_id, {"reason": None}, author="o1", now=DUE)
    bring(stores, DUE)
    assert counted(public) == 0


def test_publishing_again_writes_nothing(stores: tuple[Store, Store]) -> None:
    police, public = stores
    control(police)
    bring(stores, DUE)
    head = public.head()
    assert bring(stores, DUE + timedelta(days=1)) == 0
    assert public.head() == head


def test_plans_leave_the_public_store_untouched(stores: tuple[Store, Store]) -> None:
    police, public = stores
    head = public.head()
    for _ in range(20):
        records.add_plan(police, PLAN, author="o1", now=BEGUN)
    assert bring(stores, DUE + timedelta(days=400)) == 0
    assert public.head() == head


def test_nothing_of_plan_or_control_is_in_what_is_published(
    stores: tuple[Store, Store],
) -> None:
    police, public = stores
    plan_id = records.add_plan(police, PLAN, author="o1", now=BEGUN, place={"district": "Lyckeby"})
    control_id = records.perform(police, plan_id, BODY, author="o1", now=ENDED)
    bring(stores, DUE)
    rows = public.state("control_figure")
    text = " ".join(str((key, one.body, one.author)) for key, one in rows.items())
    secrets = (plan_id, control_id, "s0canary", "ranked", "Vid bron", "Lugnt", "2026-05", "o1")
    assert rows
    assert [word for word in secrets if word in text] == []


def test_the_same_plan_performed_twice_is_one_control(stores: tuple[Store, Store]) -> None:
    police, public = stores
    plan_id = records.add_plan(police, PLAN, author="o1", now=BEGUN)
    first = records.perform(police, plan_id, BODY, author="o1", now=ENDED)
    again = records.perform(police, plan_id, BODY | {"stopped": 13}, author="o2", now=ENDED)
    assert first == again
    assert first != plan_id
    assert [one["stopped"] for one in records.controls(police)] == [13]
    bring(stores, DUE)
    assert counted(public) == 1
