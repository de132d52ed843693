"""Do positions arrive where they should?"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import Point

from gis import crs
from gis.errors import AreaError, LayerError

KARLSKRONA = (15.58917, 56.16139)


def test_the_square_of_karlskrona_lies_where_the_map_says() -> None:
    east, north = crs.project(KARLSKRONA[0], KARLSKRONA[1], source=4326, target=3006)
    assert float(north) == pytest.approx(6224198, abs=1)
    assert float(east) == pytest.approx(536592, abs=1)


@pytest.mark.parametrize(
    ("epsg", "expected"),
    [(3006, True), (3007, True), (3018, True), (4326, True), (3857, False), (3067, False)],
)
def test_axis_order_follows_the_registry(epsg: int, *, expected: bool) -> None:
    assert crs.north_first(epsg) is expected
    one, two = crs.wire_order(1, 2, epsg=epsg)
    assert (float(one), float(two)) == ((2.0, 1.0) if expected else (1.0, 2.0))


@pytest.mark.parametrize("epsg", [3006, 3007, 3018, 3067, 25833])
def test_a_projected_system_in_metres_is_taken(epsg: int) -> None:
    assert crs.check_working(epsg) == epsg


@pytest.mark.parametrize(
    ("epsg", "reason"),
    [(4326, "EPSG:3006"), (2225, "EPSG:3006"), (4978, "EPSG:3006"), (999999, "registry")],
    ids=["degrees", "feet", "geocentric", "unknown"],
)
def test_other_systems_are_refused_with_a_remedy(epsg: int, reason: str) -> None:
    with pytest.raises(AreaError, match=reason):
        crs.check_working(epsg)


def test_a_layer_moves_and_keeps_its_rows() -> None:
    layer = gpd.GeoDataFrame({"name": ["Stortorget"]}, geometry=[Point(KARLSKRONA)], crs=4326)
    moved = crs.to_working(layer, 3006)
    assert moved.crs == "EPSG:3006"
    assert moved["name"].tolist() == ["Stortorget"]
    assert moved.geometry.iloc[0].distance(Point(536592, 6224198)) < 1.5
    assert crs.to_wgs84(moved).geometry.iloc[0].distance(Point(KARLSKRONA)) < 1e-8


def test_a_layer_that_is_there_already_is_not_touched() -> None:
    layer = gpd.GeoSeries([Point(KARLSKRONA)], crs=4326)
    assert crs.to_wgs84(layer) is layer


def test_a_layer_without_a_system_is_refused() -> None:
    with pytest.raises(LayerError, match="coordinate system"):
        crs.to(gpd.GeoSeries([Point(0, 0)]), 3006)


@given(lon=st.floats(11, 24), lat=st.floats(55, 69))
def test_there_and_back_is_the_same_place(lon: float, lat: float) -> None:
    there = crs.project(lon, lat, source=4326, target=3006)
    back = crs.project(*there, source=3006, target=4326)
    assert np.allclose([float(axis) for axis in back], [lon, lat], atol=1e-8, rtol=0)
