"""What becomes of a segment, and of its marks, when somebody cuts it and takes that back?"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import geopandas as gpd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gis import crs, inventory, marks
from gis.network.splits import Cut, child_id, cut, join
from tests.gis.marks.conftest import inventoried

if TYPE_CHECKING:
    from pathlib import Path

    from gis.store import Store

NOW = datetime(2026, 5, 12, 9, 0, tzinfo=UTC)
WEST, EAST, LAT = 15.5890, 15.5922, 56.1614
WAY = (
    '<osm version="0.6">'
    + "".join(
        f'<node id="{place}" version="1" timestamp="2025-01-01T00:00:00Z" lat="{LAT}" lon="{lon}"/>'
        for place, lon in enumerate((WEST, (WEST + EAST) / 2, EAST), start=1)
    )
    + '<way id="1" version="1" timestamp="2025-01-01T00:00:00Z"><nd ref="1"/><nd ref="2"/>'
    '<nd ref="3"/><tag k="highway" v="footway"/></way></osm>'
)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make an inventory of one footway of about 200 m, once."""
    folder = tmp_path_factory.mktemp("built")
    (folder / "way.osm").write_text(WAY, encoding="utf-8")
    return inventoried(folder, folder / "way.osm")


def lon_at(share: float) -> float:
    return WEST + (EAST - WEST) * share


def say(store: Store, kind: str, segment_id: str, **more: object) -> str:
    """Receive one operation as the server does; return its id."""
    op_id = str(uuid.uuid4())
    told = {"op_id": op_id, "kind": kind, "segment_id": segment_id, **more}
    received = marks.receive(store, [told], author="anna", now=NOW)
    assert received[0].result == "applied"
    inventory.refresh(store, [segment_id])
    return op_id


def split_at(store: Store, segment_id: str, share: float) -> str:
    point = {"lon": lon_at(share), "lat": LAT}
    return say(store, "split", segment_id, fields={"point": point}, fix=None)


def mark_at(store: Store, segment_id: str, share: float, sign: str) -> str:
    fix = {"lon": lon_at(share), "lat": LAT, "accuracy_m": 3}
    return say(store, "mark", segment_id, fields={"signs": [sign]}, fix=fix)


def only(store: Store) -> str:
    return str(store.layer("segments")["segment_id"].iloc[0])


def living(store: Store) -> dict[str, float]:
    rows = store.layer("segments")
    alive = rows[rows["status"].ne("retired")]
    return dict(zip(alive["segment_id"], alive["length_m"].round(1), strict=True))


def home(store: Store, op_id: str) -> str:
    rows = store.layer("observations").set_index("observation_id")
    return str(rows.loc[op_id, "segment_id"])


def test_a_split_makes_two_segments_at_once_and_the_part_before_it_keeps_the_id(
    store: Store,
) -> None:
    parent = only(store)
    whole = living(store)[parent]
    op_id = split_at(store, parent, 0.25)
    parts = living(store)
    assert set(parts) == {parent, child_id(op_id)}
    assert parts[parent] == pytest.approx(0.25 * whole, abs=0.5)
    assert sum(parts.values()) == pytest.approx(whole, abs=0.2)
    assert [one.new_id for one in store.lineage(parent) if one.relation == "split"] == [
        child_id(op_id)
    ]


def test_the_next_update_gives_the_same_parts(store: Store) -> None:
    parent = only(store)
    split_at(store, parent, 0.25)
    split_at(store, parent, 0.6)
    at_once = living(store)
    inventory.update(store)
    assert living(store) == at_once
    assert len(at_once) == 3


def test_marks_of_the_parent_move_to_the_part_they_lie_on(store: Store) -> None:
    parent = only(store)
    before = mark_at(store, parent, 0.1, "SE:D4")
    op_id = split_at(store, parent, 0.25)
    after = mark_at(store, parent, 0.9, "SE:D5")
    child = child_id(op_id)
    assert (home(store, before), home(store, after)) == (parent, child)
    classes = store.layer("segments").set_index("segment_id")["path_class"]
    assert (classes[parent], classes[child]) == ("cykelbana", "gangbana")
    inventory.update(store)
    assert (home(store, before), home(store, after)) == (parent, child)


def test_parts_stay_where_they_are_when_the_source_turns_the_way_round(
    store: Store, tmp_path: Path
) -> None:
    parent = only(store)
    child = child_id(split_at(store, parent, 0.25))
    lengths = living(store)
    turned = WAY.replace(
        '<nd ref="1"/><nd ref="2"/><nd ref="3"/>', '<nd ref="3"/><nd ref="2"/><nd ref="1"/>'
    ).replace('way id="1" version="1"', 'way id="1" version="2"')
    (tmp_path / "turned.osm").write_text(turned, encoding="utf-8")
    inventory.import_file(store, tmp_path / "turned.osm")
    inventory.update(store)
    lines = store.layer("segments").set_index("segment_id").geometry
    assert lines[parent].coords[0][0] > lines[parent].coords[-1][0]
    assert living(store) == pytest.approx(lengths, abs=0.2)
    assert lines[parent].centroid.x < lines[child].centroid.x


