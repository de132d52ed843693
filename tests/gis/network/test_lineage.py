"""Do ids stay with the ground they stood for?"""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
from geopandas.testing import assert_geodataframe_equal
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString

from gis.network.lineage import keep_ids

Row = tuple[str, str, str, list[tuple[float, float]]]


def layer(*rows: Row) -> gpd.GeoDataFrame:
    """Make segments of (id, source id, side, line); a side comes from a sidewalk tag."""
    return gpd.GeoDataFrame(
        {
            "segment_id": pd.array([row[0] for row in rows], dtype="str"),
            "source_id": pd.array([row[1] for row in rows], dtype="str"),
            "side": pd.array([row[2] for row in rows], dtype="str"),
            "side_tag": pd.array(
                [None if row[2] == "none" else "sidewalk" for row in rows], dtype="str"
            ),
        },
        geometry=[LineString(row[3]) for row in rows],
        crs=3006,
    )


def straight(x: float, to: float, y: float = 0.0) -> list[tuple[float, float]]:
    return [(x, y), (to, y)]


OLD = layer(("s1", "osm:way/1", "none", straight(0, 100)))

CASES = [
    pytest.param(
        layer(("s1", "osm:way/1", "none", straight(0, 100))),
        ["s1"],
        {("s1", "s1", "kept")},
        id="unchanged",
    ),
    pytest.param(
        layer(("n1", "osm:way/1", "none", straight(100, 0))),
        ["s1"],
        {("s1", "s1", "kept")},
        id="turned around",
    ),
    pytest.param(
        layer(("n1", "osm:way/1", "none", straight(0, 100, 1))),
        ["s1"],
        {("s1", "s1", "kept")},
        id="drawn better",
    ),
    pytest.param(
        layer(("n1", "osm:way/1", "none", straight(0, 100, 14))),
        ["s1"],
        {("s1", "s1", "moved")},
        id="moved",
    ),
    pytest.param(
        layer(("n1", "osm:way/1", "none", straight(0, 100, 16))),
        ["n1"],
        {("n1", None, "new"), (None, "s1", "retired")},
        id="moved too far",
    ),
    pytest.param(
        layer(("n1", "osm:way/2", "none", straight(0, 100, 1))),
        ["s1"],
        {("s1", "s1", "kept")},
        id="renumbered",
    ),
    pytest.param(
        layer(("n1", "osm:way/2", "none", straight(0, 100, 4))),
        ["n1"],
        {("n1", None, "new"), (None, "s1", "retired")},
        id="a parallel path of another way",
    ),
    pytest.param(
        layer(("n1", "osm:way/2", "none", [(50, -50), (50, 50)])),
        ["n1"],
        {("n1", None, "new"), (None, "s1", "retired")},
        id="a path across",
    ),
    pytest.param(
        layer(
            ("n1", "osm:way/1", "none", straight(0, 30)),
            ("n2", "osm:way/1", "none", straight(30, 100)),
        ),
        ["n1", "s1"],
        {("s1", "s1", "split"), ("n1", "s1", "split")},
        id="split by a new junction",
    ),
    pytest.param(
        layer(
            ("n1", "osm:way/2", "none", straight(0, 60)),
            ("n2", "osm:way/3", "none", straight(60, 100)),
        ),
        ["s1", "n2"],
        {("s1", "s1", "split"), ("n2", "s1", "split")},
        id="split and renumbered",
    ),
    pytest.param(
        layer(("n1", "osm:way/1", "right", straight(0, 100, -6))),
        ["n1"],
        {("n1", None, "new"), (None, "s1", "retired")},
        id="path turned into a side tag",
    ),
    pytest.param(layer(), [], {(None, "s1", "retired")}, id="gone"),
]


def told(lineage: pd.DataFrame) -> set[tuple[str | None, str | None, str]]:
    rows = lineage.astype(object).where(lineage.notna(), None)
    return set(rows.itertuples(index=False, name=None))


@pytest.mark.parametrize(("new", "ids", "lineage"), CASES)
def test_keep_ids(
    new: gpd.GeoDataFrame, ids: list[str], lineage: set[tuple[str | None, str | None, str]]
) -> None:
    kept = keep_ids(new, OLD)
    assert kept.segments["segment_id"].tolist() == ids
    assert told(kept.lineage) == lineage


def test_first_import_is_all_new() -> None:
    kept = keep_ids(OLD, layer())
    assert kept.segments["segment_id"].tolist() == ["s1"]
    assert told(kept.lineage) == {("s1", None, "new")}


