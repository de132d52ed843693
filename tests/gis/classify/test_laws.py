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


@given(held=st.dictionaries(st.sampled_from(ORDER), CLASS, min_size=1, max_size=4), more=CLASS,
       source=st.sampled_from(ORDER))  # fmt: skip
@hypothesis_settings(max_examples=60)
def test_evidence_moves_certainty_only_the_way_it_speaks(
    held: dict[str, str], more: str, source: str
) -> None:
    if source in held:
        return
    before: dict[str, Any] = {}
    for name, path_class in held.items():
        before |= evidence(name, path_class)
    rows = decide(before, {**before, **evidence(source, more)})
    old, new = rows.iloc[0], rows.iloc[1]
    if more == old["path_class"]:
        assert new["path_class"] == old["path_class"]
        assert SURE[new["confidence"]] >= SURE[old["confidence"]]
    elif new["path_class"] == old["path_class"]:
        assert SURE[new["confidence"]] <= SURE[old["confidence"]]


@given(held=st.dictionaries(st.sampled_from(ORDER), CLASS, min_size=1))
@hypothesis_settings(max_examples=40)
def test_the_strongest_evidence_decides(held: dict[str, str]) -> None:
    asked: dict[str, Any] = {}
    for name, path_class in held.items():
        asked |= evidence(name, path_class)
    strongest = next(name for name in ORDER if name in held)
    assert decide(asked)["path_class"].iloc[0] == held[strongest]


@pytest.mark.parametrize("path_class", list(SIGNS))
def test_each_source_alone_says_its_class(path_class: str) -> None:
    rows = decide(*(evidence(source, path_class) for source in ORDER))
    assert set(rows["path_class"]) == {path_class}
    assert rows["confidence"].tolist() == ["high", "high", "high", "medium", "medium", "low", "low"]


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


@given(objects=st.lists(FACTS, min_size=1, max_size=8))
@hypothesis_settings(max_examples=60)
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