def test_undo_joins_the_parts_and_their_marks_come_back(store: Store) -> None:
    parent = only(store)
    whole = living(store)
    op_id = split_at(store, parent, 0.25)
    child = child_id(op_id)
    on_child = mark_at(store, child, 0.9, "SE:D4")
    say(store, "undo", parent, fields={"op_id": op_id})
    assert living(store) == whole
    assert home(store, on_child) == parent
    retired = store.layer("segments").set_index("segment_id").loc[child]
    assert retired["status"] == "retired"
    late = mark_at(store, child, 0.88, "SE:D4")
    inventory.refresh(store, [parent])
    assert home(store, late) == parent
    inventory.update(store)
    assert living(store) == whole


def test_a_split_off_the_segment_changes_nothing_and_stays_readable(store: Store) -> None:
    parent = only(store)
    whole = living(store)
    op_id = say(store, "split", parent, fields={"point": {"lon": 15.7, "lat": LAT}})
    assert living(store) == whole
    kinds = store.layer("observations").set_index("observation_id")["kind"]
    assert kinds[op_id] == "split"


LINE = shapely.LineString([(0, 0), (60, 0), (60, 40)])
ROW = gpd.GeoDataFrame(
    {"segment_id": ["s"], "from_node": [1], "to_node": [2], "m_from": [0.0], "m_to": [1.0],
     "length_m": [100.0]},
    geometry=[LINE], crs=3006,
)  # fmt: skip


ALONGS = st.lists(st.floats(1, 99), max_size=4)


def cut_at(alongs: list[float]) -> list[Cut]:
    return [
        Cut(op_id=f"op{n}", segment_id="s", point=LINE.interpolate(along), before=LINE, at=NOW)
        for n, along in enumerate(alongs)
    ]


def grounds(parts: gpd.GeoDataFrame) -> dict[str, bytes]:
    """Say which ground each part is, whichever way it runs, to the millimetre."""
    lines = shapely.normalize(shapely.set_precision(parts.geometry.to_numpy(), 0.001))
    return dict(zip(parts["segment_id"], shapely.to_wkb(lines), strict=True))


@given(ALONGS, st.data())
def test_the_order_of_cuts_makes_no_difference(alongs: list[float], data: st.DataObject) -> None:
    cuts = cut_at(alongs)
    assert grounds(cut(ROW, data.draw(st.permutations(cuts)))) == grounds(cut(ROW, cuts))


@given(ALONGS, st.floats(1, 99))
def test_one_more_cut_leaves_all_parts_but_one_as_they_are(
    alongs: list[float], along: float
) -> None:
    *cuts, last = cut_at([*alongs, along])
    before = cut(ROW, cuts)
    after = grounds(cut(before, [last]))
    changed = {name for name, part in grounds(before).items() if after[name] != part}
    assert len(changed) == len(after) - len(before) <= 1


@given(ALONGS)
def test_a_line_that_was_turned_round_is_cut_into_the_same_parts(alongs: list[float]) -> None:
    turned = ROW.set_geometry(gpd.GeoSeries([shapely.reverse(LINE)], crs=ROW.crs))
    assert grounds(cut(turned, cut_at(alongs))) == grounds(cut(ROW, cut_at(alongs)))


@given(ALONGS)
def test_what_was_cut_can_be_joined(alongs: list[float]) -> None:
    parts = cut(ROW, cut_at(alongs))
    assert parts["segment_id"].is_unique
    assert parts["length_m"].sum() == pytest.approx(100)
    assert parts["length_m"].min() >= min(0.5, parts["length_m"].max())
    whole = join(parts, "s")
    assert whole is not None
    assert whole.geometry.iloc[0].equals_exact(LINE, 1e-6) or whole.geometry.iloc[0].equals(LINE)
    assert whole[["from_node", "to_node", "m_from", "m_to"]].iloc[0].tolist() == [1, 2, 0.0, 1.0]


def test_parts_that_no_longer_meet_are_not_joined() -> None:
    apart = gpd.GeoDataFrame(
        {"segment_id": ["s", "t"]},
        geometry=[shapely.LineString([(0, 0), (1, 0)]), shapely.LineString([(5, 0), (6, 0)])],
        crs=3006,
    )
    assert join(apart, "s") is None


def test_a_store_without_splits_reads_none(store: Store) -> None:
    found = marks.read_edits(store, crs.WGS84)
    assert (found.told, found.standing) == ((), frozenset())
