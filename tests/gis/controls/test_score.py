"""The score keeps the direction of the layout, whatever chance did."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from gis.controls import SiteSettings
from gis.controls.criteria import criteria, fits
from gis.controls.score import Injuries, expected
from gis.errors import RuleError

SETTINGS = SiteSettings()


def test_accidents_against_the_layout_do_not_turn_it_round() -> None:
    prior = np.linspace(1, 6, 50)
    against = Injuries(counts=np.where(prior < 2, 9, 0).astype(np.int64), years=5)
    found = expected(prior, against, SETTINGS)
    assert found.from_accidents
    without = found.value[against.counts == 0]
    assert (np.diff(without) >= -1e-9).all()


@pytest.mark.parametrize(
    ("number", "used"), [pytest.param(4, False, id="too few"), pytest.param(5, True, id="enough")]
)
def test_few_injuries_are_not_taken_for_a_pattern(number: int, *, used: bool) -> None:
    counts = np.array([number, 0, 0, 0], dtype=np.int64)
    found = expected(np.array([1.0, 2, 3, 4]), Injuries(counts=counts, years=1), SETTINGS)
    assert found.from_accidents is used


def test_expected_injuries_are_a_year() -> None:
    prior, counts = np.linspace(1, 6, 50), np.full(50, 10, dtype=np.int64)
    one = expected(prior, Injuries(counts=counts, years=1), SETTINGS).value
    five = expected(prior, Injuries(counts=counts, years=5), SETTINGS).value
    assert one == pytest.approx(five * 5)
    assert one == pytest.approx(10, rel=0.05)


@pytest.mark.parametrize(
    ("value", "test", "fit"),
    [
        (50.0, ">=50", True),
        (49.9, ">=50", False),
        (None, ">=50", False),
        (300.0, "<=300", True),
        (300.1, "<=300", False),
        (1, "<2", True),
        (2, "<2", False),
        ("okand", "!okand", False),
        ("gangbana", "!okand", True),
        ("gangbana", "gagata|gangbana", True),
        (None, "gagata|gangbana", False),
        (True, "yes", True),
        (False, "yes", False),
        ([], "!J17", True),
        (["J01", "J17"], "!J17", False),
    ],
)
def test_the_tests_of_the_tables(value: object, test: str, *, fit: bool) -> None:
    assert fits(pd.Series([value], dtype=object), test).tolist() == [fit]


def test_an_unknown_kind_has_no_criteria() -> None:
    with pytest.raises(RuleError, match="no row for kind"):
        criteria("pedestrian")
