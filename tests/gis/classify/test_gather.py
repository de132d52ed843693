"""Are the facts of a segment those of its tags, signs, sources and people, in their order?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
import pytest
from shapely import LineString, Point

from gis import areas, network, signs
from gis.classify import classify, facts, with_evidence
from gis.classify.gather import LINK_M, crossing_values, links_cycle_paths
from gis.network import Network
from gis.settings import data_dir
from gis.sources import osm

if TYPE_CHECKING:
    from collections.abc import Mapping

CRS = 3006
ADDED = ("sign_id", "raw", "segment_id", "end", "distance_m", "path_class")


def segments(*rows: Mapping[str, Any]) -> gpd.GeoDataFrame:
    base = {
        "kind": "path",
        "side": "none",
        "side_tag": None,
        "side_value": None,
        "highway": "cycleway",
        "length_m": 100.0,
        "from_node": 1,
        "to_node": 2,
        "in_park": False,
        "near_houses": False,
        "near_school": False,
        "bicycle_route": False,
    }
    told = [{"segment_id": f"s{n}", **base, **row} for n, row in enumerate(rows, start=1)]
    lines = [LineString([(0, 10 * n), (100, 10 * n)]) for n in range(len(told))]
    return gpd.GeoDataFrame(told, geometry=lines, crs=CRS)


def known(
    rows: list[dict[str, Any]], placed: list[dict[str, Any]] | None = None, **more: pd.DataFrame
) -> pd.DataFrame:
    none = gpd.GeoDataFrame({"crossing": []}, geometry=[], crs=CRS)
    nodes = pd.DataFrame({"from_node": [], "to_node": []}, dtype="int64")
    built = Network(
        segments=segments(*rows),
        streets=gpd.GeoDataFrame(nodes),
        crossings=none,
        signs=none,
        barriers=none,
        places=none,
        areas=none,
        routes=pd.DataFrame(),
    )
    at = [
        {"sign_id": "t1", "end": "start", "distance_m": 1.0, "path_class": "x", **p}
        for p in placed or []
    ]
    return facts(built, gpd.GeoDataFrame(at, columns=list(ADDED)), country="SE", **more)


def seen(fields: dict[str, Any], segment_id: str = "s1") -> pd.DataFrame:
    return pd.DataFrame([{"segment_id": segment_id, "author": "a", "fields": fields}])


PLACED = [{"raw": "SE:D4", "segment_id": "s1"}]


@pytest.mark.parametrize(
    ("tags", "placed", "fields", "sign"),
    [
        pytest.param({}, [], {}, [], id="none"),
        pytest.param({}, PLACED, {}, ["SE:D4"], id="placed"),
        pytest.param({"traffic_sign": "SE:D6"}, PLACED, {}, ["SE:D6"], id="tag before placed"),
        pytest.param(
            {"traffic_sign": "SE:D6"}, PLACED, {"signs": ["D5"]}, ["SE:D5"], id="seen before tag"
        ),
        pytest.param({"traffic_sign": "none"}, PLACED, {}, [], id="tag says none"),
    ],
)
def test_whose_sign_holds(
    tags: dict[str, str],
    placed: list[dict[str, Any]],
    fields: dict[str, Any],
    sign: list[str],
) -> None:
    row = known([tags], placed, observations=seen(fields)).iloc[0]
    assert row["sign"] == sign


@pytest.mark.parametrize(
    ("tags", "placed", "end"),
    [
        pytest.param({}, [{"raw": "SE:D4;SE:D5", "segment_id": "s1"}], None, id="one pole"),
        pytest.param({"traffic_sign": "SE:D4;SE:D5"}, [], "gangbana", id="tag of the way"),
    ],
)
def test_two_signs_on_one_pole_are_not_two_ends(
    tags: dict[str, str], placed: list[dict[str, Any]], end: str | None
) -> None:
    row = known([tags], placed).iloc[0]
    assert row["sign_class"] == "cykelbana"
    assert row["sign_class_end"] == end or (pd.isna(row["sign_class_end"]) and end is None)


def test_an_end_seen_to_be_bare_is_known() -> None:
    row = known([{}], observations=seen({"signs": ["D6"], "signs_end": ["none"]})).iloc[0]
    assert bool(row["no_sign_end"])


def test_marks_give_width_markings_and_class() -> None:
    fields = {"width_m": 2.4, "markings": ["cykelsymbol"], "path_class": "cykelbana"}
    row = known([{"width": "3"}], observations=seen(fields)).iloc[0]
    assert (row["width_m"], row["observed_class"]) == (2.4, "cykelbana")
    assert row["markings"] == ["cykelsymbol"]


@pytest.mark.parametrize(
    ("tag", "width_m"), [("2.5", 2.5), ("2,5 m", 2.5), ("wide", None), (None, None)]
)
def test_width_of_a_tag(tag: str | None, width_m: float | None) -> None:
    found = known([{"width": tag}])["width_m"].iloc[0]
    assert found == width_m if width_m else pd.isna(found)


def test_a_decision_stands_on_its_segment_alone() -> None:
    decisions = pd.DataFrame({"segment_id": ["s2"], "path_class": ["gangbana"]})
    told = known([{}, {}], decisions=decisions)
    assert told["decided_class"].notna().tolist() == [False, True]
    assert classify(told, "SE")["basis"].tolist() == ["data", "decision"]


def test_evidence_of_sources_is_added_and_does_not_overrule_what_is_known() -> None:
    evidence = pd.DataFrame({"segment_id": ["s1"], "gcm": [105.0], "width_m": ["2"]})
    told = with_evidence(known([{"width": "3"}, {}]), evidence)
    assert told["gcm"].tolist()[0] == "105"
    assert told["gcm"].isna().tolist() == [False, True]
    assert told["width_m"].iloc[0] == 3.0
    assert classify(told, "SE")["rule"].iloc[0] == "R19"


@pytest.mark.parametrize(("length_m", "links"), [(LINK_M, True), (LINK_M + 0.1, False)])
def test_a_short_pavement_between_two_cycle_paths_links_them(
    length_m: float, *, links: bool
) -> None:
    lines = segments(
        {"from_node": 1, "to_node": 2},
        {"highway": "footway", "from_node": 2, "to_node": 3, "length_m": length_m},
        {"from_node": 3, "to_node": 4},
        {"highway": "footway", "from_node": 4, "to_node": 5, "length_m": 10},
    )
    assert links_cycle_paths(lines).tolist() == [False, links, False, False]


def test_a_crossing_takes_the_marking_of_the_point_on_it() -> None:
    lines = segments({"kind": "crossing"}, {"kind": "path"}, {"kind": "crossing", "crossing": "no"})
    points = [Point(50, 0), Point(50, 10), Point(50, 20)]
    dots = gpd.GeoDataFrame({"crossing": ["marked"] * 3}, geometry=points, crs=CRS)
    assert crossing_values(lines, dots).fillna("-").tolist() == ["marked", "-", "no"]


@pytest.fixture(scope="module")
def helsinki() -> Network:
    path = data_dir() / "samples" / "helsinki" / "Helsinki.osm.pbf"
    return network.build(osm.read(Path(path)), areas.load("helsinki"))


def test_the_73_path_signs_of_the_sample_find_a_path(helsinki: Network) -> None:
    placed = signs.place(helsinki, signs.load("FI"))
    on_paths = placed[
        placed["path_class"].isin(["cykelbana", "gc_gemensam", "gc_atskild", "gangbana"])
    ]
    assert len(on_paths) == 73
    found = on_paths.merge(helsinki.segments[["segment_id", "highway"]], on="segment_id")
    assert len(found) >= 70
    cycle = found[found["path_class"].ne("gangbana")]
    assert cycle["highway"].eq("cycleway").mean() > 0.9


def test_the_sample_is_classified_and_nothing_is_left_without_a_reason(helsinki: Network) -> None:
    placed = signs.place(helsinki, signs.load("FI"))
    told = facts(helsinki, placed, country="FI")
    decided = classify(told, "FI")
    assert len(decided) == len(helsinki.segments)
    assert decided["reason_sv"].str.endswith(".").all()
    assert decided.loc[decided["basis"].eq("sign"), "confidence"].eq("high").mean() > 0.9
    assert not decided["path_class"].eq("okand").any()
