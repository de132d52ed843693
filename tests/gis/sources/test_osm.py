"""Is an OSM file read as it stands?"""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING

import osmium
import pandas as pd
import pytest
import shapely
from geopandas.testing import assert_geodataframe_equal
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from gis import sources
from gis.errors import SourceError
from gis.settings import data_dir
from gis.sources import Reading, osm
from gis.sources.osm_fast import NeedsPatienceError
from gis.sources.tables import tag_keys
from tests.gis.osmtext import Town, line, wrapped

if TYPE_CHECKING:
    from pathlib import Path

SAMPLE = data_dir() / "samples" / "helsinki" / "Helsinki.osm.pbf"
PATH = ("highway", "path")
FRAMES = ("ways", "vertices", "nodes", "areas", "routes", "faults")


def same(one: Reading, two: Reading) -> None:
    for name in FRAMES:
        left, right = getattr(one, name), getattr(two, name)
        if name in ("nodes", "areas"):
            assert_geodataframe_equal(left, right)
        else:
            assert_frame_equal(left, right)


def town() -> Town:
    place = Town()
    for number, (x, y) in enumerate([(0, 0), (1, 0), (2, 0), (2, 1), (0, 1)], start=1):
        place.node(number, x, y)
    place.node(6, 5, 5, traffic_sign="SE:D6", direction="forward").node(7, 6, 5, amenity="school")
    place.node(8, 1, 0.5, highway="crossing", crossing="zebra", barrier="bollard")
    place.way(10, [1, 2, 3], {"highway": "cycleway", "name": "Ronnebygatan", "colour": "röd"})
    place.way(11, [3, 4], {"highway": "residential", "sidewalk": "both"})
    place.way(12, [1, 3, 4, 5, 1], {"building": "yes", "name": "Rådhuset"})
    place.way(13, [1, 3, 4], {})
    place.way(14, [4, 5, 1], {"barrier": "fence"})
    place.way(15, [1, 2], {"highway": "proposed"})
    place.relation(20, [("way", 13), ("way", 14)], {"type": "multipolygon", "leisure": "park"})
    route = {"type": "route", "route": "bicycle", "name": "Sydostleden"}
    return place.relation(21, [("way", 10), ("way", 10), ("way", 999)], route)


@pytest.fixture(scope="module")
def helsinki() -> Reading:
    return osm.read(SAMPLE)


def test_paths_and_streets_are_kept_and_nothing_else(tmp_path: Path) -> None:
    ways = osm.read(town().save(tmp_path)).ways
    assert ways["source_id"].tolist() == ["osm:way/10", "osm:way/11"]
    assert ways["role"].tolist() == ["path", "street"]


def test_known_keys_are_columns_and_the_rest_is_json(tmp_path: Path) -> None:
    way = osm.read(town().save(tmp_path)).ways.iloc[0]
    assert way["name"] == "Ronnebygatan"
    assert way["highway"] == "cycleway"
    assert pd.isna(way["bicycle"])
    assert json.loads(str(way["other_tags"])) == {"colour": "röd"}
    assert way["edited_at"] == pd.Timestamp("2026-05-12T10:00:00Z")
    assert set(tag_keys()) <= set(way.index)


def test_vertices_of_a_way_lie_in_its_range(tmp_path: Path) -> None:
    reading = osm.read(town().save(tmp_path))
    first, last = reading.ways.loc[0, ["first", "last"]]
    assert reading.vertices["node_id"][first:last].tolist() == [1, 2, 3]
    assert reading.vertices["lon"][first:last].tolist() == [15.58, 15.581, 15.582]
    assert not reading.vertices["after_gap"].any()


