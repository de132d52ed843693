"""Before and after: what is counted, how sure that is, and that chance alone claims nothing."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import LineString, Point

from gis.controls.effect import before_after
from gis.controls.network import build

NET = build(gpd.GeoSeries([LineString([(0, 0), (5_000, 0)])], crs=3006))
YEARS = range(2016, 2025)


def controls(*years: int, kind: str = "driver") -> gpd.GeoDataFrame:
    rows = {
        "segment_id": [f"s{n}" for n in range(len(years))],
        "kind": kind,
        "started_at": pd.to_datetime([f"{year}-05-04T08:00Z" for year in years], utc=True),
    }
    at = [Point(100 + 1_000 * n, 0) for n in range(len(years))]
    return gpd.GeoDataFrame(rows, geometry=at, crs=3006)


def accidents(counts: dict[tuple[float, int], int]) -> gpd.GeoDataFrame:
    rows = [(x, year) for (x, year), n in counts.items() for _ in range(n)]
    return gpd.GeoDataFrame(
        {"accident_type": "F", "year": [year for _, year in rows]},
        geometry=[Point(x, 0) for x, _ in rows],
        crs=3006,
    )


def told(before: int, after: int, town: int = 20) -> dict[str, Any]:
    made = {(120.0, year): before if year < 2020 else after for year in YEARS}
    made |= {(4_500.0, year): town for year in YEARS}
    return before_after(NET, controls(2020), accidents(made), "driver", within_m=100)


def test_the_year_of_the_first_control_is_left_out() -> None:
    found = told(5, 2)
    assert found["before"] == {"injuries": 20.0, "site_years": 4.0}
    assert found["after"] == {"injuries": 8.0, "site_years": 4.0}
    assert found["town"] == {"before": 80.0, "after": 80.0}


@pytest.mark.parametrize(
    ("before", "after", "least", "most"), [(20, 5, 0.14, 0.45), (5, 5, 0.5, 2.0), (5, 20, 2.2, 7.0)]
)
def test_the_span_holds_what_the_numbers_say(
    before: int, after: int, least: float, most: float
) -> None:
    found = told(before, after)
    assert least <= found["low"] <= found["ratio"] <= found["high"] <= most


def test_a_change_of_the_whole_town_is_no_change_at_the_sites() -> None:
    made = {(120.0, year): 20 if year < 2020 else 10 for year in YEARS}
    made |= {(4_500.0, year): 80 if year < 2020 else 40 for year in YEARS}
    found = before_after(NET, controls(2020), accidents(made), "driver", within_m=100)
    assert found["low"] < 1 < found["high"]


def test_several_sites_do_not_make_the_town_larger() -> None:
    made = {(4_500.0, year): 20 for year in YEARS} | {(1_120.0, 2018): 2}
    found = before_after(NET, controls(2020, 2020), accidents(made), "driver", within_m=100)
    assert found["town"] == {"before": 80.0, "after": 80.0}
    assert found["before"] == {"injuries": 2.0, "site_years": 8.0}


def test_small_numbers_have_a_wide_span() -> None:
    few, many = told(1, 1), told(20, 20)
    assert few["high"] / few["low"] > 2 * many["high"] / many["low"]


def test_chance_alone_is_seldom_taken_for_a_change() -> None:
    random = np.random.default_rng(3)
    missed = 0
    for _ in range(60):
        made = {(120.0, year): int(random.poisson(4)) for year in YEARS}
        made |= {(4_500.0, year): int(random.poisson(20)) for year in YEARS}
        found = before_after(NET, controls(2020), accidents(made), "driver", within_m=100)
        missed += not found["low"] <= 1 <= found["high"]
    assert missed <= 14


@pytest.mark.parametrize("given", [None, {}, {(120.0, 2021): 3}])
def test_without_years_on_both_sides_nothing_is_claimed(
    given: dict[tuple[float, int], int] | None,
) -> None:
    layer = None if given is None else accidents(given)
    found = before_after(NET, controls(2020), layer, "driver", within_m=100)
    assert (found["ratio"], found["sites"]) == (None, 1)
    assert "slump" in found["text_sv"]
