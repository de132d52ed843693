"""Do laws hold that no table can break: one class, monotone certainty, order and copies?"""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from gis import codes
from gis.classify import classify
from gis.classify.asked import asked_facts
from gis.classify.decision import COLUMNS, combinations

SURE = {"none": 0, "low": 1, "medium": 2, "high": 3}
SIGNS = {"cykelbana": "D4", "gangbana": "D5", "gc_gemensam": "D6", "gc_atskild": "D7"}
GCM = {"cykelbana": 110, "gangbana": 115, "gc_gemensam": 100, "gc_atskild": 105}
OSM: dict[str, dict[str, str]] = {
    "cykelbana": {"highway": "cycleway", "foot": "no"},
    "gangbana": {"highway": "footway", "bicycle": "no"},
    "gc_gemensam": {"highway": "cycleway", "foot": "designated", "segregated": "no"},
    "gc_atskild": {"highway": "cycleway", "foot": "designated", "segregated": "yes"},
}
CLASS = st.sampled_from(list(SIGNS))


def evidence(source: str, path_class: str) -> dict[str, Any]:
    said: dict[str, dict[str, Any]] = {
        "decided": {"decided": {"path_class": path_class}},
        "ltf": {"ltf": {"path_class": path_class}},
        "signs": {"signs": [SIGNS[path_class]]},
        "observed": {"observed": {"path_class": path_class}},
        "document": {"document": {"path_class": path_class}},
        "nvdb": {"nvdb": {"Gcm_typ": GCM[path_class]}},
        "osm": {"osm": OSM[path_class]},
    }
    return said[source]


# The strongest first.
ORDER = ("decided", "ltf", "signs", "observed", "document", "nvdb", "osm")


def decide(*objects: dict[str, Any]) -> pd.DataFrame:
    return classify(asked_facts(list(objects), "SE"), "SE")


@given(
    asked=st.lists(
        st.dictionaries(st.sampled_from(ORDER), CLASS, min_size=1), min_size=20, max_size=60
    )
)
@hypothesis_settings(max_examples=8, deadline=None)
def test_the_strongest_evidence_decides(asked: list[dict[str, str]]) -> None:
    told = [
        {key: what for name, code in held.items() for key, what in evidence(name, code).items()}
        for held in asked
    ]
    strongest = [next(held[name] for name in ORDER if name in held) for held in asked]
    assert decide(*told)["path_class"].tolist() == strongest


@pytest.mark.parametrize("path_class", list(SIGNS))
def test_each_source_alone_says_its_class(path_class: str) -> None:
    rows = decide(*(evidence(source, path_class) for source in ORDER))
    assert set(rows["path_class"]) == {path_class}
    assert rows["confidence"].tolist() == ["high", "high", "high", "medium", "medium", "low", "low"]


TAGS: dict[str, list[str]] = {
    "highway": ["cycleway", "footway", "path", "residential", "pedestrian", "steps", "track"],
    "bicycle": ["yes", "no", "designated", "dismount"],
    "foot": ["yes", "no", "designated"],
    "segregated": ["yes", "no"],
    "footway": ["sidewalk", "crossing"],
    "surface": ["asphalt", "ground"],
    "crossing": ["marked", "unmarked"],
    "is_sidepath": ["yes"],
}
# Anything that may be known of a place before one more piece of evidence comes.
PLACES = st.fixed_dictionaries(
    {"osm": st.fixed_dictionaries({}, optional={k: st.sampled_from(v) for k, v in TAGS.items()})},
    optional={
        "markings": st.sampled_from([[m] for m in ("M16", "M14", "M15", "delning", "none")]),
        "separation": st.sampled_from(["kantsten", "skiljeremsa"]),
        "signs_end": st.sampled_from([["D4"], ["D5"], ["D6"], ["D7"], ["none"]]),
        "plate": st.just("Cykling tillåten"),
        "kind": st.sampled_from(["path", "crossing", "lane"]),
        "in_park": st.booleans(),
        "nvdb": st.sampled_from([{"Gcm_typ": n} for n in (100, 110, 115, 120, 135, 165, 999)]),
        "decided": CLASS.map(lambda code: {"path_class": code}),
        "ltf": CLASS.map(lambda code: {"path_class": code}),
        "signs": CLASS.map(lambda code: [SIGNS[code]]),
        "observed": CLASS.map(lambda code: {"path_class": code}),
        "document": CLASS.map(lambda code: {"path_class": code}),
    },
)


@given(asked=st.lists(st.tuples(PLACES, st.sampled_from(ORDER), CLASS), min_size=30, max_size=60))
@hypothesis_settings(max_examples=12, deadline=None)
def test_whatever_is_known_more_evidence_moves_certainty_as_it_speaks(
    asked: list[tuple[dict[str, Any], str, str]],
) -> None:
    told = [one for one in asked if not one[0].get(one[1]) and not _under_a_plate(*one)]
    if not told:
        return
    before = decide(*(place for place, _, _ in told))
    after = decide(*({**place, **evidence(source, more)} for place, source, more in told))
    sure = {name: rows["confidence"].map(SURE) for name, rows in (("b", before), ("a", after))}
    agrees = before["path_class"].eq(pd.Series([more for _, _, more in told]))
    assert after["path_class"][agrees].eq(before["path_class"][agrees]).all()
    assert sure["a"][agrees].ge(sure["b"][agrees]).all()
    against = ~agrees & after["path_class"].eq(before["path_class"])
    assert sure["a"][against].le(sure["b"][against]).all()