def test_a_node_with_two_roles_has_two_rows(tmp_path: Path) -> None:
    nodes = osm.read(town().save(tmp_path)).nodes
    rows = list(zip(nodes["source_id"], nodes["role"], nodes["kind"], strict=True))
    assert rows == [
        ("osm:node/6", "sign", "SE:D6"),
        ("osm:node/7", "school", "school"),
        ("osm:node/8", "barrier", "bollard"),
        ("osm:node/8", "crossing", "crossing"),
    ]
    assert nodes.loc[0, "direction"] == "forward"
    assert json.loads(str(nodes.loc[3, "tags"]))["crossing"] == "zebra"


def test_closed_ways_and_multipolygons_are_areas(tmp_path: Path) -> None:
    areas = osm.read(town().save(tmp_path)).areas
    assert areas["source_id"].tolist() == ["osm:way/12", "osm:relation/20"]
    assert areas["role"].tolist() == ["building", "green"]
    assert areas["park"].tolist() == [False, True]
    assert shapely.area(areas.geometry.to_numpy()).round(12).tolist() == [2e-6, 2e-6]


def test_a_route_lists_each_member_of_the_file_once(tmp_path: Path) -> None:
    routes = osm.read(town().save(tmp_path)).routes
    assert routes["member_id"].tolist() == ["osm:way/10"]
    assert routes[["route", "name"]].iloc[0].tolist() == ["bicycle", "Sydostleden"]
    assert routes["network"].isna().all()


@pytest.mark.parametrize(
    ("ring", "tags", "roles"),
    [
        pytest.param(
            [1, 3, 4, 5, 1], {"highway": "pedestrian", "area": "yes"}, ["square"], id="area"
        ),
        pytest.param([1, 3, 4, 5, 1], {"highway": "pedestrian"}, [], id="round street"),
        pytest.param([1, 3, 4, 5], {"building": "yes"}, [], id="open"),
        pytest.param([1, 3, 99, 5, 1], {"building": "yes"}, [], id="corner missing"),
        pytest.param([1, 3, 4, 5, 1], {"building": "no"}, [], id="said to be none"),
        pytest.param(
            [1, 3, 4, 5, 1],
            {"building": "school", "amenity": "school"},
            ["building", "school"],
            id="two roles",
        ),
        pytest.param([1, 4, 3, 5, 1], {"natural": "water"}, ["water"], id="crosses itself"),
    ],
)
def test_what_is_an_area(
    tmp_path: Path, ring: list[int], tags: dict[str, str], roles: list[str]
) -> None:
    areas = osm.read(town().way(30, ring, tags).save(tmp_path)).areas
    found = areas[areas["source_id"].eq("osm:way/30")]
    assert found["role"].tolist() == roles
    assert found.geometry.is_valid.all()


def as_gz(place: Town, folder: Path) -> Path:
    path = folder / "town.osm.gz"
    path.write_bytes(gzip.compress(place.xml().encode()))
    return path


def as_pbf(place: Town, folder: Path) -> Path:
    path = folder / "town.osm.pbf"
    with osmium.SimpleWriter(str(path)) as writer:
        for item in osmium.FileProcessor(str(place.save(folder, "plain.osm"))):
            writer.add(item)
    return path


def as_overpass(place: Town, folder: Path, *, geometry: bool) -> Path:
    elements: list[dict[str, object]] = []
    for number, (refs, tags) in place.ways.items():
        way: dict[str, object] = {"type": "way", "id": number, "nodes": list(refs), "tags": tags}
        if geometry:
            spots = [place.nodes.get(ref) for ref in refs]
            way["geometry"] = [spot and {"lon": spot[0], "lat": spot[1]} for spot in spots]
        elements.append(way | {"timestamp": "2026-05-12T10:00:00Z", "version": 2})
    for number, (lon, lat) in place.nodes.items():
        tags = place.node_tags.get(number, {})
        if tags or not geometry:
            elements.append(
                {"type": "node", "id": number, "lon": lon, "lat": lat, "tags": tags, "version": 1}
            )
    for number, (members, tags) in place.relations.items():
        listed = [{"type": kind, "ref": ref, "role": ""} for kind, ref in members]
        elements.append({"type": "relation", "id": number, "members": listed, "tags": tags})
    path = folder / "town.json"
    path.write_text(json.dumps({"version": 0.6, "elements": elements}), encoding="utf-8")
    return path


