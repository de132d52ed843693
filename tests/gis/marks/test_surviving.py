"""Does a mark go with the ground it stands on when ways change at their source?"""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import LineString

from gis.marks.edits import Edits
from gis.marks.surviving import heirs, inherit, kin, survive
from gis.store.base import Lineage

EPSG = 3006
EAST, NORTH = 536_000.0, 6_224_000.0


def network(**lines: tuple[float, float]) -> gpd.GeoDataFrame:
    """Make segments along one straight street, each from metre to metre."""
    shapes = [LineString([(EAST + a, NORTH), (EAST + b, NORTH)]) for a, b in lines.values()]
    return gpd.GeoDataFrame({"segment_id": list(lines)}, geometry=shapes, crs=EPSG)


def seen(*marks: tuple[str, float | None], kind: str = "mark") -> pd.DataFrame:
    """Make marks: the segment they were sent for, and the metre where the person stood."""
    points = gpd.GeoSeries.from_xy(
        [EAST + (at if at is not None else 0) for _, at in marks], [NORTH] * len(marks), crs=EPSG
    ).to_crs(4326)
    there = np.array([at is not None for _, at in marks])
    return pd.DataFrame(
        {
            "segment_id": [one for one, _ in marks],
            "kind": kind,
            "lon": points.x.where(there),
            "lat": points.y.where(there),
        }
    )


def went(old: str, new: str, relation: str) -> Lineage:
    return Lineage(old_id=old, new_id=new, relation=relation, delivery_id="d1")


@pytest.mark.parametrize(
    ("mark", "lineage", "living", "home"),
    [
        (("a", 80), [("a", "b", "split")], {"a": (0, 50), "b": (50, 100)}, "b"),
        (("a", 20), [("a", "b", "split")], {"a": (0, 50), "b": (50, 100)}, "a"),
        (("a", 50), [("a", "b", "split")], {"a": (0, 50), "b": (50, 100)}, "a"),
        (("a", None), [("a", "b", "split")], {"a": (0, 50), "b": (50, 100)}, "a"),
        (
            ("a", None),
            [("a", "b", "split"), ("a", "c", "split")],
            {"b": (0, 30), "c": (30, 90)},
            "c",
        ),
        (("a", 10), [("a", "b", "merged")], {"b": (0, 100)}, "b"),
        (("a", 120), [("a", "b", "merged")], {"b": (0, 100)}, "b"),
        (("a", 121), [("a", "b", "merged")], {"b": (0, 100)}, "a"),
        (("a", 10), [("a", "b", "merged"), ("b", "c", "merged")], {"c": (0, 100)}, "c"),
        (("a", 10), [("a", "", "dropped")], {"b": (0, 100)}, "a"),
        (("a", 10), [("a", "b", "split"), ("b", "a", "merged")], {"a": (0, 100)}, "a"),
    ],
)
def test_a_mark_stands_at_the_living_successor_it_lies_on(
    mark: tuple[str, float | None],
    lineage: list[tuple[str, str, str]],
    living: dict[str, tuple[float, float]],
    home: str,
) -> None:
    found = survive(seen(mark), [went(*one) for one in lineage], network(**living), EPSG)
    assert found["segment_id"].tolist() == [home]


def test_a_cut_stays_where_it_was_said() -> None:
    cuts = seen(("a", 80), kind="split")
    found = survive(cuts, [went("a", "b", "split")], network(a=(0, 50), b=(50, 100)), EPSG)
    assert found["segment_id"].tolist() == ["a"]


def decided(**classes: str) -> pd.DataFrame:
    rows: list[dict[str, Any]] = [
        {"segment_id": one, "path_class": path_class} for one, path_class in classes.items()
    ]
    return pd.DataFrame(rows)


def test_a_decision_holds_for_every_part_and_never_over_another() -> None:
    parts = [went("a", "b", "split"), went("a", "c", "split"), went("x", "a", "merged")]
    told = inherit(decided(a="gangbana", c="cykelbana"), parts, ["a", "b", "c"])
    assert dict(zip(told["segment_id"], told["path_class"], strict=True)) == {
        "a": "gangbana",
        "b": "gangbana",
        "c": "cykelbana",
    }


def test_a_decision_about_a_part_does_not_settle_the_whole() -> None:
    told = inherit(decided(a="gangbana"), [went("a", "b", "merged")], ["b"])
    assert told["segment_id"].tolist() == ["a"]


LINKS = st.lists(
    st.tuples(
        st.sampled_from("abcdefgh"),
        st.sampled_from("abcdefgh"),
        st.sampled_from(["split", "moved"]),
    ),
    max_size=10,
)


@given(LINKS, st.sets(st.sampled_from("abcdefgh"), min_size=1))
def test_whoever_may_end_at_a_segment_is_of_its_kin(
    links: list[tuple[str, str, str]], asked: set[str]
) -> None:
    lineage = [went(*link) for link in links]
    edits = Edits(told=(), standing=frozenset(), clashing=frozenset(), after={})
    found = kin(asked, lineage, edits)
    assert asked <= found
    for one in "abcdefgh":
        if asked & ({one} | heirs([one], lineage)):
            assert one in found
    assert kin(found, lineage, edits) == found
