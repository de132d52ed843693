"""Does the network hold every path once, cut where it should be?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
import shapely
from geopandas.testing import assert_geodataframe_equal
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from gis import crs, network
from gis.errors import AreaError
from gis.network.cut import cut
from gis.settings import data_dir
from gis.sources import osm
from tests.gis.osmtext import Town, line

if TYPE_CHECKING:
    from pathlib import Path

    from gis.network import Network
    from gis.sources import Reading

SAMPLE = data_dir() / "samples" / "helsinki" / "Helsinki.osm.pbf"


@dataclass(frozen=True)
class Area:
    """What the network asks of an area."""

    crs: int = 3006
    languages: tuple[str, ...] = ("sv",)


def built(town: Town, folder: Path, area: Area | None = None) -> Network:
    return network.build(osm.read(town.save(folder)), area or Area())


@pytest.fixture(scope="module")
def helsinki() -> Reading:
    return osm.read(SAMPLE)


@pytest.fixture(scope="module")
def city(helsinki: Reading) -> Network:
    return network.build(helsinki, Area(crs=3067, languages=("sv", "fi")))


def cross() -> Town:
    """Return a path 1–2–3 eastward that a street 4–2–5 crosses in the middle."""
    town = line(("highway", "footway")).node(4, 1, 1).node(5, 1, -1)
    return town.way(11, [4, 2, 5], {"highway": "residential"})


def test_a_path_is_cut_where_a_street_passes(tmp_path: Path) -> None:
    net = built(cross(), tmp_path)
    assert net.segments["source_id"].tolist() == ["osm:way/10"] * 2
    assert net.segments[["part", "from_node", "to_node"]].to_numpy().tolist() == [
        [0, 1, 2],
        [1, 2, 3],
    ]
    assert net.streets[["from_node", "to_node"]].to_numpy().tolist() == [[4, 2], [2, 5]]
    assert net.segments["length_m"].sum() == pytest.approx(124.2, abs=0.5)


def test_a_node_that_nobody_else_has_cuts_nothing(tmp_path: Path) -> None:
    net = built(line(("highway", "footway")), tmp_path)
    assert len(net.segments) == 1
    assert shapely.get_num_points(net.segments.geometry.iloc[0]) == 3


def test_a_line_that_crosses_without_a_node_cuts_nothing(tmp_path: Path) -> None:
    town = line(("highway", "footway")).node(4, 1.5, 1).node(5, 1.5, -1)
    net = built(town.way(11, [4, 5], {"highway": "residential"}), tmp_path)
    assert len(net.segments) == 1


@pytest.mark.parametrize(
    ("refs", "parts"),
    [
        pytest.param([1, 2, 3, 4, 1], [[1, 2, 3, 4, 1]], id="plain ring"),
        pytest.param([1, 2, 3, 4, 2, 5], [[1, 2], [2, 3, 4, 2], [2, 5]], id="loop on a stalk"),
        pytest.param([1, 2, 1], [[1, 2, 1]], id="there and back on one step"),
        pytest.param([1, 2, 3, 2, 1], [[1, 2], [2, 3, 2], [2, 1]], id="there and back"),
        pytest.param([1, 2, 3, 1, 4, 5, 1], [[1, 2, 3, 1], [1, 4, 5, 1]], id="figure of eight"),
    ],
)
def test_a_way_that_touches_itself(refs: list[int], parts: list[list[int]]) -> None:
    node = np.array(refs)
    pieces = cut(np.zeros(len(node), int), node, np.zeros(len(node), bool))
    spans = zip(pieces.first.tolist(), pieces.last.tolist(), strict=True)
    assert [refs[first : last + 1] for first, last in spans] == parts
    assert pieces.part.tolist() == list(range(len(parts)))


def test_no_line_is_drawn_across_a_gap(tmp_path: Path) -> None:
    town = line().node(4, 3, 0).way(10, [1, 2, 99, 3, 4], {"highway": "footway"})
    net = built(town, tmp_path)
    assert net.segments[["from_node", "to_node"]].to_numpy().tolist() == [[1, 2], [3, 4]]


@pytest.mark.parametrize(
    ("tags", "kind"),
    [
        ({"highway": "footway"}, "path"),
        ({"highway": "steps"}, "path"),
        ({"highway": "track"}, "path"),
        ({"highway": "footway", "footway": "sidewalk"}, "path"),
        ({"highway": "footway", "footway": "crossing"}, "crossing"),
        ({"highway": "cycleway", "cycleway": "crossing"}, "crossing"),
        ({"highway": "path", "path": "crossing"}, "crossing"),
        ({"highway": "pedestrian"}, "street"),
        ({"highway": "pedestrian", "area": "yes"}, "path"),
        ({"highway": "living_street"}, "street"),
        ({"highway": "residential", "bicycle_road": "yes"}, "street"),
        ({"highway": "residential", "cyclestreet": "yes"}, "street"),
        ({"highway": "residential"}, None),
        ({"highway": "residential", "bicycle_road": "no"}, None),
        ({"highway": "construction"}, None),
    ],
)
def test_kind(tmp_path: Path, tags: dict[str, str], kind: str | None) -> None:
    town = line().way(10, [1, 2, 3], tags)
    assert built(town, tmp_path).segments["kind"].tolist() == ([kind] if kind else [])


def test_a_street_on_a_cycle_route_is_a_segment(tmp_path: Path) -> None:
    town = line(("highway", "residential"))
    for number, route in ((20, "bicycle"), (21, "hiking")):
        town.relation(number, [("way", 10)], {"type": "route", "route": route})
    net = built(town, tmp_path)
    assert net.segments[["kind", "bicycle_route"]].to_numpy().tolist() == [["street", True]]
    del town.relations[20]
    assert built(town, tmp_path).segments.empty


SIDES = [
    ({"sidewalk": "both"}, [("left", "sidewalk", "path"), ("right", "sidewalk", "path")]),
    ({"sidewalk": "yes"}, [("left", "sidewalk", "path"), ("right", "sidewalk", "path")]),
    ({"sidewalk": "left"}, [("left", "sidewalk", "path")]),
    ({"sidewalk": "separate"}, []),
    ({"sidewalk": "no"}, []),
    ({"sidewalk:both": "separate", "sidewalk": "both"}, []),
    ({"sidewalk:right": "yes"}, [("right", "sidewalk", "path")]),
    ({"sidewalk:both": "yes", "sidewalk:left": "no"}, [("right", "sidewalk", "path")]),
    ({"cycleway:right": "lane"}, [("right", "cycleway", "lane")]),
    ({"cycleway:left": "track"}, [("left", "cycleway", "path")]),
    ({"cycleway": "lane"}, [("left", "cycleway", "lane"), ("right", "cycleway", "lane")]),
    ({"cycleway": "lane", "oneway": "yes"}, [("right", "cycleway", "lane")]),
    ({"cycleway": "lane", "oneway": "-1"}, [("left", "cycleway", "lane")]),
    ({"cycleway": "opposite_lane", "oneway": "yes"}, [("left", "cycleway", "lane")]),
    ({"cycleway": "opposite", "oneway": "yes"}, []),
    ({"cycleway:both": "shared_lane"}, []),
    ({"cycleway:both": "separate"}, []),
    ({"cycleway": "none"}, []),
    (
        {"cycleway:right": "track", "sidewalk": "right"},
        [("right", "cycleway", "path"), ("right", "sidewalk", "path")],
    ),
]


@pytest.mark.parametrize(("tags", "expected"), SIDES, ids=[str(tags) for tags, _ in SIDES])
def test_tagged_sides_are_segments(
    tmp_path: Path, tags: dict[str, str], expected: list[tuple[str, str, str]]
) -> None:
    town = line().way(10, [1, 2, 3], {"highway": "residential", **tags})
    segments = built(town, tmp_path).segments
    found = segments[["side", "side_tag", "kind"]].itertuples(index=False, name=None)
    assert list(found) == expected
    assert segments["segment_id"].is_unique


def test_a_side_lies_beside_its_street_and_runs_with_it(tmp_path: Path) -> None:
    town = cross().way(11, [4, 2, 5], {"highway": "residential", "sidewalk": "both"})
    net = built(town, tmp_path)
    sides = net.segments[net.segments["side"].ne("none")]
    assert len(sides) == 4
    streets = net.streets.set_index("part").geometry
    for part, side, shape in zip(sides["part"], sides["side"], sides.geometry, strict=True):
        street = streets[part]
        assert shape.distance(street) == pytest.approx(6.25, abs=0.01)
        # The street runs south, so its left is east.
        assert (shape.centroid.x > street.centroid.x) == (side == "left")
        assert shape.coords[0][1] > shape.coords[-1][1]


def test_a_side_has_its_own_words_and_not_those_of_the_street(tmp_path: Path) -> None:
    tags = {
        "highway": "secondary",
        "width": "9",
        "surface": "asphalt",
        "lit": "yes",
        "bicycle": "no",
        "oneway": "yes",
        "cycleway:right": "track",
        "cycleway:right:width": "2.2",
        "cycleway:both:width": "3",
        "cycleway:both:segregated": "yes",
        "cycleway:surface": "paved",
        "sidewalk:right:width": "4",
        "cycleway:right:lane": "exclusive",
    }
    row = built(line().way(10, [1, 2, 3], tags), tmp_path).segments.iloc[0]
    assert (row["width"], row["segregated"], row["surface"]) == ("2.2", "yes", "paved")
    assert (row["highway"], row["lit"], row["cycleway:lane"]) == ("secondary", "yes", "exclusive")
    assert pd.isna(row["bicycle"])
    assert pd.isna(row["oneway"])


@pytest.mark.parametrize(
    ("languages", "tags", "name"),
    [
        (("sv",), {"name": "Torikatu", "name:sv": "Torggatan"}, "Torggatan"),
        (("fi", "sv"), {"name:sv": "Torggatan", "name": "Torikatu"}, "Torggatan"),
        (("sv",), {"name": "Torggatan", "name:en": "Square Street"}, "Torggatan"),
        (("sv",), {"name:en": "Square Street"}, None),
        (("sv",), {"name": "x" * 200}, "x" * 200),
        (("sv",), {"name": "x" * 201}, "x" * 199 + "…"),
    ],
)
def test_name(
    tmp_path: Path, languages: tuple[str, ...], tags: dict[str, str], name: str | None
) -> None:
    town = line().way(10, [1, 2, 3], {"highway": "path", **tags})
    shown = built(town, tmp_path, Area(languages=languages)).segments["name"].iloc[0]
    assert shown == name if name else pd.isna(shown)


@pytest.mark.parametrize(
    ("text", "kmh"),
    [("30", 30.0), ("20 mph", 32.2), ("SE:urban", None), ("walk", None), (None, None)],
)
def test_speed_of_a_street(tmp_path: Path, text: str | None, kmh: float | None) -> None:
    tags = {"highway": "residential"} | ({"maxspeed": text} if text else {})
    speed = built(line().way(10, [1, 2, 3], tags), tmp_path).streets["maxspeed_kmh"].iloc[0]
    assert speed == pytest.approx(kmh, abs=0.05) if kmh else pd.isna(speed)


@pytest.mark.parametrize(("metres", "near"), [(299, True), (301, False)])
def test_a_school_within_reach(tmp_path: Path, metres: float, *, near: bool) -> None:
    town = line(("highway", "footway"))
    # One degree of latitude is 111,350 m here.
    town.node(9, 1, metres / 111.35, amenity="school")
    net = built(town, tmp_path)
    assert net.segments["near_school"].tolist() == [near]
    assert net.places[["kind", "source_id"]].to_numpy().tolist() == [["school", "osm:node/9"]]


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({"leisure": "park"}, True),
        ({"leisure": "pitch"}, False),
        ({"landuse": "grass"}, False),
        ({"building": "yes"}, False),
    ],
)
def test_in_a_park(tmp_path: Path, tags: dict[str, str], *, expected: bool) -> None:
    town = line(("highway", "footway")).node(4, 0.5, -1).node(5, 1.5, -1).node(6, 1, 1)
    net = built(town.way(11, [4, 5, 6, 4], tags), tmp_path)
    assert net.segments["in_park"].tolist() == [expected]


@pytest.mark.parametrize(("north", "expected"), [(0.2, True), (0.3, False)])
def test_among_houses_within_25_metres(tmp_path: Path, north: float, *, expected: bool) -> None:
    town = line(("highway", "path")).node(4, 0.5, north).node(5, 1.5, north).node(6, 1, 2)
    net = built(town.way(11, [4, 5, 6, 4], {"building": "yes"}), tmp_path)
    assert net.segments["near_houses"].tolist() == [expected]


@pytest.mark.parametrize(
    ("tags", "expected", "signalised"),
    [
        ({"crossing": "zebra"}, "overgangsstalle", False),
        ({"crossing": "traffic_signals"}, "overgangsstalle", True),
        ({"crossing": "marked", "crossing__signals": "yes"}, "overgangsstalle", True),
        ({"crossing": "unmarked"}, "ordnad_passage", False),
        ({"crossing": "marked", "traffic_sign": "SE:B8"}, "cykeloverfart", False),
        ({"bicycle": "yes"}, "cykelpassage", False),
        ({}, "okand", False),
    ],
)
def test_crossings(
    tmp_path: Path, tags: dict[str, str], expected: str, *, signalised: bool
) -> None:
    town = line(("highway", "residential")).node(2, 1, 0, highway="crossing", **tags)
    row = built(town, tmp_path).crossings.iloc[0]
    assert (row["crossing_class"], row["signalised"]) == (expected, signalised)


@pytest.mark.parametrize(
    ("tags", "raw", "direction"),
    [
        ({"traffic_sign": "SE:D5"}, "SE:D5", None),
        ({"traffic_sign": "SE:D5", "direction": "backward"}, "SE:D5", "backward"),
        ({"traffic_sign__forward": "SE:D6"}, "SE:D6", "forward"),
        ({"traffic_sign__backward": "SE:D6"}, "SE:D6", "backward"),
        ({"traffic_sign__backward": "SE:D6", "direction": "90"}, "SE:D6", "90"),
        (
            {"traffic_sign__forward": "SE:D6", "traffic_sign__backward": "SE:D6"},
            "SE:D6",
            None,
        ),
        (
            {"traffic_sign__forward": "SE:D6", "traffic_sign__backward": "SE:D5"},
            "SE:D6;SE:D5",
            None,
        ),
    ],
)
def test_a_sign_keeps_the_direction_it_is_for(
    tmp_path: Path, tags: dict[str, str], raw: str, direction: str | None
) -> None:
    town = line(("highway", "footway")).node(2, 1, 0, **tags)
    row = built(town, tmp_path).signs.iloc[0]
    assert row["raw"] == raw
    assert (None if pd.isna(row["direction"]) else row["direction"]) == direction


def test_signs_barriers_and_places_stand_where_they_are(tmp_path: Path) -> None:
    town = line(("highway", "path")).node(2, 1, 0, barrier="bollard", traffic_sign="SE:D5")
    net = built(town.node(8, 0, 0, noexit="yes"), tmp_path)
    assert net.signs["raw"].tolist() == ["SE:D5"]
    assert net.signs["segment_id"].isna().all()
    assert net.barriers[["node_id", "barrier"]].to_numpy().tolist() == [[2, "bollard"]]
    assert net.places["kind"].tolist() == ["noexit"]
    assert net.signs.geometry.iloc[0].distance(net.segments.geometry.iloc[0]) < 0.001


def test_an_area_in_degrees_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AreaError):
        built(line(("highway", "path")), tmp_path, Area(crs=4326))


def test_nothing_gives_an_empty_network(tmp_path: Path) -> None:
    net = built(Town(), tmp_path)
    assert [len(net.segments), len(net.streets), len(net.places)] == [0, 0, 0]
    assert {"segment_id", "kind", "bicycle", "in_park"} <= set(net.segments.columns)


# The laws, on made-up ways over a few shared nodes.
refs = st.lists(st.integers(1, 9), min_size=2, max_size=7)
highways = st.sampled_from(["footway", "residential", "path"])
many = st.lists(st.tuples(refs, highways), min_size=1, max_size=5)


def mesh(ways: list[tuple[list[int], str]], *, reverse: bool = False) -> Town:
    town = Town()
    for number in range(1, 10):
        town.node(number, number % 3 + number * 0.01, number // 3)
    for number, (nodes, highway) in enumerate(ways, start=100):
        tags = {"highway": highway}
        if highway == "residential":
            tags |= {"sidewalk:right" if reverse else "sidewalk:left": "yes"}
        town.way(number, nodes[::-1] if reverse else nodes, tags)
    return town


@settings(max_examples=20, deadline=None)
@given(ways=many)
def test_cutting_keeps_every_metre(
    tmp_path_factory: pytest.TempPathFactory, ways: list[tuple[list[int], str]]
) -> None:
    reading = osm.read(mesh(ways).save(tmp_path_factory.mktemp("mesh")))
    net = network.build(reading, Area())
    paths = net.segments[net.segments["kind"].eq("path") & net.segments["side"].eq("none")]
    length = {"path": paths["length_m"].sum(), "street": net.streets["length_m"].sum()}
    xy = crs.project(reading.vertices["lon"], reading.vertices["lat"], source=4326, target=3006)
    for role, found in length.items():
        rows = reading.ways[reading.ways["role"].eq(role)]
        whole = sum(
            np.hypot(np.diff(xy[0][a:b]), np.diff(xy[1][a:b])).sum()
            for a, b in zip(rows["first"], rows["last"], strict=True)
        )
        assert found == pytest.approx(whole, rel=1e-9)


@given(nodes=st.lists(st.lists(st.integers(1, 6), min_size=2, max_size=8), min_size=1, max_size=4))
def test_cutting_again_changes_nothing(nodes: list[list[int]]) -> None:
    def pieces_of(lines: list[list[int]]) -> list[list[int]]:
        way = np.repeat(np.arange(len(lines)), [len(one) for one in lines])
        node = np.array([number for one in lines for number in one])
        pieces = cut(way, node, np.zeros(len(node), bool))
        spans = zip(pieces.first.tolist(), pieces.last.tolist(), strict=True)
        return [node[first : last + 1].tolist() for first, last in spans]

    once = pieces_of(nodes)
    again = pieces_of(once)
    # Ends of pieces are junctions or ends of a way; no piece holds one inside.
    assert again == once


@settings(max_examples=20, deadline=None)
@given(ways=many)
def test_ids_are_unique_and_say_nothing_of_direction_or_order(
    tmp_path_factory: pytest.TempPathFactory, ways: list[tuple[list[int], str]]
) -> None:
    folder = tmp_path_factory.mktemp("mesh")
    one = network.build(osm.read(mesh(ways).save(folder)), Area())
    turned = network.build(osm.read(mesh(ways, reverse=True).save(folder)), Area())
    for name, key in (("segments", "segment_id"), ("streets", "street_id")):
        ids = getattr(one, name)[key]
        assert ids.is_unique
        assert set(ids) == set(getattr(turned, name)[key])


def test_ids_do_not_depend_on_the_working_system(helsinki: Reading, city: Network) -> None:
    other = network.build(helsinki, Area(crs=3006, languages=("fi",)))
    assert other.segments["segment_id"].tolist() == city.segments["segment_id"].tolist()


def test_row_order_of_the_reading_says_nothing(helsinki: Reading, city: Network) -> None:
    mixed = replace(
        helsinki,
        ways=helsinki.ways.sample(frac=1, random_state=7).reset_index(drop=True),
        routes=helsinki.routes.iloc[::-1].reset_index(drop=True),
    )
    again = network.build(mixed, Area(crs=3067, languages=("sv", "fi")))
    assert_geodataframe_equal(again.segments, city.segments)
    assert_geodataframe_equal(again.streets, city.streets)


def test_every_path_of_the_sample_is_in_the_network(helsinki: Reading, city: Network) -> None:
    paths = helsinki.ways.loc[helsinki.ways["role"].eq("path"), "source_id"]
    assert set(paths) <= set(city.segments["source_id"])


def test_path_length_of_the_sample_is_that_of_its_ways(helsinki: Reading, city: Network) -> None:
    paths = helsinki.ways[helsinki.ways["role"].eq("path")]
    found = city.segments.loc[city.segments["source_id"].isin(paths["source_id"]), "length_m"].sum()
    lon, lat = helsinki.vertices["lon"].to_numpy(), helsinki.vertices["lat"].to_numpy()
    geod = Geod(ellps="GRS80")
    whole = sum(
        geod.line_length(lon[a:b], lat[a:b])
        for a, b in zip(paths["first"], paths["last"], strict=True)
    )
    # Lines across the gaps at the sample's edge are counted in `whole` and drawn nowhere.
    assert found == pytest.approx(whole, rel=0.01)


def test_the_sample_has_sound_geometry_and_unique_ids(city: Network) -> None:
    assert city.segments["segment_id"].is_unique
    assert city.streets["street_id"].is_unique
    assert (city.segments.geom_type == "LineString").all()
    assert city.segments.is_valid.all()
    assert (city.segments["length_m"] > 0).all()
    assert city.segments["name"].str.contains("gatan").sum() > 50
