"""The way to school goes along the network, and ends after six hundred metres."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
from shapely import LineString, Point

from gis.controls.network import build, locate
from gis.controls.school_ways import way_to_school, ways_to_schools

# A street that goes 400 m east, then back 100 m further north: near in the air, far on foot.
STREET = gpd.GeoSeries([LineString([(0, 0), (400, 0), (400, 100), (0, 100)])], crs=3006)
PLACES = gpd.GeoSeries([Point(100, 0), Point(0, 100)], crs=3006)


def ways(*schools: Point) -> list[float]:
    net = build(STREET)
    found = gpd.GeoDataFrame(geometry=list(schools), crs=3006) if schools else None
    return list(way_to_school(net, locate(net, PLACES), found))


def test_the_way_goes_round_the_corner() -> None:
    here, there = ways(Point(0, -20))
    assert here == pytest.approx(100, abs=25)
    assert np.isnan(there)


def test_the_nearest_of_two_schools_counts() -> None:
    here, there = ways(Point(0, -20), Point(0, 120))
    assert here == pytest.approx(100, abs=25)
    assert there == pytest.approx(0, abs=25)


def test_without_schools_there_is_no_way() -> None:
    assert np.isnan(ways()).all()


def test_ways_come_together_towards_the_school() -> None:
    # A street east from the school at (0, 0), forked at 200 m; a street that nothing joins.
    lines = [
        LineString([(0, 0), (200, 0)]),
        LineString([(200, 0), (300, 0)]),
        LineString([(200, 0), (200, 100)]),
        LineString([(200, 0), (200, 700)]),
        LineString([(0, 900), (200, 900)]),
    ]
    net = build(gpd.GeoSeries(lines, crs=3006))
    found = ways_to_schools(net, gpd.GeoDataFrame(geometry=[Point(0, -5)], crs=3006))
    told = {line.wkt: int(ways) for line, ways in zip(found.geometry, found["ways"], strict=True)}
    # Both ends of the school's own street, and the two ends beyond the fork; 900 m is too far.
    assert told == {lines[0].wkt: 4, lines[1].wkt: 1, lines[2].wkt: 1}
