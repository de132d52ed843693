"""Do the commands do the real job, from outside, on the real sample?"""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import subprocess
import sys
from pathlib import Path

import osmium
import pyogrio
import pytest
from pyproj import Geod

from gis.settings import data_dir

GCVAG = Path(sys.executable).parent / "gcvag"
SAMPLE = data_dir() / "samples" / "helsinki" / "Helsinki.osm.pbf"
PATHS = 1422
"""Ways of the sample with a highway of the path network, counted by pyosmium."""
CUT_OFF = 34
"""Those of which the extract holds one node only: they have no line and are named as faults."""


def gcvag(*words: str | Path, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Run one command as a user would."""
    return subprocess.run(
        [str(GCVAG), *map(str, words)], input=stdin, capture_output=True, check=False, timeout=120
    )


def lines_of(ways: set[str]) -> list[list[tuple[float, float]]]:
    """Read the lines of ways with pyosmium alone."""
    every = osmium.FileProcessor(SAMPLE, osmium.osm.NODE | osmium.osm.WAY).with_locations()
    return [
        [(node.lon, node.lat) for node in thing.nodes if node.location.valid()]
        for thing in every
        if isinstance(thing, osmium.osm.Way) and f"osm:way/{thing.id}" in ways
    ]


def length_m(line: list[tuple[float, float]]) -> float:
    """Measure a line on the ellipsoid."""
    east, north = [point[0] for point in line], [point[1] for point in line]
    return float(Geod(ellps="GRS80").line_length(east, north))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a store made of the sample by commands alone."""
    path = tmp_path_factory.mktemp("store") / "helsinki.gpkg"
    assert gcvag("init", path, "--area", "helsinki").returncode == 0
    done = gcvag("import", path, SAMPLE, "--json")
    assert done.returncode == 0, done.stderr.decode()
    assert json.loads(done.stdout)["new"] is True
    return path


def test_every_way_of_the_path_network_is_there_with_its_length(store: Path) -> None:
    kinds = {"cycleway", "footway", "path", "pedestrian", "steps", "track", "bridleway"}
    ways = {
        f"osm:way/{way.id}"
        for way in osmium.FileProcessor(SAMPLE, osmium.osm.WAY)
        if way.tags.get("highway") in kinds
    }
    assert len(ways) == PATHS
    table = pyogrio.read_dataframe(store, layer="segments", read_geometry=False)
    held = {source for ids in table["source_ids"] for source in json.loads(ids)}
    read = json.loads(gcvag("import", store, SAMPLE, "--dry-run", "--json").stdout)
    unread = {f["feature"] for f in read["faults"] if f["fault"] == "too_few_nodes"}
    assert ways - held == ways & unread
    assert len(ways - held) == CUT_OFF
    mine = table["source_ids"].map(lambda ids: json.loads(ids)[0]).isin(ways)
    drawn_m = table.loc[mine & table["side"].eq("none"), "length_m"].sum()
    assert drawn_m == pytest.approx(sum(map(length_m, lines_of(ways))), rel=0.01)


def test_every_segment_has_class_rule_and_reason_in_both_languages(store: Path) -> None:
    table = pyogrio.read_dataframe(store, layer="segments", read_geometry=False)
    for column in ("path_class", "rule", "reason_sv", "reason_en", "confidence", "status"):
        assert table[column].str.len().gt(0).all(), column
    assert not table["reason_sv"].str.contains(r"[{}]", regex=True).any()
    assert not table["reason_en"].eq(table["reason_sv"]).any()


def test_status_adds_up(store: Path) -> None:
    told = json.loads(gcvag("status", store, "--json").stdout)
    for key in ("classes", "confidence", "status"):
        assert sum(row["count"] for row in told[key]) == told["coverage"]["segments"]
    assert told["coverage"]["questions"] + told["coverage"]["contradictions"] < PATHS / 5
    assert told["imports"][0]["file"] == "Helsinki.osm.pbf"


def test_the_same_file_again_changes_nothing(store: Path) -> None:
    again = gcvag("import", store, SAMPLE, "--json")
    assert json.loads(again.stdout)["new"] is False


def test_an_update_that_was_left_out_is_made_up_for_and_said(store: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.gpkg"
    gcvag("init", again, "--area", "helsinki")
    gcvag("import", again, SAMPLE, "--no-update")
    said = gcvag("import", again, SAMPLE).stdout.decode()
    told = json.loads(gcvag("status", store, "--json").stdout)
    assert "ingen ny leverans" in said
    assert str(told["coverage"]["segments"]) in said.replace("\N{NO-BREAK SPACE}", "")


def test_explain_tells_evidence_in_both_languages(store: Path) -> None:
    table = pyogrio.read_dataframe(store, layer="segments", read_geometry=False)
    segment_id = table.loc[table["severity"].eq(3), "segment_id"].iloc[0]
    swedish = gcvag("explain", store, segment_id).stdout.decode()
    english = gcvag("--lang", "en", "explain", store, segment_id).stdout.decode()
    assert "Skäl:" in swedish
    assert "Reason:" in english
    told = json.loads(gcvag("explain", store, segment_id, "--json").stdout)
    assert told["evidence"]
    assert any(finding["severity"] == 3 for finding in told["findings"])


def test_decide_answers_every_line() -> None:
    good = [
        {"id": 1, "osm": {"highway": "cycleway", "foot": "designated", "segregated": "yes"}},
        {"id": "två", "signs": ["SE:D5"], "osm": {"highway": "footway"}},
        {"nvdb": {"Gcm_typ": "110"}},
        {},
    ]
    bad = [b"", b"[1]", b"{", b'"text"', b'{"id": NaN}', b"\xff\xfe"]
    lines = [json.dumps(row).encode() for row in good]
    mixed = [line for pair in zip(lines, bad, strict=False) for line in pair] + bad[4:]
    done = gcvag("decide", stdin=b"\n".join(mixed) + b"\n")
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 1
    assert len(answers) == len(mixed)
    assert [a["path_class"] for a in answers if "error" not in a] == [
        "gc_atskild", "gangbana", "cykelbana", "okand",
    ]  # fmt: skip
    assert sum("error" in a for a in answers) == len(bad)


@pytest.mark.parametrize("kind", ["cyclist", "driver", "school"])
def test_sites_are_the_same_by_seed_and_have_reasons(store: Path, kind: str) -> None:
    words = ("sites", store, "--kind", kind, "-n", "3", "--seed", "1", "--json")
    one, two = (json.loads(gcvag(*words).stdout) for _ in range(2))
    assert one["sites"] == two["sites"]
    assert all(site["reasons"] for site in one["sites"] + one["unclear"])
    assert one["sites"] or one["unclear"]


def test_promises_have_every_row_of_the_table(store: Path) -> None:
    told = json.loads(gcvag("promises", store, "--year", "2026", "--json").stdout)
    with (data_dir() / "rules" / "promise.csv").open(encoding="utf-8") as file:
        rows = [row["id"] for row in csv.DictReader(file)]
    assert [row["id"] for row in told["promises"]] == rows


def test_exports_hold_the_same_rows(store: Path, tmp_path: Path) -> None:
    for name in ("gpkg", "geojson", "csv"):
        done = gcvag("export", store, name, "-o", tmp_path / f"out.{name}", "--class", "cykelbana")
        assert done.returncode == 0, done.stderr.decode()
    table = pyogrio.read_dataframe(tmp_path / "out.gpkg", layer="segments")
    lines = json.loads((tmp_path / "out.geojson").read_text(encoding="utf-8"))
    rows = list(csv.DictReader(io.StringIO((tmp_path / "out.csv").read_text("utf-8-sig"))))
    assert len(table) == len(lines["features"]) == len(rows) > 10
    assert "OpenStreetMap" in lines["attribution"][0]
    assert "OpenStreetMap" in rows[0]["attribution"]
    assert {f["id"] for f in lines["features"]} == {row["segment_id"] for row in rows}


@pytest.mark.parametrize("name", ["inventory", "review", "sites", "promises"])
def test_each_map_is_one_file_without_an_address(store: Path, tmp_path: Path, name: str) -> None:
    file = tmp_path / f"{name}.html"
    assert gcvag("map", store, name, "-o", file).returncode == 0
    html = file.read_text(encoding="utf-8")
    assert file.stat().st_size < 6_000_000
    assert re.findall(r"""(?:src=|<link[^>]+href=)["']?(?:https?:)?//""", html) == []
    assert re.findall(r"url\(['\"]?(?:https?:)?//", html) == []


@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("empty.osm.pbf", b"", id="nought bytes"),
        pytest.param("half.osm.pbf", SAMPLE.read_bytes()[:5000], id="truncated"),
        pytest.param("text.osm", b"this is no map", id="no OSM"),
        pytest.param("open.osm", b"<osm version='0.6'><way id='1'>", id="open XML"),
        pytest.param("half.osm.gz", gzip.compress(b"<osm version='0.6'/>" * 99)[:20], id="gzip"),
        pytest.param("other.json", b'{"type": "FeatureCollection"}', id="GeoJSON"),
        pytest.param("photo.jpg", b"\xff\xd8\xff\xe0", id="a photo"),
    ],
)
def test_a_bad_file_is_refused_in_one_line_and_leaves_nothing(
    store: Path, tmp_path: Path, name: str, content: bytes
) -> None:
    before = gcvag("status", store, "--json").stdout
    path = tmp_path / name
    path.write_bytes(content)
    done = gcvag("import", store, path)
    message = done.stderr.decode().strip()
    assert done.returncode == 1, message
    assert len(message.splitlines()) == 1
    assert name in message
    assert gcvag("status", store, "--json").stdout == before


