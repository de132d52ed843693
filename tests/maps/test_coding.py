"""Do texts and coordinates come back as they were?"""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import LineString, Polygon, box

from maps.layers import coding

degrees = st.tuples(st.floats(-180, 180), st.floats(-85, 85))


def decoded(coded: dict[str, list[int]]) -> list[list[tuple[float, float]]]:
    """Read as the script of the page reads."""
    whole = np.cumsum(np.array(coded["d"]).reshape(-1, 2), axis=0) / coding.PARTS_PER_DEGREE
    parts = np.split(whole, np.cumsum(coded["n"])[:-1])
    return [[(lon, lat) for lat, lon in part] for part in parts]


@given(st.lists(st.lists(degrees, min_size=2, max_size=5), min_size=1, max_size=5))
def test_lines_come_back_within_half_a_millionth(
    given_lines: list[list[tuple[float, float]]],
) -> None:
    lines = gpd.GeoSeries([LineString(line) for line in given_lines], crs=4326)
    for line, back in zip(given_lines, decoded(coding.lines(lines)), strict=True):
        assert np.allclose(line, back, atol=0.51e-6, rtol=0)


def test_no_line_is_no_number() -> None:
    assert coding.lines(gpd.GeoSeries([], crs=4326)) == {"n": [], "d": []}


def test_a_hole_runs_against_its_outer_ring() -> None:
    ring = Polygon(box(0, 0, 4, 4).exterior, [box(1, 1, 2, 2).exterior])
    coded = coding.rings(gpd.GeoSeries([ring], crs=4326))
    outer, hole = (Polygon(part).exterior for part in decoded(coded))
    assert coded["p"] == [2]
    assert outer.is_ccw != hole.is_ccw


@given(st.lists(st.one_of(st.none(), st.text(max_size=8))))
def test_texts_come_back_and_nothing_is_nothing(values: list[str | None]) -> None:
    texts = coding.Texts()
    places = texts.column(pd.Series(values, dtype=object))
    back = [None if place < 0 else texts.table[place] for place in places]
    assert back == [value or None for value in values]
    assert len(texts.table) == len(set(texts.table))


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        pytest.param(["SE:D6"], [0], id="one"),
        pytest.param([], [], id="empty"),
        pytest.param(None, [], id="null"),
        pytest.param(np.array(["SE:D6"]), [0], id="array"),
    ],
)
def test_lists(cell: object, expected: list[int]) -> None:
    assert coding.Texts().lists(pd.Series([cell], dtype=object)) == [expected]


def test_a_column_that_says_nothing_is_left_out() -> None:
    silent: dict[str, list[Any]] = {"a": [None, None], "b": [-1], "c": [[], []], "d": [None, 0.0]}
    assert coding.slim(silent) == {"d": [None, 0.0]}
