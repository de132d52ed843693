"""Who reads a sign at the end of a path, and on which side does it stand?"""

from __future__ import annotations

import geopandas as gpd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import LineString, Point
from shapely.affinity import rotate, scale

from gis.signs.posts import AWAY_DEG, posts

CRS = 3006
EASTWARD = LineString([(0, 0), (100, 0)])


def stood(
    at: tuple[float, float],
    end: str = "start",
    direction: str | None = None,
    line: LineString = EASTWARD,
    path_class: str | None = "gc_gemensam",
) -> list[tuple[bool, float]]:
    segments = gpd.GeoDataFrame({"segment_id": ["s1"]}, geometry=[line], crs=CRS)
    told = {"segment_id": ["s1"], "end": [end], "direction": [direction]}
    signs = gpd.GeoDataFrame(told | {"path_class": [path_class]}, geometry=[Point(at)], crs=CRS)
    found = posts(signs, segments)
    return list(zip(found["away"].tolist(), found["right_m"].round(6).tolist(), strict=True))


@pytest.mark.parametrize(
    ("at", "end", "direction", "away"),
    [
        pytest.param((5, 0), "start", "forward", False, id="for who goes in"),
        pytest.param((5, 0), "start", "backward", True, id="for who comes out"),
        pytest.param((95, 0), "end", "backward", False, id="for who goes in at the end"),
        pytest.param((95, 0), "end", "forward", True, id="for who comes out at the end"),
        pytest.param((5, 2), "start", "backward", False, id="beside the way it says nothing"),
        pytest.param((5, 2), "start", "W", False, id="faces who goes in"),
        pytest.param((5, 2), "start", "e", True, id="its back to who goes in"),
        pytest.param((95, 2), "end", "270", True, id="its back to who goes in at the end"),
        pytest.param((95, 2), "end", "ENE", False, id="aslant"),
        pytest.param((5, 2), "start", str(90 - AWAY_DEG), False, id="on the limit"),
        pytest.param((5, 2), "start", str(91 - AWAY_DEG), True, id="within the limit"),
        pytest.param((5, 2), "start", "both", False, id="for both"),
        pytest.param((5, 2), "start", None, False, id="nothing said"),
    ],
)
def test_whom_it_faces(
    at: tuple[float, float], end: str, direction: str | None, *, away: bool
) -> None:
    assert [one for one, _ in stood(at, end, direction)] == [away]


@pytest.mark.parametrize(
    ("at", "end", "right_m"),
    [
        ((5, -2), "start", 2.0),
        ((5, 2), "start", -2.0),
        ((95, 2), "end", 2.0),
        ((95, -2), "end", -2.0),
        ((5, 0), "start", 0.0),
        pytest.param((-3, -4), "start", 4.0, id="before the path begins"),
    ],
)
def test_on_which_side(at: tuple[float, float], end: str, right_m: float) -> None:
    assert [side for _, side in stood(at, end)] == [right_m]


@pytest.mark.parametrize(
    ("end", "path_class"), [("along", "gc_gemensam"), ("start", None), ("start", "cykelpassage")]
)
def test_other_signs_are_not_asked(end: str, path_class: str | None) -> None:
    assert stood((5, 2), end, path_class=path_class) == []


@given(angle=st.integers(0, 359), side=st.sampled_from([-3.0, 3.0]))
def test_the_side_does_not_depend_on_where_the_path_leads(angle: int, side: float) -> None:
    line = rotate(EASTWARD, angle, origin=(0, 0))
    at = rotate(Point(5, side), angle, origin=(0, 0))
    assert stood((at.x, at.y), line=line) == [(False, -side)]


def test_a_path_drawn_backwards_has_the_same_sides() -> None:
    turned = scale(EASTWARD, xfact=-1)
    assert stood((5, -2), "start") == stood((5, -2), "end", line=LineString(turned.coords))
