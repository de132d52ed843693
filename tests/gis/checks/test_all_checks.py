"""Does every check fire, know its limit and stay silent?"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from gis.checks import Layers, all_checks, load_table, run
from gis.checks.table import placeholders

if TYPE_CHECKING:
    from collections.abc import Callable

    import geopandas as gpd

    from gis.checks.base import Check

    Maker = Callable[[dict[str, Any]], Layers]

IDS = [check.check_id for check in all_checks()]
CASES = ("fires", "limit", "silent")
NO_CASES = pd.DataFrame(columns=["code", "grade", "grade_clash", "message_sv", "message_en"])


def ask(make_layers: Maker, told: dict[str, Any], check_id: str) -> gpd.GeoDataFrame:
    return run(make_layers(told), [check_id], cases=NO_CASES)


@pytest.mark.parametrize("check_id", IDS)
def test_three_cases_stand_in_the_table(case_table: dict[str, Any], check_id: str) -> None:
    assert set(case_table[check_id]) == set(CASES)


@pytest.mark.parametrize("check_id", IDS)
def test_it_fires(make_layers: Maker, case_table: dict[str, Any], check_id: str) -> None:
    found = ask(make_layers, case_table[check_id]["fires"], check_id)
    assert len(found) > 0
    assert set(found["severity"]) == {load_table().loc[check_id, "grade"]}


@pytest.mark.parametrize("check_id", IDS)
def test_it_knows_its_limit(make_layers: Maker, case_table: dict[str, Any], check_id: str) -> None:
    case = case_table[check_id]["limit"]
    found = ask(make_layers, case, check_id)
    assert len(found) == case["says"]
    if "severity" in case:
        assert set(found["severity"]) == {case["severity"]}


@pytest.mark.parametrize("check_id", IDS)
def test_it_stays_silent(make_layers: Maker, case_table: dict[str, Any], check_id: str) -> None:
    assert ask(make_layers, case_table[check_id]["silent"], check_id).empty


@pytest.mark.parametrize("check_id", IDS)
def test_its_words_are_filled(
    make_layers: Maker, case_table: dict[str, Any], check_id: str
) -> None:
    for case in ("fires", "limit"):
        found = ask(make_layers, case_table[check_id][case], check_id)
        for lang in ("sv", "en"):
            said = found[f"message_{lang}"]
            assert said.str.endswith(".").all()
            assert not said.str.contains(r"[{}]|\bnan\b|\bNone\b|–", regex=True).any(), (
                said.tolist()
            )
        assert all(isinstance(json.loads(text), dict) for text in found["evidence"])


@pytest.mark.parametrize("check_id", IDS)
def test_its_place_has_the_crs_of_the_segments(
    make_layers: Maker, case_table: dict[str, Any], check_id: str
) -> None:
    layers = make_layers(case_table[check_id]["fires"])
    found = run(layers, [check_id], cases=NO_CASES)
    assert found.crs == layers.segments.crs
    assert found.geometry.notna().all()
    assert not found.geometry.is_empty.any()


@pytest.mark.parametrize("check", all_checks(), ids=IDS)
def test_question_and_table_say_the_same(check: Check) -> None:
    row = load_table().loc[check.check_id]
    assert check.question == row["question_sv"]
    assert check.reach_m >= 0
    assert check.source


@pytest.mark.parametrize("check_id", list(load_table().index))
def test_table_tells_which_checks_are_there(check_id: str) -> None:
    row = load_table().loc[check_id].to_dict()
    assert (row["implemented"] == "yes") == (check_id in IDS)
    for name in ("message", "message_other"):
        assert placeholders(row[f"{name}_sv"]) == placeholders(row[f"{name}_en"])
    assert bool(row["message_other_sv"]) == pd.notna(row["grade_other"])


def test_catalogue_is_whole() -> None:
    groups = load_table()["group"].value_counts().to_dict()
    assert groups == {
        "attribute": 21,
        "contradiction": 18,
        "geometric": 10,
        "topology": 16,
        "cross-source": 12,
    }


@pytest.mark.parametrize("check_id", IDS)
def test_nothing_comes_from_no_segments(
    make_layers: Maker, case_table: dict[str, Any], check_id: str
) -> None:
    layers = make_layers(case_table[check_id]["fires"])
    empty = Layers(segments=layers.segments.iloc[:0])
    assert run(empty, [check_id], cases=NO_CASES).empty