def test_two_that_became_one_are_merged() -> None:
    old = layer(
        ("s1", "osm:way/1", "none", straight(0, 30)),
        ("s2", "osm:way/1", "none", straight(30, 100)),
    )
    kept = keep_ids(layer(("n1", "osm:way/1", "none", straight(0, 100))), old)
    assert kept.segments["segment_id"].tolist() == ["s2"]
    assert told(kept.lineage) == {("s2", "s2", "merged"), ("s2", "s1", "merged")}


def test_a_dropped_way_does_not_go_into_the_short_one_that_it_met() -> None:
    old = layer(
        ("s1", "osm:way/1", "none", straight(0, 60)),
        ("s2", "osm:way/2", "none", straight(56, 64, 2)),
    )
    kept = keep_ids(layer(("s2", "osm:way/2", "none", straight(56, 63, 2))), old)
    assert told(kept.lineage) == {("s2", "s2", "kept"), (None, "s1", "retired")}


def test_the_two_sides_of_a_street_are_not_mixed_up() -> None:
    old = layer(
        ("s1", "osm:way/1", "left", straight(0, 100, 6)),
        ("s2", "osm:way/1", "right", straight(0, 100, -6)),
    )
    # The way was turned around, so its left is now the other tag on the same ground.
    new = layer(
        ("n1", "osm:way/1", "left", straight(100, 0, -6)),
        ("n2", "osm:way/1", "right", straight(100, 0, 6)),
    )
    assert keep_ids(new, old).segments["segment_id"].tolist() == ["s2", "s1"]


def test_a_fresh_id_that_another_keeps_is_minted_again() -> None:
    # s1 once stood at 0–100 and was moved step by step; now a new path is drawn where it began.
    old = layer(("s1", "osm:way/1", "none", straight(0, 100, 40)))
    new = layer(
        ("n9", "osm:way/1", "none", straight(0, 100, 40)),
        ("s1", "osm:way/7", "none", straight(0, 100)),
    )
    ids = keep_ids(new, old).segments["segment_id"].tolist()
    assert ids[0] == "s1"
    assert ids[1] not in {"s1", "n9"}
    assert keep_ids(new, old).segments["segment_id"].tolist() == ids


numbers = st.integers(0, 6)
spans = st.lists(st.tuples(numbers, numbers, st.integers(0, 2), st.integers(1, 3)), max_size=6)


def drawn(rows: list[tuple[int, int, int, int]], prefix: str) -> gpd.GeoDataFrame:
    lines = [(a * 20.0, b * 20.0, y * 2.0, way) for a, b, y, way in rows if a != b]
    return layer(
        *(
            (f"{prefix}{i}", f"osm:way/{way}", "none", straight(a, b, y))
            for i, (a, b, y, way) in enumerate(lines)
        )
    )


@settings(max_examples=60, deadline=None)
@given(before=spans, after=spans)
def test_ids_are_never_given_twice_and_nothing_is_lost(
    before: list[tuple[int, int, int, int]], after: list[tuple[int, int, int, int]]
) -> None:
    old, new = drawn(before, "s"), drawn(after, "n")
    kept = keep_ids(new, old)
    ids = kept.segments["segment_id"]
    assert ids.is_unique
    assert set(kept.lineage["segment_id"].dropna()) == set(ids)
    assert set(kept.lineage["previous_id"].dropna()) == set(old["segment_id"])
    assert_geodataframe_equal(
        kept.segments.drop(columns="segment_id"), new.drop(columns="segment_id")
    )


@settings(max_examples=40, deadline=None)
@given(before=spans, after=spans, seed=st.integers(0, 99))
def test_row_order_says_nothing(
    before: list[tuple[int, int, int, int]], after: list[tuple[int, int, int, int]], seed: int
) -> None:
    old, new = drawn(before, "s"), drawn(after, "n")
    mixed = new.sample(frac=1, random_state=seed)
    one = keep_ids(new, old).segments
    two = keep_ids(mixed.reset_index(drop=True), old.iloc[::-1].reset_index(drop=True)).segments
    assert two["segment_id"].tolist() == one["segment_id"].loc[mixed.index].tolist()


@settings(max_examples=40, deadline=None)
@given(rows=spans)
def test_the_same_import_again_changes_nothing(rows: list[tuple[int, int, int, int]]) -> None:
    old = drawn(rows, "s")
    kept = keep_ids(old, old)
    assert kept.segments["segment_id"].tolist() == old["segment_id"].tolist()
    assert set(kept.lineage["relation"]) <= {"kept"}
