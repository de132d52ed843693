"""Where do walkers find a way of their own beside a cycle path?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import pytest
from shapely import LineString
from shapely.affinity import translate

from gis.classify import classify
from gis.classify.beside import BESIDE_M, OFF_M, fast_street_near, footway_beside, street_beside
from gis.classify.columns import complete

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

PATH = LineString([(0, 0), (100, 0)])
FOOTWAY = {"highway": "footway"}


def network(line: BaseGeometry, **other: str | None) -> gpd.GeoDataFrame:
    """Lay a cycle path, and one other line beside it."""
    base = {"kind": "path", "side_tag": None, "side": "none", "is_sidepath": None}
    rows = [base | {"highway": "cycleway"}, base | {"highway": "cycleway"} | other]
    return gpd.GeoDataFrame(rows, geometry=[PATH, line], crs=3006)


@pytest.mark.parametrize(
    ("line", "other", "beside"),
    [
        pytest.param(translate(PATH, 0, BESIDE_M), FOOTWAY, True, id="on the limit"),
        pytest.param(translate(PATH, 0, BESIDE_M + 0.1), FOOTWAY, False, id="too far"),
        pytest.param(
            translate(PATH, 0, -4),
            {"highway": "residential", "side_tag": "sidewalk"},
            True,
            id="the pavement of a street",
        ),
        pytest.param(translate(PATH, 0, 4), {}, False, id="another cycle path"),
        pytest.param(LineString([(50, -50), (50, 50)]), FOOTWAY, False, id="it crosses"),
        pytest.param(translate(PATH, 0, 4), FOOTWAY | {"kind": "crossing"}, False, id="a crossing"),
        pytest.param(LineString([(0, 3), (55, 3)]), FOOTWAY, True, id="along most of it"),
        pytest.param(LineString([(0, 3), (40, 3)]), FOOTWAY, False, id="along the beginning"),
    ],
)
def test_a_footway_runs_beside(line: BaseGeometry, other: dict[str, str], *, beside: bool) -> None:
    segments = network(line, **other)
    asked = pd.Series([True, False])
    assert footway_beside(segments, asked).tolist() == [beside, False]
    assert not footway_beside(segments, ~asked).iloc[0]


@pytest.mark.parametrize(
    ("facts", "beside"),
    [({"side": "left"}, True), ({"is_sidepath": "yes"}, True), ({"is_sidepath": "no"}, False)],
)
def test_a_street_runs_beside(facts: dict[str, str], *, beside: bool) -> None:
    assert street_beside(network(PATH, **facts)).tolist() == [False, beside]


@pytest.mark.parametrize(
    ("off_m", "kmh", "near"),
    [
        pytest.param(BESIDE_M + 0.1, 60.0, True, id="some way off"),
        pytest.param(OFF_M, 60.0, True, id="on the far limit"),
        pytest.param(OFF_M + 0.1, 60.0, False, id="too far"),
        pytest.param(BESIDE_M, 60.0, False, id="beside it"),
        pytest.param(30.0, 50.0, False, id="no fast street"),
        pytest.param(30.0, float("nan"), False, id="nobody knows how fast"),
    ],
)
def test_a_fast_street_runs_some_way_off(off_m: float, kmh: float, *, near: bool) -> None:
    streets = gpd.GeoDataFrame(
        {"maxspeed_kmh": [kmh]}, geometry=[translate(PATH, 0, off_m)], crs=3006
    )
    segments = network(translate(PATH, 0, 400), side="left")
    assert fast_street_near(segments, streets).tolist() == [near, False]
    assert not fast_street_near(segments, streets.iloc[:0]).any()


@pytest.mark.parametrize(
    ("facts", "case", "named"),
    [
        ({"sign_class": "cykelbana"}, "J24", True),
        ({"sign_class": "cykelbana", "footway_beside": True}, "J24", False),
        ({"sign_class": "gc_gemensam", "street_beside": True}, "J14", True),
        ({"sign_class": "gc_gemensam"}, "J14", False),
        ({"sign_class": "gangbana", "street_beside": True}, "J14", False),
        ({"sign_class": "gc_gemensam", "fast_street_near": True}, "J16", True),
        ({"sign_class": "gc_gemensam"}, "J16", False),
        ({"sign_class": "gangbana", "fast_street_near": True}, "J16", False),
    ],
)
def test_what_runs_beside_settles_the_case(
    facts: dict[str, str | bool], case: str, *, named: bool
) -> None:
    known = complete(pd.DataFrame([{"kind": "path"} | facts]))
    assert (case in classify(known, "SE")["flags"].iloc[0]) is named
    assert case not in classify(known, "FI")["flags"].iloc[0]