@pytest.mark.parametrize("form", ["gz", "pbf", "overpass body", "overpass geom"])
def test_every_form_says_the_same(tmp_path: Path, form: str) -> None:
    place = town()
    path = {
        "gz": lambda: as_gz(place, tmp_path),
        "pbf": lambda: as_pbf(place, tmp_path),
        "overpass body": lambda: as_overpass(place, tmp_path, geometry=False),
        "overpass geom": lambda: as_overpass(place, tmp_path, geometry=True),
    }[form]()
    same(osm.read(path), osm.read(place.save(tmp_path, "plain.osm")))


def test_ways_of_overpass_without_node_ids_still_meet(tmp_path: Path) -> None:
    path = as_overpass(town(), tmp_path, geometry=True)
    answer = json.loads(path.read_text(encoding="utf-8"))
    for element in answer["elements"]:
        element.pop("nodes", None)
    path.write_text(json.dumps(answer), encoding="utf-8")
    vertices = osm.read(path).vertices
    assert vertices["node_id"].tolist()[2] == vertices["node_id"].tolist()[3]
    assert vertices["node_id"].nunique() == 4


@settings(max_examples=25, deadline=None)
@given(order=st.permutations(range(len(town().parts()))))
def test_the_order_of_the_file_says_nothing(
    tmp_path_factory: pytest.TempPathFactory, order: list[int]
) -> None:
    folder = tmp_path_factory.mktemp("order")
    parts = town().parts()
    mixed = folder / "mixed.osm"
    mixed.write_text(wrapped([parts[i] for i in order]), encoding="utf-8")
    same(osm.read(mixed), osm.read(town().save(folder)))


def test_the_patient_reader_says_what_the_fast_one_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = town().save(tmp_path)
    fast = osm.read(path)
    monkeypatch.setattr(osm, "list_objects", refuse)
    same(osm.read(path), fast)


def refuse(path: Path, form: str) -> None:
    raise NeedsPatienceError(path, form)


def test_the_newest_of_two_versions_counts(tmp_path: Path) -> None:
    parts = line(PATH).parts()
    older = parts[-1].replace('version="2"', 'version="1"').replace('"path"', '"steps"')
    path = tmp_path / "twice.osm"
    path.write_text(wrapped([*parts, older]), encoding="utf-8")
    reading = osm.read(path)
    assert reading.ways["highway"].tolist() == ["path"]
    assert reading.faults["fault"].tolist() == ["repeated_object"]


def test_blobs_bring_a_reading_back(tmp_path: Path) -> None:
    reading = osm.read(town().save(tmp_path))
    blobs = sources.to_parquet_blobs(reading)
    assert set(blobs) == set(FRAMES)
    same(sources.from_parquet_blobs(blobs), reading)
    del blobs["nodes"]
    with pytest.raises(SourceError, match="nodes"):
        sources.from_parquet_blobs(blobs)


def test_the_sample_is_read_whole(helsinki: Reading) -> None:
    paths = helsinki.ways["role"].eq("path").sum()
    few = helsinki.faults["fault"].eq("too_few_nodes") & helsinki.faults["feature"].isin(
        [f"osm:way/{number}" for number in path_numbers()]
    )
    assert len(path_numbers()) == 1422
    assert paths + few.sum() == 1422
    assert helsinki.ways["source_id"].is_unique


def path_numbers() -> list[int]:
    highways = ["cycleway", "footway", "path", "pedestrian", "steps", "track", "bridleway"]
    only = osmium.filter.TagFilter(*(("highway", value) for value in highways))
    ways = osmium.FileProcessor(str(SAMPLE), osmium.osm.WAY).with_filter(only)
    return [way.id for way in ways]


def test_reading_twice_gives_the_same(helsinki: Reading) -> None:
    same(osm.read(SAMPLE), helsinki)