def test_a_store_that_is_none_ends_3(tmp_path: Path) -> None:
    path = tmp_path / "no.gpkg"
    assert gcvag("status", path).returncode == 3
    path.write_bytes(b"SQLite format 3\x00")
    done = gcvag("status", path)
    assert done.returncode == 3
    assert len(done.stderr.decode().strip().splitlines()) == 1


def test_a_store_is_never_made_twice(store: Path) -> None:
    done = gcvag("init", store, "--area", "helsinki")
    assert done.returncode == 3
    assert gcvag("verify", store).returncode == 0


def test_usage_ends_2_and_help_has_an_example() -> None:
    assert gcvag("status").returncode == 2
    assert gcvag("nonsense").returncode == 2
    listed = gcvag("--help").stdout.decode()
    for command in ("init", "import", "update", "status", "explain", "decide", "map", "export"):
        assert command in listed
        assert f"gcvag {command}" in gcvag(command, "--help").stdout.decode()


def test_the_tables_are_sound() -> None:
    assert gcvag("tables", "--check").returncode == 0


def test_karlskrona_starts_empty(tmp_path: Path) -> None:
    path = tmp_path / "karlskrona.gpkg"
    assert gcvag("init", path, "--area", "karlskrona").returncode == 0
    told = json.loads(gcvag("status", path, "--json").stdout)
    assert told["coverage"]["segments"] == 0
    assert told["imports"] == []


