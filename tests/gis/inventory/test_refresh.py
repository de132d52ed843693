"""Does the small update give what the whole one gives?"""

from __future__ import annotations

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
from gis.errors import AreaError
from gis.inventory.refresh import why_whole
from gis.settings import data_dir
from gis.store import open_store
from gis.store.base import StoreBusyError

if TYPE_CHECKING:
    from pathlib import Path

    from gis.store import Store

SAMPLE = data_dir() / "samples" / "helsinki" / "Helsinki.osm.pbf"
NOW = datetime(2026, 5, 12, 9, 0, tzinfo=UTC)
LAYERS = ("segments", "findings", "observations")
ROUNDS = 4


def layers_of(store: Store) -> dict[str, pd.DataFrame]:
    """Read the layers that people change, in order of their key."""
    frames = {name: pd.DataFrame(store.layer(name)) for name in LAYERS}
    return {
        name: frame.sort_values(frame.columns[0], ignore_index=True)
        for name, frame in frames.items()
    }


FIELDS = (
    {"path_class": "gangbana"},
    {"path_class": "cykelbana"},
    {"signs": ["D6"]},
    {"signs": ["D4"], "plate": "T24"},
    {"width_m": 2},
    {"separation": "line"},
    {"markings": ["M5"]},
)


def seen(dice: Random, store: Store, author: str, among: list[str]) -> list[str]:
    """Send marks of random segments, settle one and answer a question; return the touched ones."""
    touched = dice.sample(among, 5)
    operations = [
        {
            "op_id": str(UUID(int=dice.getrandbits(128))),
            "kind": "mark",
            "segment_id": segment_id,
            "base_version": None,
            "fields": dice.choice(FIELDS),
            "observed_at": NOW.isoformat(),
        }
        for segment_id in touched
    ]
    marks.receive(store, operations, author=author, now=NOW)
    decided = dice.choice(["cykelbana", "gc_gemensam", "gangbana"])
    marks.decide_segment(store, touched[0], decided, reason=None, author="planner")
    return touched


def neighbours(store: Store, middle: str, count: int) -> list[str]:
    """Return the segments nearest to one: marks there are in each other's reach."""
    rows = store.layer("segments")
    spot = rows.loc[rows["segment_id"].eq(middle)].geometry.iloc[0]
    near = rows.distance(spot).sort_values(kind="stable").index[:count]
    return sorted(rows.loc[near, "segment_id"])


@pytest.mark.parametrize("roll", [7, 8])
def test_a_refresh_after_each_change_equals_a_whole_update(store: Store, roll: int) -> None:
    dice = Random(roll)
    ids = sorted(store.table("segments")["segment_id"])
    crowd = neighbours(store, dice.choice(ids), 40)
    for number in range(ROUNDS):
        among = crowd if number % 2 else ids
        touched = seen(dice, store, f"person-{number % 2}", among)
        inventory.settle_at_once(store, touched)
        inventory.refresh(store, touched)
    small = layers_of(store)
    inventory.update(store)
    whole = layers_of(store)
    assert len(whole["observations"]) == 5 * ROUNDS
    for name in LAYERS:
        assert_frame_equal(small[name], whole[name])


def test_a_mark_changes_the_status_of_its_segment_alone(store: Store) -> None:
    before = store.table("segments").set_index("segment_id")["status"]
    dice = Random(3)
    touched = seen(dice, store, "anna", sorted(before.index))
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
    told = store.layer("findings", where={"check_id": ["E04"]})
    assert told["segment_id"].tolist() == [wanted["segment_id"]]
    assert "bicycle: nothing → designated" in told["message_en"].iloc[0]


def changed(path: Path, way: int) -> Path:
    """Write the sample anew with one tag of one way changed (synthetic)."""
    with osmium.SimpleWriter(str(path)) as writer:
        for thing in osmium.FileProcessor(SAMPLE):
            if isinstance(thing, Way) and thing.id == way:
                writer.add(thing.replace(tags={**dict(thing.tags), "bicycle": "designated"}))
            else:
                writer.add(thing)
    return path


def profile(path: Path, **other: str) -> areas.Area:
    """Give the sample's profile with one district and other lines (synthetic)."""
    lines = {"id": '"helsinki"', "name": '"Helsingfors"', "country": '"FI"', "crs": "3067"} | other
    ring = "[[24.9, 60.1], [25.1, 60.1], [25.1, 60.3], [24.9, 60.3], [24.9, 60.1]]"
    head = "".join(f"{name} = {value}\n" for name, value in lines.items())
    rest = f'bbox = [24.9, 60.1, 25.1, 60.3]\n[[districts]]\nname = "Påhittad"\nring = {ring}\n'
    path.write_text(head + rest, encoding="utf-8")
    return areas.load(path)


def test_another_profile_of_the_same_area_holds_from_the_next_update(
    store: Store, built: Path, tmp_path: Path
) -> None:
    before = store.area_json()
    for name, value in (("id", '"karlskrona"'), ("country", '"SE"'), ("crs", "3035")):
        with pytest.raises(AreaError, match=f"was made with {name} "):
            inventory.change_area(store, profile(tmp_path / "area.toml", **{name: value}))
    assert store.area_json() == before
    inventory.change_area(store, profile(tmp_path / "area.toml"))
    assert inventory.update(store).whole == "rules"
    assert store.table("segments")["district"].unique().tolist() == ["Påhittad"]
    store.close()
    with closing(open_store(str(tmp_path / built.name))) as again:
        assert areas.from_json(again.area_json()).name == "Helsingfors"
        assert why_whole(again, None) == "asked"


def test_no_profile_is_changed_under_a_server(store: Store, built: Path, tmp_path: Path) -> None:
    with closing(open_store(str(tmp_path / built.name))) as server:
        server.occupy()
        with pytest.raises(StoreBusyError, match="served by another process"):
            inventory.change_area(store, profile(tmp_path / "area.toml"))
    assert areas.from_json(store.area_json()).name != "Helsingfors"
