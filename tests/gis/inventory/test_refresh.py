"""Does the small update give what the whole one gives?"""

from __future__ import annotations

import shutil
from contextlib import closing
from datetime import UTC, datetime
from random import Random
from typing import TYPE_CHECKING
from uuid import UUID

import osmium
import pandas as pd
import pytest
from osmium.osm import Way
from pandas.testing import assert_frame_equal

from gis import areas, inventory, marks
from gis.settings import data_dir
from gis.store import create_store, open_store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gis.store import Store

SAMPLE = data_dir() / "samples" / "helsinki" / "Helsinki.osm.pbf"
NOW = datetime(2026, 5, 12, 9, 0, tzinfo=UTC)
LAYERS = ("segments", "findings", "observations")
ROUNDS = 4


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the inventory of the sample, made once."""
    path = tmp_path_factory.mktemp("sample") / "sample.gpkg"
    with closing(create_store(str(path), areas.load("helsinki").to_json())) as store:
        inventory.import_file(store, SAMPLE)
        inventory.update(store)
    return path


@pytest.fixture
def store(built: Path, tmp_path: Path) -> Iterator[Store]:
    """Give a copy of it to work on."""
    for part in built.parent.glob("sample.gpkg*"):
        shutil.copy(part, tmp_path / part.name)
    with closing(open_store(str(tmp_path / built.name))) as opened:
        yield opened


def layers_of(store: Store) -> dict[str, pd.DataFrame]:
    """Read the layers that people change, in order of their key."""
    frames = {name: pd.DataFrame(store.layer(name)) for name in LAYERS}
    return {
        name: frame.sort_values(frame.columns[0], ignore_index=True)
        for name, frame in frames.items()
    }


def seen(dice: Random, store: Store, author: str) -> list[str]:
    """Send some marks of random segments and settle one; the touched segments come back."""
    ids = sorted(store.table("segments")["segment_id"])
    touched = dice.sample(ids, 5)
    operations = [
        {
            "op_id": str(UUID(int=dice.getrandbits(128))),
            "kind": "mark",
            "segment_id": segment_id,
            "base_version": None,
            "fields": dice.choice([{"path_class": "gangbana"}, {"signs": ["D6"]}, {"width_m": 2}]),
            "observed_at": NOW.isoformat(),
        }
        for segment_id in touched
    ]
    marks.receive(store, operations, author=author, now=NOW)
    marks.decide_segment(store, touched[0], "cykelbana", reason=None, author="planner")
    return touched


def test_a_refresh_after_each_change_equals_a_whole_update(store: Store) -> None:
    dice = Random(7)
    for number in range(ROUNDS):
        inventory.refresh(store, seen(dice, store, f"person-{number % 2}"))
    small = layers_of(store)
    inventory.update(store)
    whole = layers_of(store)
    assert len(whole["observations"]) == 5 * ROUNDS
    for name in LAYERS:
        assert_frame_equal(small[name], whole[name])


def test_a_mark_changes_the_status_of_its_segment_alone(store: Store) -> None:
    before = store.table("segments").set_index("segment_id")["status"]
    dice = Random(3)
    touched = seen(dice, store, "anna")
    inventory.refresh(store, touched)
    after = store.table("segments").set_index("segment_id")["status"]
    changed = after[after.ne(before.reindex(after.index))]
    assert set(changed.index) <= set(touched)
    assert set(after[touched]) <= {"inspected", "decided"}


def test_the_same_file_again_makes_no_revision_and_changes_nothing(store: Store) -> None:
    before, head = layers_of(store), store.head()
    again = inventory.import_file(store, SAMPLE)
    inventory.update(store)
    assert (again.new, store.head()) == (False, head)
    after = layers_of(store)
    for name in LAYERS:
        assert_frame_equal(before[name], after[name])


def test_a_decision_turns_stale_when_its_source_says_something_else(
    store: Store, tmp_path: Path
) -> None:
    rows = store.table("segments")
    wanted = rows[rows["kind"].eq("path") & rows["status"].eq("proposed")].iloc[0]
    marks.decide_segment(store, wanted["segment_id"], "gangbana", reason=None, author="planner")
    inventory.update(store)
    status = store.table("segments").set_index("segment_id")["status"]
    assert status[wanted["segment_id"]] == "decided"
    way = int(wanted["source_ids"][0].removeprefix("osm:way/"))
    inventory.import_file(store, changed(tmp_path / "newer.osm.pbf", way))
    inventory.update(store)
    status = store.table("segments").set_index("segment_id")["status"]
    assert status[wanted["segment_id"]] == "stale"
    assert status.eq("stale").sum() == 1


def changed(path: Path, way: int) -> Path:
    """Write the sample anew with one tag of one way changed (synthetic)."""
    with osmium.SimpleWriter(str(path)) as writer:
        for thing in osmium.FileProcessor(SAMPLE):
            if isinstance(thing, Way) and thing.id == way:
                writer.add(thing.replace(tags={**dict(thing.tags), "bicycle": "designated"}))
            else:
                writer.add(thing)
    return path
