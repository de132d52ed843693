"""Coverage and clarity: by length, of paths alone, cut and never rounded up."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.promises import inventory_figures

GOOD: dict[str, Any] = {
    "kind": "path",
    "status": "inspected",
    "path_class": "gangbana",
    "confidence": "high",
    "severity": 0,
    "length_m": 100.0,
}


def figures_of(*told: dict[str, Any]) -> tuple[float | None, float | None]:
    found = inventory_figures(pd.DataFrame([GOOD | one for one in told]))
    return found.coverage, found.clarity


@pytest.mark.parametrize(
    ("told", "covered", "clear"),
    [
        pytest.param({}, True, True, id="inspected and sure"),
        pytest.param({"status": "decided"}, True, True, id="decided"),
        pytest.param({"status": "proposed"}, False, True, id="nobody was there"),
        pytest.param({"status": "ambiguous"}, False, True, id="ambiguous"),
        pytest.param({"status": "disputed"}, False, True, id="disputed"),
        pytest.param({"status": "stale"}, False, True, id="stale"),
        pytest.param({"confidence": "medium"}, True, True, id="medium"),
        pytest.param({"confidence": "low"}, True, False, id="low"),
        pytest.param({"confidence": "none"}, True, False, id="none"),
        pytest.param({"path_class": "okand"}, True, False, id="unknown class"),
        pytest.param({"severity": 1}, True, True, id="a note"),
        pytest.param({"severity": 2}, True, False, id="a question"),
        pytest.param({"severity": 3}, True, False, id="a contradiction"),
        pytest.param({"severity": None}, True, True, id="severity not set"),
    ],
)
def test_what_counts_as_inventoried_and_as_clear(
    told: dict[str, Any], *, covered: bool, clear: bool
) -> None:
    assert figures_of(told) == (100.0 * covered, 100.0 * clear)


@pytest.mark.parametrize(
    "told",
    [
        pytest.param({"kind": "lane"}, id="a lane"),
        pytest.param({"kind": "crossing"}, id="a crossing"),
        pytest.param({"status": "retired"}, id="a retired path"),
    ],
)
def test_only_paths_that_stand_are_measured(told: dict[str, Any]) -> None:
    other = {"status": "proposed", "confidence": "low", "length_m": 900.0} | told
    assert figures_of({}, other) == (100.0, 100.0)
    assert figures_of(other) == (None, None)


def test_length_counts_and_not_number_and_nothing_is_rounded_up() -> None:
    assert figures_of({"length_m": 1.0}, {"status": "proposed", "length_m": 3.0})[0] == 25.0
    assert figures_of({"length_m": 9_999.0}, {"status": "proposed", "length_m": 1.0})[0] == 99.9


def test_what_is_left_out_is_counted_by_its_first_reason() -> None:
    rows = [
        GOOD | {"path_class": "okand", "severity": 2, "confidence": "none"},
        GOOD | {"severity": 2, "confidence": "low"},
        GOOD | {"confidence": "low", "status": "proposed"},
    ]
    found = inventory_figures(pd.DataFrame(rows))
    assert found.not_clear == {"class_unknown": 1, "open_finding": 1, "confidence_low": 1}
    assert found.not_covered == {"proposed": 1}


@given(lengths=st.lists(st.tuples(st.floats(0.1, 1e4), st.booleans()), min_size=1))
def test_coverage_is_between_0_and_100_and_100_only_for_all(
    lengths: list[tuple[float, bool]],
) -> None:
    rows = [
        {"length_m": length, "status": "inspected" if seen else "proposed"}
        for length, seen in lengths
    ]
    coverage, _ = figures_of(*rows)
    assert coverage is not None
    assert 0 <= coverage <= 100
    if not all(seen for _, seen in lengths):
        assert coverage < 100
