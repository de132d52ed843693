"""Distances along the network against plain geometry and a slow model."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, Point

from gis.controls.network import Spots, build, density, lixel_of, locate, reach


def lines(*pairs: tuple[tuple[float, float], tuple[float, float]]) -> gpd.GeoSeries:
    return gpd.GeoSeries([LineString(pair) for pair in pairs], crs=3006)


def spot(edge: int, along_m: float) -> Spots:
    return Spots(edge=np.array([edge]), along_m=np.array([along_m]), off_m=np.zeros(1))


def test_distance_goes_round_the_corner_and_not_through_the_air() -> None:
    net = build(lines(((0, 0), (100, 0)), ((100, 0), (100, 100))))
    found = reach(net, spot(0, 50.0), 1000)
    last = found.distance_m[found.lixel == found.lixel.max()]
    assert last == pytest.approx([50 + 87.5])


@pytest.mark.parametrize(
    ("limit_m", "reached"),
    [pytest.param(137.4, False, id="just short"), pytest.param(137.5, True, id="on the limit")],
)
def test_the_limit_is_kept(limit_m: float, *, reached: bool) -> None:
    net = build(lines(((0, 0), (100, 0)), ((100, 0), (100, 100))))
    found = reach(net, spot(0, 50.0), limit_m)
    assert (7 in found.lixel) is reached


def test_what_is_not_connected_is_not_reached() -> None:
    net = build(lines(((0, 0), (100, 0)), ((0, 5), (100, 5))))
    assert set(reach(net, spot(0, 50.0), 10_000).lixel) == {0, 1, 2, 3}


def test_of_two_ways_between_two_nodes_the_shorter_counts() -> None:
    curve = LineString([(0, 0), (0, 500), (100, 0)])
    straight = LineString([(0, 0), (100, 0)])
    beyond = LineString([(100, 0), (200, 0)])
    net = build(gpd.GeoSeries([curve, straight, beyond], crs=3006))
    found = reach(net, locate(net, gpd.GeoSeries([Point(0, 0.0)], crs=3006)), 2000)
    far = found.distance_m[found.lixel == lixel_of(net, spot(2, 99.0))[0]]
    assert far == pytest.approx([187.5])


def slow_distance(net_lines: gpd.GeoSeries, start: Point, end: Point) -> float:
    """Find the shortest way by trying every street again until nothing gets shorter."""
    ends = [(line.coords[0], line.coords[-1], line.length) for line in net_lines]
    best = {node: np.inf for one in ends for node in one[:2]}

    def on(point: Point) -> list[tuple[int, float]]:
        return [
            (number, line.project(point))
            for number, line in enumerate(net_lines)
            if line.distance(point) < 1e-6
        ]

    direct = np.inf
    for number, along in on(start):
        first, last, length = ends[number]
        best[first] = min(best[first], along)
        best[last] = min(best[last], length - along)
        for other, there in on(end):
            if other == number:
                direct = min(direct, abs(along - there))
    for _ in ends:
        for first, last, length in ends:
            best[last] = min(best[last], best[first] + length)
            best[first] = min(best[first], best[last] + length)
    for number, along in on(end):
        first, last, length = ends[number]
        direct = min(direct, best[first] + along, best[last] + length - along)
    return float(direct)


@st.composite
def grids(draw: st.DrawFn) -> gpd.GeoSeries:
    corners = [(x * 50.0, y * 50.0) for x in range(4) for y in range(4)]
    pairs = [
        (a, b)
        for a in corners
        for b in corners
        if a < b and abs(a[0] - b[0]) + abs(a[1] - b[1]) == 50
    ]
    return lines(*draw(st.lists(st.sampled_from(pairs), min_size=3, unique=True)))


@given(streets=grids(), share=st.floats(0, 1), limit_m=st.floats(10, 400))
@settings(max_examples=60)
def test_reach_is_what_the_slow_model_finds(
    streets: gpd.GeoSeries, share: float, limit_m: float
) -> None:
    net = build(streets)
    begin = spot(0, share * 50)
    found = reach(net, begin, limit_m)
    distance = dict(zip(found.lixel, found.distance_m, strict=True))
    here = streets.iloc[0].interpolate(share * 50)
    for lixel, (edge, along) in enumerate(zip(net.lixel_edge, net.lixel_m, strict=True)):
        there = streets.iloc[edge].interpolate(along)
        slow = slow_distance(streets, here, there)
        if abs(slow - limit_m) > 1e-6:
            assert (lixel in distance) is (slow < limit_m)
        if lixel in distance:
            assert distance[lixel] == pytest.approx(slow, abs=1e-6)


def test_density_of_one_event_on_a_long_street_adds_up_to_one() -> None:
    net = build(lines(((0, 0), (2000, 0))))
    found = density(net, spot(0, 1000.0), np.ones(1))
    assert float((found * 25).sum()) == pytest.approx(1, abs=0.01)
    assert int(found.argmax()) in (39, 40)
    assert float(found[:27].max()) == 0


def test_density_grows_with_the_weight_and_adds_up() -> None:
    net = build(lines(((0, 0), (2000, 0))))
    two = Spots(edge=np.array([0, 0]), along_m=np.array([500.0, 700.0]), off_m=np.zeros(2))
    together = density(net, two, np.array([1.0, 3.0]))
    apart = density(net, spot(0, 500.0), np.ones(1)) + 3 * density(net, spot(0, 700.0), np.ones(1))
    assert np.allclose(together, apart)


def test_points_go_to_the_nearest_street() -> None:
    net = build(lines(((0, 0), (100, 0)), ((0, 50), (100, 50))))
    found = locate(net, gpd.GeoSeries([Point(30, 40), Point(70, 5)], crs=3006))
    assert found.edge.tolist() == [1, 0]
    assert found.along_m == pytest.approx([30, 70])
    assert found.off_m == pytest.approx([10, 5])
