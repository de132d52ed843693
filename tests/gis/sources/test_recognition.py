"""Is the kind of a delivered file known by its content?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import pytest
from shapely import LineString

from gis import sources
from gis.errors import SourceError
from gis.sources import osm
from tests.gis.osmtext import line

if TYPE_CHECKING:
    from pathlib import Path


def vector(path: Path, column: str, layer: str = "data") -> Path:
    frame = gpd.GeoDataFrame({column: [1]}, geometry=[LineString([(0, 0), (1, 1)])], crs=3006)
    frame.to_file(path, layer=layer)
    return path


@pytest.mark.parametrize(
    ("column", "layer", "kind"),
    [
        ("Gcm_typ", "data", "nvdb"),
        ("GCM_t_502", "data", "nvdb"),
        ("x", "GCM_vagtyp", "nvdb"),
        ("x", "NVDB-Datavalideringar", "nvdb-check"),
        ("sent_segment_id", "observations", "marks"),
        ("vejklasse", "data", "table"),
    ],
)
def test_vector_files(tmp_path: Path, column: str, layer: str, kind: str) -> None:
    assert sources.recognise(vector(tmp_path / "a.gpkg", column, layer)) == kind


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        ("a.csv", "Olycksnummer;Olyckstyp\n1;C\n", "accidents"),
        ("a.csv", "\ufeffolycksnummer,x\n", "accidents"),
        ("a.csv", "id,vejklasse\n", "table"),
        ("a.osm", line(("highway", "path")).xml(), "osm"),
        ("a.json", '{"version": 0.6, "elements": []}', "osm"),
        ("broken.osm", "hello", "osm"),
    ],
)
def test_text_files(tmp_path: Path, name: str, text: str, kind: str) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    assert sources.recognise(path) == kind
    assert kind in sources.KINDS


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.exe", b"MZ"), ("a.gpkg", b"hello"), ("a.csv", b""), ("a.zip", b"PK\x03\x04 cut off")],
)
def test_what_cannot_be_opened_is_refused(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(SourceError, match=name):
        sources.recognise(path)


def test_reading_recognises_by_itself(tmp_path: Path) -> None:
    path = line(("highway", "path")).save(tmp_path)
    found = sources.read(path)
    kept = sources.read_bytes(path.read_bytes(), file_name="../town.osm", kind="osm")
    for reading in (found, kept):
        assert isinstance(reading, sources.Reading)
        assert reading.ways.equals(osm.read(path).ways)


@pytest.mark.parametrize("kind", ["reading", "os", "../osm", "weather"])
def test_an_unknown_kind_is_refused(tmp_path: Path, kind: str) -> None:
    with pytest.raises(SourceError, match="no reader"):
        sources.read(line(("highway", "path")).save(tmp_path), kind=kind)