def _under_a_plate(place: dict[str, Any], source: str, more: str) -> bool:
    """Tell a footpath sign over a plate that permits cycling: it does not say footpath."""
    return source == "signs" and more == "gangbana" and "plate" in place


@given(places=st.lists(PLACES, min_size=2, max_size=12), data=st.data())
@hypothesis_settings(max_examples=10, deadline=None)
def test_the_order_of_rows_does_not_matter(
    places: list[dict[str, Any]], data: st.DataObject
) -> None:
    order = data.draw(st.permutations(range(len(places))))
    mixed = decide(*(places[n] for n in order)).set_axis(order)
    pd.testing.assert_frame_equal(mixed.sort_index(), decide(*places))


# One path for both, undivided, however the mapper wrote it.
SHARED = [
    {"highway": "path", "bicycle": "designated", "foot": "designated"},
    {"highway": "footway", "bicycle": "designated"},
    {"highway": "footway", "bicycle": "designated", "foot": "designated"},
    {"highway": "cycleway", "foot": "designated"},
    {"highway": "cycleway", "foot": "yes"},
    {"highway": "cycleway", "foot": "designated", "bicycle": "designated"},
]


@given(ways=st.permutations(SHARED), more=PLACES.map(lambda p: {**p, "osm": {}}))
@hypothesis_settings(max_examples=10, deadline=None)
def test_one_path_has_one_class_however_it_is_mapped(
    ways: list[dict[str, str]], more: dict[str, Any]
) -> None:
    asked = [{**more, "kind": "path", "osm": {**way, "segregated": "no"}} for way in ways]
    assert len(set(decide(*asked)["path_class"])) == 1


WORDS = st.one_of(st.none(), st.sampled_from(["yes", "no", "designated", "cycleway", "x", "lane"]))
FACTS = st.fixed_dictionaries(
    {},
    optional={
        "kind": st.sampled_from(["path", "lane", "street", "crossing", None, "x"]),
        "highway": st.sampled_from(["cycleway", "footway", "path", "residential", "z", None]),
        "bicycle": WORDS,
        "foot": WORDS,
        "segregated": WORDS,
        "footway": WORDS,
        "gcm": st.sampled_from(["100", "165", "999", "x", None]),
        "nattyp": st.sampled_from(["2", "4", "9", None]),
        "sign_class": st.sampled_from([*codes.load("path_class").assignable, None]),
        "sign_class_end": st.sampled_from([*codes.load("path_class").assignable, None]),
        "ltf_class": st.sampled_from(["gagata", "cykelbana", None]),
        "observed_class": st.sampled_from(["gangbana", "okand", None]),
        "separation": st.sampled_from(["kantsten", "x", None]),
        "in_park": st.booleans(),
        "near_houses": st.booleans(),
        "permits_bicycle": st.booleans(),
    },
)


@given(objects=st.lists(FACTS, min_size=1, max_size=40))
@hypothesis_settings(max_examples=20, deadline=None)
def test_every_row_has_exactly_one_class_and_a_reason(objects: list[dict[str, Any]]) -> None:
    facts = pd.DataFrame(objects, dtype=object)
    facts.index = pd.Index(range(100, 100 + len(facts)))
    found = classify(facts, "SE")
    assert list(found.columns) == list(COLUMNS)
    assert found.index.equals(facts.index)
    assert found["path_class"].isin(codes.load("path_class").assignable).all()
    assert found["confidence"].isin(codes.load("confidence").codes).all()
    assert found["basis"].isin(codes.load("basis").codes).all()
    assert found[["reason_sv", "reason_en", "rule"]].notna().all(axis=None)
    assert (found["runner_up"] != found["path_class"]).all()


def test_a_row_is_decided_alike_among_others_and_alone() -> None:
    asked = [evidence(source, path_class) for source in ORDER for path_class in SIGNS]
    together = decide(*asked).to_dict("records")
    assert [decide(each).iloc[0].to_dict() for each in asked[::5]] == together[::5]


def test_equal_facts_are_decided_once() -> None:
    facts = pd.DataFrame({"kind": ["path"] * 6, "highway": ["path", "footway"] * 3})
    number, first = combinations(facts)
    assert number.tolist() == [0, 1] * 3
    assert first.tolist() == [0, 1]


def test_many_columns_do_not_run_out_of_numbers() -> None:
    size = 3000
    facts = pd.DataFrame({"kind": "path"}, index=range(size))
    for name in ("highway", "bicycle", "foot", "segregated", "footway", "gcm", "plate"):
        facts[name] = [f"{name}{row}" for row in range(size)]
    number, first = combinations(facts)
    assert len(first) == size
    assert number.tolist() == list(range(size))


def test_no_rows_give_no_rows() -> None:
    found = classify(pd.DataFrame({"kind": pd.Series([], dtype="str")}), "SE")
    assert len(found) == 0
    assert list(found.columns) == list(COLUMNS)