def test_accounts_and_keys_are_made_listed_and_closed(tmp_path: Path) -> None:
    path = tmp_path / "karlskrona.gpkg"
    gcvag("init", path, "--area", "karlskrona")
    words = ("user", "add", path, "anna", "--role", "planner", "--password-stdin")
    assert gcvag(*words, stdin=b"kort\n").returncode == 1
    made = gcvag(*words, stdin="ett långt lösenord 2026\n".encode())
    assert made.returncode == 0, made.stderr.decode()
    assert b"anna" in made.stdout
    token = gcvag("token", "add", path, "anna").stdout.decode().strip()
    (listed,) = json.loads(gcvag("token", "list", path, "--json").stdout)
    assert listed["active"]
    assert token not in json.dumps(listed)
    assert gcvag("token", "revoke", path, listed["token_id"]).returncode == 0
    assert not json.loads(gcvag("token", "list", path, "--json").stdout)[0]["active"]
    assert gcvag("user", "disable", path, "anna").returncode == 0
    assert json.loads(gcvag("user", "list", path, "--json").stdout) == [
        {"name": "anna", "role": "planner", "active": False}
    ]


def test_a_store_is_backed_up_restored_and_verified(store: Path, tmp_path: Path) -> None:
    assert gcvag("backup", store, "-o", tmp_path / "copies").returncode == 0
    again = tmp_path / "again.gpkg"
    done = gcvag("restore", tmp_path / "copies", again)
    assert done.returncode == 0, done.stderr.decode()
    assert gcvag("verify", again).returncode == 0
    one, two = (json.loads(gcvag("status", path, "--json").stdout) for path in (store, again))
    assert one["classes"] == two["classes"]
