"""Does a bad file end in one sentence, and a bad object in one fault?"""

from __future__ import annotations

import gzip
import json
import unicodedata
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.errors import SourceError
from gis.settings import data_dir
from gis.sources import osm
from tests.gis.osmtext import Town, line, wrapped

if TYPE_CHECKING:
    from pathlib import Path

PATH = ("highway", "path")
SAMPLE = data_dir() / "samples" / "helsinki" / "Helsinki.osm.pbf"
GOOD = line(PATH).xml().encode()
PBF = SAMPLE.read_bytes()
OVERPASS = json.dumps({"version": 0.6, "elements": []}).encode()


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        pytest.param("a.osm", b"", "empty", id="zero bytes"),
        pytest.param("a.osm.pbf", b"", "empty", id="zero bytes pbf"),
        pytest.param("a.osm", GOOD[:-40], "truncated", id="truncated xml"),
        pytest.param("a.osm.gz", gzip.compress(GOOD)[:-12], "truncated", id="truncated gzip"),
        pytest.param("a.osm.pbf", PBF[: len(PBF) // 2], "truncated", id="truncated pbf"),
        pytest.param("a.json", b'{"version": 0.6, "elements": [', "truncated", id="truncated json"),
        pytest.param("a.osm", b"hello", "no OpenStreetMap", id="plain text"),
        pytest.param("a.osm", b"<html><body/></html>", "no OpenStreetMap", id="web page"),
        pytest.param("a.osm.pbf", b"\x89PNG\r\n\x1a\n" * 9, "no OpenStreetMap", id="picture"),
        pytest.param("a.json", b'{"type": "FeatureCollection"}', "no OpenStreetMap", id="geojson"),
        pytest.param("a.json", b'{"version": 1}', "elements", id="other json"),
        pytest.param("a.osm.gz", gzip.compress(b"hello"), "no OpenStreetMap", id="gzip of text"),
        pytest.param("a.osm", PBF, "name does not say", id="pbf named osm"),
        pytest.param("a.osm.pbf", GOOD, "name does not say", id="xml named pbf"),
        pytest.param("a.osm", gzip.compress(GOOD), "name does not say", id="gzip named osm"),
        pytest.param("a.txt", GOOD, "name does not say", id="unknown ending"),
        pytest.param("a.osm", OVERPASS, "name does not say", id="json named osm"),
        pytest.param(
            "a.json",
            b'{"elements": [], "version": 1, "remark": "runtime error: Query timed out"}',
            "broke off",
            id="server gave up",
        ),
        pytest.param(
            "a.json",
            b'{"version": 1, "elements": [{"type": "way"}]}',
            "element 1",
            id="way without id",
        ),
        pytest.param(
            "a.osm",
            b'<!DOCTYPE x [<!ENTITY a "b">]><osm version="0.6"><node id="-1"/></osm>',
            "a.osm",
            id="entity",
        ),
    ],
)
def test_a_bad_file_is_refused_in_one_sentence(
    tmp_path: Path, name: str, content: bytes, reason: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(SourceError, match=reason) as caught:
        osm.read(path)
    told = str(caught.value)
    assert told.startswith(f"{name}: ")
    assert "\n" not in told
    assert str(tmp_path) not in told


def test_an_absent_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot be opened"):
        osm.read(tmp_path / "gone.osm")


def test_an_empty_answer_is_an_empty_reading(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(OVERPASS)
    reading = osm.read(path)
    assert [len(frame) for frame in (reading.ways, reading.nodes, reading.areas)] == [0, 0, 0]


def faults(town: Town, folder: Path) -> dict[str, list[str]]:
    found = osm.read(town.save(folder)).faults
    return {str(code): list(rows["feature"]) for code, rows in found.groupby("fault")}


def test_a_one_node_way_is_left_out_with_a_fault(tmp_path: Path) -> None:
    town = line(PATH).way(11, [1], {"highway": "footway"}).way(12, [2, 2], {"highway": "footway"})
    assert faults(town, tmp_path) == {"too_few_nodes": ["osm:way/11", "osm:way/12"]}
    assert osm.read(town.save(tmp_path)).ways["source_id"].tolist() == ["osm:way/10"]


def test_a_way_without_extent_is_left_out(tmp_path: Path) -> None:
    town = line(PATH).node(4, 0, 0).way(11, [1, 4], {"highway": "footway"})
    assert faults(town, tmp_path) == {"too_few_nodes": ["osm:way/11"]}


@pytest.mark.parametrize(
    ("refs", "kept", "gaps"),
    [
        pytest.param([1, 2, 99, 3, 4], [1, 2, 3, 4], [3], id="inside"),
        pytest.param([99, 1, 2], [1, 2], [], id="at the start"),
        pytest.param([1, 2, 98, 99], [1, 2], [], id="at the end"),
        pytest.param([98, 99, 1, 2, 97, 96, 3, 4, 95], [1, 2, 3, 4], [3], id="everywhere"),
    ],
)
def test_a_missing_node_leaves_a_gap(
    tmp_path: Path, refs: list[int], kept: list[int], gaps: list[int]
) -> None:
    town = line().node(4, 3, 0).way(11, refs, {"highway": "footway"})
    vertices = osm.read(town.save(tmp_path)).vertices
    assert vertices["node_id"].tolist() == kept
    assert vertices.loc[vertices["after_gap"], "node_id"].tolist() == gaps
    assert faults(town, tmp_path) == {"missing_node": ["osm:way/11"]}


def test_a_gap_never_crosses_from_one_way_to_the_next(tmp_path: Path) -> None:
    town = (
        line(PATH).way(11, [1, 2, 99], {"highway": "footway"}).way(12, [3, 1], {"highway": "path"})
    )
    assert not osm.read(town.save(tmp_path)).vertices["after_gap"].any()


def test_ids_of_an_editor_are_taken_with_a_note(tmp_path: Path) -> None:
    town = Town().node(-1, 0, 0).node(-2, 1, 0, traffic_sign="SE:D5")
    town.way(-10, [-1, -2], {"highway": "footway"})
    reading = osm.read(town.save(tmp_path))
    assert reading.ways["source_id"].tolist() == ["osm:way/-10"]
    assert reading.vertices["node_id"].tolist() == [-1, -2]
    assert faults(town, tmp_path) == {"negative_id": ["osm:node/-2", "osm:way/-10"]}


@pytest.mark.parametrize(
    ("lon", "lat"),
    [("15.58", "90.0001"), ("181", "56"), ("500", "1000"), ("15,58", "56.1"), ("nan", "56.1")],
)
def test_a_position_off_the_earth_counts_as_missing(tmp_path: Path, lon: str, lat: str) -> None:
    town = line().way(11, [1, 2, 4, 3], {"highway": "footway"})
    town.nodes[4] = (lon, lat)
    reading = osm.read(town.save(tmp_path))
    assert reading.vertices["node_id"].tolist() == [1, 2, 3]
    assert faults(town, tmp_path) == {"coordinate_range": ["osm:way/11"]}


@pytest.mark.parametrize(("lon", "lat"), [("180", "56"), ("15", "90"), ("-180", "-90")])
def test_a_position_on_the_edge_of_the_earth_is_one(tmp_path: Path, lon: str, lat: str) -> None:
    town = line().way(11, [1, 4], {"highway": "footway"})
    town.nodes[4] = (lon, lat)
    assert faults(town, tmp_path) == {}


def test_a_sign_off_the_earth_is_left_out(tmp_path: Path) -> None:
    town = line(PATH).node(4, 0, 0, traffic_sign="SE:D5")
    town.nodes[4] = ("15", "100")
    assert faults(town, tmp_path) == {"coordinate_range": ["osm:node/4"]}
    assert osm.read(town.save(tmp_path)).nodes.empty


@pytest.mark.parametrize(
    ("length", "noted"), [(200, False), (201, True), (1025, True), (10_000, True)]
)
def test_a_long_name_is_kept_whole(tmp_path: Path, length: int, *, noted: bool) -> None:
    town = line(PATH, ("name", "å" * length))
    assert osm.read(town.save(tmp_path)).ways.loc[0, "name"] == "å" * length
    assert faults(town, tmp_path) == ({"long_name": ["osm:way/10"]} if noted else {})


def test_a_width_with_a_comma_is_kept_as_it_stands(tmp_path: Path) -> None:
    assert osm.read(line(PATH, ("width", "1,2 m")).save(tmp_path)).ways.loc[0, "width"] == "1,2 m"


@pytest.mark.parametrize(
    "name",
    ["Torggatan", "مسار الدراجات", "自行車道", "Дорога", "🚲 väg", "a,b=c%20%@d", "quote \"'<&>"],
)
def test_any_alphabet_is_kept(tmp_path: Path, name: str) -> None:
    assert osm.read(line(PATH, ("name", name)).save(tmp_path)).ways.loc[0, "name"] == name


def test_text_is_composed_and_without_control_characters(tmp_path: Path) -> None:
    town = line(PATH, ("name", "Bjo\u0308rk\u202egatan\u0085 2 "))
    assert osm.read(town.save(tmp_path)).ways.loc[0, "name"] == "Björkgatan 2"


xml_text = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Cn"], exclude_characters="\ufffe\uffff"),
    max_size=60,
)


@settings(max_examples=25, deadline=None)
@given(value=xml_text)
def test_what_is_read_is_normal_text(tmp_path_factory: pytest.TempPathFactory, value: str) -> None:
    path = line(PATH, ("surface", value)).save(tmp_path_factory.mktemp("text"))
    read = str(osm.read(path).ways.loc[0, "surface"])
    assert read == unicodedata.normalize("NFC", read).strip()
    assert all(unicodedata.category(letter) != "Cc" for letter in read)


def test_a_file_of_nothing_but_a_frame_is_empty(tmp_path: Path) -> None:
    path = tmp_path / "frame.osm"
    path.write_text(wrapped([]), encoding="utf-8")
    assert osm.read(path).ways.empty
