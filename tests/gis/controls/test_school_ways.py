"""The way to school goes along the network, and ends after six hundred metres."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
from shapely import LineString, Point

from gis.controls.network import build, locate
from gis.controls.school_ways import way_to_school

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
