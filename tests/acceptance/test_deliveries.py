"""Do deliveries other than OpenStreetMap come in by command and end in classes?

Every file here is GENERATED, with the word SYNTETISK in its name: no real delivery could be had.
"""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pyogrio
import pytest

from gis import areas
from gis.deliveries import Told, import_file
from gis.errors import SourceError
from gis.store import create_store

ROOT = Path(__file__).resolve().parent.parent.parent
GCVAG = Path(sys.executable).parent / "gcvag"
AREA = """
id = "syntetisk"
name = "Syntetisk stad"
country = "SE"
crs = 3006
bbox = [15.0, 55.5, 17.0, 57.0]
"""
SHAPES = (
    "SYNTETISK_nvdb_per_produkt.gpkg",
    "SYNTETISK_nvdb_shape.zip",
    "SYNTETISK_nvdb_homogeniserad.gpkg",
)


def gcvag(*words: str | Path) -> str:
    """Run one command that must end well."""
    done = subprocess.run(
        [str(GCVAG), *map(str, words)], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with deliveries of all three shapes and an area for them."""
    made = tmp_path_factory.mktemp("SYNTETISK")
    tool = ROOT / "tools" / "make_deliveries.py"
    subprocess.run([sys.executable, str(tool), str(made)], check=True, capture_output=True)
    (made / "area.toml").write_text(AREA, encoding="utf-8")
    return made


@pytest.mark.parametrize("name", SHAPES)
def test_an_nvdb_delivery_becomes_classes_with_its_measures(
    folder: Path, tmp_path: Path, name: str
) -> None:
    store = tmp_path / "s.gpkg"
    gcvag("init", store, "--area", folder / "area.toml")
    told = json.loads(gcvag("import", store, folder / name, "--json"))
    assert (told["kind"], told["counts"]["lines"]) == ("nvdb", 16)
    rows = pyogrio.read_dataframe(store, layer="segments", read_geometry=False)
    assert set(rows["path_class"]) >= {"cykelbana", "gc_gemensam", "gc_atskild", "gangbana"}
    assert rows["confidence"].isin(["low", "none"]).all()
    assert rows["element_id"].notna().all()
    assert rows["source_ids"].str.contains("nvdb:").all()
    assert rows["reason_sv"].str.contains("NVDB").sum() >= 10


def test_a_table_comes_in_through_a_mapping_that_the_product_drafts(
    folder: Path, tmp_path: Path
) -> None:
    store, table = tmp_path / "s.gpkg", tmp_path / "SYNTETISK_banor.geojson"
    line = {"type": "LineString", "coordinates": [[15.60, 56.17], [15.61, 56.17]]}
    properties = {"nr": 7, "slag": "Cykelsti", "bredd": 2.5}
    feature = {"type": "Feature", "geometry": line, "properties": properties}
    table.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    assert "slag" in gcvag("import", "--explain-mapping", table)
    mapping = tmp_path / "banor.toml"
    mapping.write_text(
        'source = "staden"\nid = "nr"\nkind = "path"\n'
        '[path_class]\ncolumn = "slag"\nCykelsti = "cykelbana"\n'
        '[width_m]\ncolumn = "bredd"\n'
    )
    gcvag("init", store, "--area", folder / "area.toml")
    gcvag("import", store, table, "--mapping", mapping)
    (row,) = pyogrio.read_dataframe(store, layer="segments", read_geometry=False).to_dict("records")
    assert (row["path_class"], row["width_m"]) == ("cykelbana", 2.5)
    assert json.loads(row["source_ids"]) == ["staden:7"]


def lines_file(path: Path, lengths: dict[str, int]) -> Path:
    """Write synthetic lines, each so many hundredths of a degree long, one above the other."""
    features = [
        {
            "type": "Feature",
            "geometry": {
                "type": "LineString",
                "coordinates": [[15.60, 56.17 + n / 100], [15.60 + size / 1000, 56.17 + n / 100]],
            },
            "properties": {"nr": n, "slag": kind},
        }
        for n, (kind, size) in enumerate(lengths.items())
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


def test_a_delivery_that_shortens_a_class_says_so_and_a_sign_in_a_photo_is_a_question(
    folder: Path, tmp_path: Path
) -> None:
    store, mapping = tmp_path / "s.gpkg", tmp_path / "banor.toml"
    mapping.write_text(
        'source = "staden"\nid = "nr"\nkind = "path"\n'
        '[path_class]\ncolumn = "slag"\nC = "cykelbana"\nG = "gangbana"\n'
    )
    gcvag("init", store, "--area", folder / "area.toml")
    first = lines_file(tmp_path / "SYNTETISK_a.geojson", {"C": 40, "G": 30})
    told = json.loads(gcvag("import", store, first, "--mapping", mapping, "--json"))
    assert told["update"]["drifts"] == []
    second = lines_file(tmp_path / "SYNTETISK_b.geojson", {"C": 20, "G": 31})
    said = gcvag("import", store, second, "--mapping", mapping)
    assert "Längden för Cykelbana (påbjuden) har ändrats −50 %" in said
    assert "Gångbana" not in said
    seen = tmp_path / "SYNTETISK_foton.csv"
    seen.write_text(
        "id;lat;lon;object_value\n"
        "1;56.18001;15.605;regulatory--shared-path-pedestrians-and-bicycles--g1\n"
        "2;56.17001;15.605;regulatory--bicycles-only--g1\n"
    )
    detected = tmp_path / "foton.toml"
    detected.write_text(
        'source = "foton"\ncrs = 4326\nid = "id"\n[detected_class]\ncolumn = "object_value"\n'
        'regulatory--shared-path-pedestrians-and-bicycles--g1 = "gc_gemensam"\n'
        'regulatory--bicycles-only--g1 = "cykelbana"\n'
    )
    gcvag("import", store, seen, "--mapping", detected)
    found = pyogrio.read_dataframe(store, layer="findings", read_geometry=False)
    (row,) = found[found["check_id"].eq("E08")].to_dict("records")
    assert row["severity"] == 2
    assert row["message_sv"].startswith("En bild visar en skylt för")
    assert "inventeringen säger Gångbana (friliggande" in row["message_sv"]
    segments = pyogrio.read_dataframe(store, layer="segments", read_geometry=False)
    kept = segments[segments["status"].ne("retired")]
    assert sorted(kept["path_class"]) == ["cykelbana", "gangbana"]


ACCIDENTS = (
    "Olycksnummer;Olyckstyp;År;Latitud;Longitud\n"
    "KANARIE-71;C;2024;56.1614;15.5892\nKANARIE-72;G3;2025;56.1620;15.5900\n"
)
"""Made up, shaped like an export of STRADA."""


def test_accidents_never_reach_the_public_store_even_when_nobody_says_what_they_are(
    folder: Path, tmp_path: Path
) -> None:
    store, table = tmp_path / "s.gpkg", tmp_path / "SYNTETISK_strada.csv"
    table.write_text(ACCIDENTS, encoding="utf-8-sig")
    gcvag("init", store, "--area", folder / "area.toml")
    told = json.loads(gcvag("import", store, table, "--json"))
    assert (told["kind"], told["new"]) == ("accidents", True)
    assert json.loads(gcvag("status", store, "--json"))["imports"] == []
    public = [path for path in tmp_path.glob("s.gpkg*") if path.is_file()]
    assert not any(b"KANARIE" in path.read_bytes() for path in public)
    assert (tmp_path / "s.police.gpkg").exists()
    gcvag("sites", store, "--kind", "cyclist", "-n", "1", "--seed", "1")
    assert json.loads(gcvag("promises", store, "--json"))["promises"]


def test_a_public_store_refuses_accidents_itself(folder: Path, tmp_path: Path) -> None:
    table = tmp_path / "SYNTETISK_strada.csv"
    table.write_text(ACCIDENTS, encoding="utf-8-sig")
    profile = areas.load(str(folder / "area.toml")).to_json()
    with closing(create_store(str(tmp_path / "s.gpkg"), profile)) as store:
        with pytest.raises(SourceError, match="police store"):
            import_file(store, table, Told(kind="accidents"))
        assert store.deliveries() == []
