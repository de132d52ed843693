"""Does every combination of tags have one reading, and the same path the same class?"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from gis.classify import classify, complete, osm_table
from gis.classify.asked import asked_facts
from gis.classify.osm import has_tags, read_osm, read_tags
from gis.decide import decide_objects

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

TABLE = osm_table()


def read(objects: list[dict[str, Any]]) -> pd.DataFrame:
    facts = complete(pd.DataFrame(objects, dtype=object))
    return read_osm(read_tags(facts), known=has_tags(facts))


def one(kind: str = "path", **tags: str) -> pd.Series:
    return read([{"kind": kind, **tags}]).iloc[0]


KINDS = ("path", "lane", "street", "crossing")
WAYS = (None, "cycleway", "footway", "path", "pedestrian", "steps", "track", "bridleway")
STREETS = ("residential", "living_street")
ACCESS = (None, "designated", "yes", "permissive", "no")
EXTRA: list[dict[str, str]] = [
    {},
    {"area": "yes"},
    {"bicycle_road": "yes"},
    {"footway": "sidewalk"},
    {"incline": "up"},
    {"bridge": "yes"},
    {"shoulder": "yes"},
    {"surface": "asphalt"},
    {"crossing": "unmarked"},
    {"crossing": "marked"},
    {"crossing": "traffic_signals"},
]


def everything() -> list[dict[str, Any]]:
    ways = (*WAYS, *STREETS)
    return [
        {
            "kind": kind,
            "highway": way,
            "bicycle": bicycle,
            "foot": foot,
            "segregated": segregated,
            "in_park": park,
            **extra,
        }
        for kind, way, bicycle, foot, segregated, extra, park in product(
            KINDS, ways, ACCESS, ACCESS, (None, "yes", "no"), EXTRA, (False, True)
        )
    ] + [
        {"kind": "path", "highway": way, "near_houses": True, "surface": surface}
        for way, surface in product(ways, (None, "asphalt", "ground"))
    ]


EVERYTHING = read(everything())


@pytest.mark.parametrize("rule", TABLE.results["rule"].tolist()[:-1])
def test_every_row_is_reached_by_some_tags(rule: str) -> None:
    assert EVERYTHING["rule"].eq(rule).any()


def test_every_way_with_a_highway_tag_has_a_reading() -> None:
    tagged = pd.Series([asked["highway"] is not None for asked in everything()])
    assert EVERYTHING.loc[tagged, "path_class"].notna().all()


def test_rules_of_the_table_are_unique() -> None:
    assert TABLE.results["rule"].is_unique


@pytest.mark.parametrize(
    ("tags", "path_class"),
    [
        pytest.param({"highway": "cycleway"}, "cykelbana", id="bare cycleway"),
        pytest.param({"highway": "cycleway", "foot": "no"}, "cykelbana", id="no walking"),
        pytest.param({"highway": "cycleway", "foot": "permissive"}, "cykelbana", id="tolerated"),
        pytest.param({"highway": "cycleway", "foot": "yes"}, "gc_gemensam", id="cycleway foot yes"),
        pytest.param({"highway": "cycleway", "segregated": "yes"}, "gc_atskild", id="segregated"),
        pytest.param({"highway": "footway"}, "gangbana", id="bare footway"),
        pytest.param({"highway": "footway", "bicycle": "no"}, "gangbana", id="no cycling"),
        pytest.param(
            {"highway": "footway", "bicycle": "yes"},
            "gangbana_cykling_tillaten",
            id="bikes on foot",
        ),
        pytest.param({"highway": "footway", "incline": "up"}, "ramp", id="ramp"),
        pytest.param({"highway": "footway", "incline": "5%"}, "gangbana", id="only a slope"),
        pytest.param({"highway": "footway", "footway": "sidewalk"}, "gangbana", id="pavement"),
        pytest.param({"highway": "footway", "foot": "no"}, "okand", id="footway without walkers"),
        pytest.param(
            {"highway": "footway", "foot": "no", "bicycle": "yes"}, "cykelbana", id="cyclists only"
        ),
        pytest.param(
            {"highway": "cycleway", "bicycle": "no"}, "okand", id="cycleway without bikes"
        ),
        pytest.param({"highway": "path"}, "stig_led", id="bare path"),
        pytest.param(
            {"highway": "path", "bicycle": "yes", "foot": "yes"}, "stig_led", id="allowed"
        ),
        pytest.param({"highway": "path", "foot": "designated"}, "gangbana", id="path for walkers"),
        pytest.param(
            {"highway": "path", "bicycle": "designated"}, "cykelbana", id="path for bikes"
        ),
        pytest.param({"highway": "track"}, "stig_led", id="track"),
        pytest.param({"highway": "bridleway"}, "stig_led", id="bridleway"),
        pytest.param({"highway": "steps"}, "trappa", id="steps"),
        pytest.param({"highway": "pedestrian"}, "gagata", id="pedestrian line"),
        pytest.param({"highway": "pedestrian", "area": "yes"}, "torg_oppen_yta", id="square"),
        pytest.param({"highway": "living_street"}, "gangfartsomrade", id="living street"),
        pytest.param({"highway": "residential", "bicycle_road": "yes"}, "cykelgata", id="cycle st"),
        pytest.param(
            {"highway": "residential", "cyclestreet": "yes"}, "cykelgata", id="cyclestreet"
        ),
        pytest.param({"highway": "tertiary"}, "blandtrafik", id="street"),
        pytest.param({"highway": "cycleway", "foot": "maybe"}, "cykelbana", id="nonsense"),
    ],
)
def test_reading(tags: dict[str, str], path_class: str) -> None:
    assert one(**tags)["path_class"] == path_class


@pytest.mark.parametrize(
    ("tags", "path_class"),
    [
        ({"highway": "footway", "footway": "crossing", "crossing": "marked"}, "overgangsstalle"),
        ({"highway": "footway", "crossing": "uncontrolled"}, "overgangsstalle"),
        ({"highway": "footway", "crossing": "traffic_signals"}, "overgangsstalle"),
        ({"highway": "footway", "crossing": "unmarked"}, "ordnad_passage"),
        ({"highway": "footway", "crossing:markings": "no"}, "ordnad_passage"),
        ({"highway": "footway", "footway": "crossing"}, "ordnad_passage"),
        ({"highway": "cycleway", "cycleway": "crossing"}, "cykelpassage"),
        ({"highway": "cycleway", "crossing": "marked"}, "cykelpassage"),
        ({"highway": "footway", "bridge": "yes"}, "planskild_passage"),
        ({"highway": "footway", "tunnel": "building_passage"}, "ordnad_passage"),
    ],
)
def test_crossings(tags: dict[str, str], path_class: str) -> None:
    assert one("crossing", **tags)["path_class"] == path_class


def test_a_path_without_designation_in_a_park_is_a_park_path() -> None:
    assert read([{"kind": "path", "highway": "path", "in_park": True}])["step"].tolist() == ["R28"]


@pytest.mark.parametrize(
    ("tags", "path_class", "runner_up"),
    [
        ({}, "gangbana", "stig_led"),
        ({"surface": "fine_gravel"}, "gangbana", "stig_led"),
        ({"surface": "asphalt"}, "gangbana", "gc_gemensam"),
        ({"surface": "ground"}, "stig_led", "gangbana"),
        ({"informal": "yes"}, "stig_led", "gangbana"),
        ({"highway": "track"}, "stig_led", "blandtrafik"),
    ],
)
def test_a_bare_path_among_houses_is_for_walkers_unless_trodden(
    tags: dict[str, str], path_class: str, runner_up: str
) -> None:
    found = read([{"kind": "path", "highway": "path", "near_houses": True, **tags}])
    assert found[["path_class", "runner_up"]].to_numpy().tolist() == [[path_class, runner_up]]


@pytest.mark.parametrize(
    ("tags", "presumed"),
    [
        ({"highway": "footway"}, True),
        ({"highway": "footway", "bicycle": "no"}, False),
        ({"highway": "cycleway"}, True),
        ({"highway": "cycleway", "foot": "no"}, False),
        ({"highway": "cycleway", "foot": "yes"}, True),
        ({"highway": "cycleway", "foot": "designated"}, False),
    ],
)
def test_what_rests_on_a_default_is_marked(tags: dict[str, str], *, presumed: bool) -> None:
    assert (one(**tags)["presumed"] == "yes") is presumed


FOUR = {
    "gc_gemensam": {"highway": "path", "bicycle": "designated", "foot": "designated"},
    "gc_atskild": {"highway": "cycleway", "foot": "designated", "segregated": "yes"},
    "gangbana_cykling_tillaten": {"highway": "footway", "bicycle": "yes"},
    "cykelbana": {"highway": "cycleway", "foot": "permissive"},
}


def test_four_ways_to_share_stay_four_answers_with_four_uses() -> None:
    answers = decide_objects([{"osm": tags} for tags in FOUR.values()])
    assert [answer["path_class"] for answer in answers] == list(FOUR)
    told = {(a["space"], tuple(a["use"].values()), a["reason_sv"]) for a in answers}
    assert len(told) == len(FOUR)


DIVISION = st.sampled_from([None, "yes", "no"])
WALKED = st.sampled_from(["designated", "yes", "permissive", "no"])


def mappings(bicycle: str | None, foot: str, segregated: str | None) -> list[dict[str, str | None]]:
    said = {"bicycle": bicycle, "foot": foot, "segregated": segregated}
    side = {f"cycleway:right:{key}": value for key, value in said.items()}
    return [
        {"highway": "cycleway", **said},
        {"highway": "path", **said},
        {"highway": "cycleway", **said, "bicycle": None},
        {"highway": "residential", "cycleway:right": "track", **side},
        {"highway": "residential", "cycleway:left": "track"}
        | {key.replace("right", "left"): value for key, value in side.items()},
        {"highway": "track", **said},
    ]


def classes_of(ways: Sequence[Mapping[str, str | None]]) -> set[str]:
    facts = asked_facts([{"osm": way} for way in ways], "SE")
    return set(classify(facts, "SE")["path_class"])


@hypothesis_settings(max_examples=12)
@given(foot=WALKED, segregated=DIVISION)
def test_the_same_path_has_the_same_class_however_it_is_mapped(
    foot: str, segregated: str | None
) -> None:
    tags = mappings("designated", foot, segregated)
    assert len(classes_of(tags)) == 1


@given(segregated=DIVISION)
def test_a_shared_path_may_be_mapped_as_a_footway_too(segregated: str | None) -> None:
    shared = {"bicycle": "designated", "foot": "designated", "segregated": segregated}
    ways = [{"highway": way, **shared} for way in ("path", "footway", "cycleway")]
    ways.append({"highway": "footway", "bicycle": "designated", "segregated": segregated})
    assert len(classes_of(ways)) == 1


TAGS = st.fixed_dictionaries(
    {"kind": st.sampled_from(KINDS), "highway": st.sampled_from((*WAYS, *STREETS))},
    optional={
        "bicycle": st.sampled_from(ACCESS),
        "foot": st.sampled_from(ACCESS),
        "segregated": DIVISION,
        "footway": st.sampled_from(["sidewalk", "crossing", "x"]),
        "crossing": st.sampled_from(["marked", "unmarked", "y"]),
        "area": st.sampled_from(["yes", "no"]),
    },
)


@hypothesis_settings(max_examples=25)
@given(objects=st.lists(TAGS, min_size=1, max_size=12))
def test_the_order_of_rows_changes_nothing(objects: list[dict[str, Any]]) -> None:
    there = classify(pd.DataFrame(objects, dtype=object), "SE")
    back = classify(pd.DataFrame(objects[::-1], dtype=object), "SE")
    assert there.to_dict("records") == back.to_dict("records")[::-1]
