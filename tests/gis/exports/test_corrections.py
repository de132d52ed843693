"""Do corrections name element, measures, old and new type, and deny nobody?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import orjson
import pandas as pd
import pyogrio
import pytest

from gis import areas, codes
from gis.exports import maproulette, nvdb, osmchange

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import geopandas as gpd

    from tests.conftest import LayerMaker

    Maker = Callable[[dict[str, Any]], gpd.GeoDataFrame]

SEEN = pd.Timestamp("2026-05-12T08:00:00Z")
TOLD: dict[str, Any] = {
    "path_class": "gc_gemensam",
    "basis": "sign",
    "signs": ["SE:D6"],
    "element_id": "1:7",
    "m_from": 0.25,
    "m_to": 0.5,
    "said_gcm": ["115"],
    "inspected_at": SEEN,
    "source_ids": ["osm:way/1"],
}


@pytest.mark.parametrize(
    ("columns", "rows"),
    [
        pytest.param({}, 1, id="seen and wrong"),
        pytest.param({"said_gcm": ["100"]}, 0, id="already right"),
        pytest.param({"said_gcm": ["1"]}, 0, id="right in the old series"),
        pytest.param({"basis": "data"}, 0, id="another source's word"),
        pytest.param({"basis": "form"}, 0, id="form alone"),
        pytest.param({"element_id": None}, 0, id="no element"),
        pytest.param({"said_gcm": [None]}, 0, id="no type in NVDB"),
        pytest.param({"path_class": "parkvag"}, 0, id="no type of its own"),
        pytest.param({"path_class": "okand"}, 0, id="unknown"),
        pytest.param({"status": "retired"}, 0, id="retired"),
        pytest.param({"basis": "decision"}, 1, id="decided"),
    ],
)
def test_only_what_was_seen_or_decided_is_corrected(
    segments: Maker, columns: dict[str, Any], rows: int
) -> None:
    assert len(nvdb.corrections(segments(TOLD | columns))) == rows


def test_a_correction_says_where_what_and_why(segments: Maker) -> None:
    row = nvdb.corrections(segments(TOLD)).iloc[0]
    assert row.drop(["geometry", "SIDA", "STRACKA"]).tolist() == [
        "1:7", 0.25, 0.5, "115", "100", "Gemensam gång- och cykelbana", "skylt SE:D6", "2026-05-12",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["r.zip", "r.gpkg"])
@pytest.mark.parametrize("said", ["115", "100"], ids=["one", "none"])
def test_the_list_is_written_in_sweref(
    segments: Maker, name: str, said: str, tmp_path: Path
) -> None:
    layer = segments(TOLD | {"said_gcm": [said]})
    nvdb.write({"segments": layer.to_crs(3009)}, tmp_path / name, areas.load("karlskrona"))
    read = pyogrio.read_dataframe(tmp_path / name)
    assert read.crs.to_epsg() == 3006
    assert len(read) == (said == "115")
    assert list(read.columns[:-1]) == list(nvdb.COLUMNS)
    assert all(len(column) <= 10 for column in nvdb.COLUMNS)


def test_the_old_type_comes_from_the_working_layer(segments: Maker) -> None:
    plain = {name: value for name, value in TOLD.items() if name != "said_gcm"}
    layer = segments(plain)
    network = layer[["segment_id", "geometry"]].assign(said_gcm="115")
    assert nvdb.corrections(layer, network)["GCM_GAMMAL"].tolist() == ["115"]


@pytest.mark.parametrize("path_class", codes.load("path_class").assignable)
@pytest.mark.parametrize("basis", ["sign", "data", "decision"])
def test_nobody_is_denied(segments: Maker, path_class: str, basis: str, tmp_path: Path) -> None:
    layer = segments(TOLD | {"path_class": path_class, "basis": basis})
    osmchange.write({"segments": layer}, tmp_path / "o.osc", areas.load("karlskrona"))
    text = (tmp_path / "o.osc").read_text(encoding="utf-8")
    tags = set(re.findall(r'k="(.*?)" v="(.*?)"', text))
    assert not tags & {("bicycle", "no"), ("foot", "no")}
    assert not tags or basis != "data"


def test_proposed_tags_are_those_that_are_not_there(segments: Maker) -> None:
    layer = segments(TOLD)
    tags = layer[["segment_id", "geometry"]].assign(bicycle="designated", foot="yes")
    found = osmchange.proposals(layer, tags).iloc[0]
    assert found["way"] == 1
    assert found["tags"] == {"foot": "designated", "segregated": "no", "traffic_sign": "SE:D6"}


def test_a_way_of_two_classes_is_not_proposed(segments: Maker) -> None:
    two = {"path_class": ["gc_gemensam", "gangbana"], "said_gcm": ["115", "115"]}
    assert osmchange.proposals(segments(TOLD | two)).empty


def test_a_change_cannot_be_uploaded(segments: Maker, tmp_path: Path) -> None:
    osmchange.write({"segments": segments(TOLD)}, tmp_path / "o.osc", areas.load("karlskrona"))
    text = (tmp_path / "o.osc").read_text(encoding="utf-8")
    assert 'upload="never"' in text
    assert re.findall("<way [^>]*>", text) == ['<way id="1">']


def test_questions_become_tasks(segments: Maker, layer: LayerMaker, tmp_path: Path) -> None:
    ways = segments({"source_ids": [["osm:way/1"], ["nvdb:2"]]})
    ids = ways["segment_id"].tolist()
    found = layer(
        "findings",
        {
            "segment_id": [ids[0], ids[0], ids[0], ids[1]],
            "severity": [2, 1, 3, 2],
            "state": ["open", "open", "accepted", "open"],
            "check_id": "A01",
            "message_sv": "Vad är det?",
            "message_en": "What is it?",
        },
    )
    maproulette.write(
        {"findings": found, "segments": ways}, tmp_path / "t.json", areas.load("karlskrona")
    )
    told = orjson.loads((tmp_path / "t.json").read_bytes())["features"]
    assert [task["properties"]["@id"] for task in told] == ["way/1"]
    assert told[0]["properties"]["instruction"] == "Titta på platsen: Vad är det?"
    assert 14 < told[0]["geometry"]["coordinates"][0][0] < 17
