"""Does a sign go to the path it stands at?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
import pytest
from shapely import LineString, Point

from gis.network import Network
from gis.signs import load, place
from gis.signs.carry import carry
from gis.signs.place import REACH_M

if TYPE_CHECKING:
    from collections.abc import Sequence

CRS = 3006


def segment(
    segment_id: str, line: Sequence[tuple[float, float]], **facts: object
) -> dict[str, Any]:
    told = {"kind": "path", "side": "none", "highway": "cycleway", "from_node": 1, "to_node": 2}
    return {"segment_id": segment_id, "geometry": LineString(line), **told, **facts}


def network(segments: list[dict[str, Any]], signs: list[dict[str, Any]]) -> Network:
    lines = gpd.GeoDataFrame(segments, crs=CRS)
    for name in ("bicycle", "foot", "footway", "side_tag", "area"):
        lines[name] = lines.get(name)
    points = [{"raw": "SE:D6", "direction": None, **sign} for sign in signs]
    dots = gpd.GeoDataFrame(points, crs=CRS)
    dots["sign_id"] = [f"t{number}" for number in range(len(dots))]
    none = gpd.GeoDataFrame({"geometry": []}, crs=CRS)
    return Network(
        segments=lines,
        streets=none,
        crossings=none,
        signs=dots,
        barriers=none,
        places=none,
        areas=none,
        routes=pd.DataFrame(),
    )


def placed(segments: list[dict[str, Any]], **sign: object) -> pd.Series:
    return place(network(segments, [sign]), load("SE")).iloc[0]


ALONG = [(0.0, 0.0), (100.0, 0.0)]


@pytest.mark.parametrize(
    ("away_m", "found"),
    [
        pytest.param(9.9, True, id="near"),
        pytest.param(REACH_M, True, id="on the limit"),
        pytest.param(10.1, False, id="too far"),
    ],
)
def test_reach(away_m: float, *, found: bool) -> None:
    row = placed([segment("s1", ALONG)], geometry=Point(50, away_m))
    assert (row["segment_id"] == "s1") is found
    assert row["path_class"] == "gc_gemensam"


def test_the_nearest_wins_and_the_second_is_kept() -> None:
    both = [segment("s1", ALONG), segment("s2", [(0, 5), (100, 5)])]
    row = placed(both, geometry=Point(50, 1))
    assert (row["segment_id"], row["second_segment_id"]) == ("s1", "s2")
    assert (row["distance_m"], row["second_distance_m"]) == (1, 4)


@pytest.mark.parametrize(
    ("raw", "pavement_m", "cycle_m", "winner"),
    [
        pytest.param("SE:D6", 2.0, 3.0, "cycle", id="cycle sign, path 1 m farther"),
        pytest.param("SE:D6", 2.0, 4.5, "pavement", id="cycle sign, path too far"),
        pytest.param("SE:D5", 3.0, 2.0, "pavement", id="foot sign"),
        pytest.param("SE:D4", 2.0, 3.0, "cycle", id="cycle only"),
    ],
)
def test_a_sign_leans_towards_a_way_that_admits_its_traffic(
    raw: str, pavement_m: float, cycle_m: float, winner: str
) -> None:
    pavement = segment("pavement", [(0, -pavement_m), (100, -pavement_m)], highway="footway")
    cycle = segment("cycle", [(0, cycle_m), (100, cycle_m)])
    assert placed([pavement, cycle], raw=raw, geometry=Point(50, 0))["segment_id"] == winner


@pytest.mark.parametrize(("at_m", "end"), [(0, "start"), (15, "start"), (16, "along"), (86, "end")])
def test_where_along_the_segment(at_m: float, end: str) -> None:
    assert placed([segment("s1", ALONG)], geometry=Point(at_m, 2))["end"] == end


@pytest.mark.parametrize(("direction", "winner"), [("forward", "s2"), ("backward", "s1")])
def test_a_sign_on_a_node_holds_ahead(direction: str, winner: str) -> None:
    chain = [segment("s1", ALONG), segment("s2", [(100, 0), (200, 0)])]
    row = placed(chain, direction=direction, geometry=Point(100, 0))
    assert row["segment_id"] == winner


@pytest.mark.parametrize("facts", [{"highway": "steps"}, {"highway": "footway", "area": "yes"}])
def test_no_path_sign_is_put_at_steps_or_squares(facts: dict[str, str]) -> None:
    assert pd.isna(placed([segment("s1", ALONG, **facts)], geometry=Point(50, 1))["segment_id"])


@pytest.mark.parametrize("raw", ["SE:A1", "maxspeed", None])
def test_other_signs_are_left_where_they_are(raw: str | None) -> None:
    row = placed([segment("s1", ALONG)], raw=raw, geometry=Point(50, 1))
    assert pd.isna(row["segment_id"])
    assert row["path_class"] is None or pd.isna(row["path_class"])


def test_no_signs_are_no_trouble() -> None:
    made = network([segment("s1", ALONG)], [{"geometry": Point(0, 0)}])
    found = place(replace(made, signs=made.signs.iloc[:0]), load("SE"))
    assert len(found) == 0


CHAIN = [
    segment("s1", ALONG, from_node=1, to_node=2),
    segment("s2", [(100, 0), (200, 0)], from_node=2, to_node=3),
]
BRANCH = segment("s3", [(100, 0), (100, 90)], from_node=2, to_node=4)


def held(segments: list[dict[str, Any]], *signs: dict[str, Any]) -> pd.DataFrame:
    made = network(segments, list(signs))
    told = carry(made.segments, place(made, load("SE")))
    return told.set_axis(made.segments["segment_id"])


AT_S1 = {"geometry": Point(5, 1)}


def test_a_sign_is_carried_along_where_nothing_meets() -> None:
    told = held(CHAIN, AT_S1)
    assert told["raw"].tolist() == ["SE:D6", "SE:D6"]
    assert told["carried"].tolist() == [False, True]


def test_a_sign_ends_to_hold_at_a_junction() -> None:
    told = held([*CHAIN, BRANCH], AT_S1)
    assert told.loc[["s2", "s3"], "raw"].isna().all()


def test_a_sign_ends_to_hold_where_a_street_begins() -> None:
    made = network(CHAIN, [AT_S1])
    streets = pd.DataFrame({"from_node": [2], "to_node": [9]})
    told = carry(made.segments, place(made, load("SE")), streets)
    assert told["raw"].isna().tolist() == [False, True]


def test_a_sign_is_not_carried_onto_another_kind_of_way() -> None:
    told = held([CHAIN[0], {**CHAIN[1], "highway": "footway"}], AT_S1)
    assert told["raw"].isna().tolist() == [False, True]


def test_nothing_is_carried_where_signs_disagree() -> None:
    third = segment("s0", [(-100, 0), (0, 0)], from_node=0, to_node=1)
    other = {"raw": "SE:D5", "geometry": Point(150, -1)}
    told = held([*CHAIN, third], AT_S1, other)
    assert told["raw"].isna().tolist() == [False, False, True]


def test_the_sign_at_the_other_end_is_kept_apart() -> None:
    told = held(CHAIN[:1], AT_S1, {"raw": "SE:D5", "geometry": Point(98, 1)})
    assert told[["raw", "raw_end"]].to_numpy().tolist() == [["SE:D6", "SE:D5"]]


@pytest.mark.parametrize(
    ("raw", "kind", "highway", "winner"),
    [
        pytest.param("SE:D6", "crossing", "cycleway", None, id="cycle sign at a cycle crossing"),
        pytest.param("SE:D5", "crossing", "cycleway", "pavement", id="foot sign there"),
        pytest.param("SE:D6", "crossing", "footway", "pavement", id="crossing for walkers"),
        pytest.param("SE:D6", "path", "cycleway", "near", id="no crossing at all"),
        pytest.param("SE:B3", "crossing", "footway", "near", id="crossing sign"),
    ],
)
def test_a_cycle_sign_at_a_crossing_is_not_put_on_the_footway_beside_it(
    raw: str, kind: str, highway: str, winner: str | None
) -> None:
    near = segment("near", ALONG, kind=kind, highway=highway)
    pavement = segment("pavement", [(0, 3), (100, 3)], highway="footway")
    row = placed([near, pavement], raw=raw, geometry=Point(50, 0.5))
    assert (row["segment_id"] or None) == winner or (winner is None and pd.isna(row["segment_id"]))
