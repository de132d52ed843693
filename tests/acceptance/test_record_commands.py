"""Do the commands that look after a store do the same to a file and to a database?"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from api.cli import build
from gis.store.postgis.server import connect
from tests.acceptance.record_world import SOAK
from tests.acceptance.test_commands import SAMPLE
from tests.acceptance.test_record_refusals import told as left
from tests.gis import osmtext

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cluster import Cluster


def told(*words: str | Path) -> str:
    """Run a command that must succeed and give what it prints."""
    done = CliRunner().invoke(build("en"), list(map(str, words)), catch_exceptions=False)
    assert done.exit_code == 0, done.stderr
    return done.stdout


def figures(store: str | Path) -> object:
    """Read the figures of a store besides those of its imports."""
    said = json.loads(told("status", store, "--json"))
    return {key: said[key] for key in said if key != "imports"}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Give a delivery: a small town, or the sample at full size."""
    return SAMPLE if SOAK else osmtext.line(("highway", "footway")).save(tmp_path)


def test_a_store_in_a_database_goes_to_a_file_and_back(
    postgres: Cluster, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GCVAG_KEYS", str(tmp_path / "keys"))
    first, again, secret = postgres.database(), postgres.database(), postgres.database()
    told("init", first, "--area", "karlskrona")
    told("import", first, file)
    told("sites", first, "--police-store", secret, "--kind", "cyclist", "--seed", "1")
    told("verify", first, "--police-store", secret)
    kept = tmp_path / "kept"
    told("backup", first, "-o", kept, "--keep", "--police-store", secret)
    assert len(list(kept.glob("*.gpkg"))) == 1
    assert len(list((tmp_path / "kept.police").glob("*.gpkg"))) == 1
    place, police = tmp_path / "town.gpkg", tmp_path / "town.police.gpkg"
    told("restore", kept, place, "--police-store", police)
    said = json.loads(told("verify", place, "--police-store", police, "--json"))
    assert (said["faults"], said["police"]["faults"]) == ([], [])
    told("backup", place, "-o", tmp_path / "more")
    told("restore", tmp_path / "more", again)
    assert figures(first) == figures(place) == figures(again)


def test_a_database_is_backed_up_before_each_import_and_an_altered_one_is_refused(
    postgres: Cluster,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = osmtext.line(("highway", "footway")).save(tmp_path)
    monkeypatch.setenv("GCVAG_KEYS", str(tmp_path / "keys"))
    place = postgres.database()
    told("init", place, "--area", "karlskrona")
    told("import", place, file, "--no-update")
    before = len(list((tmp_path / "keys").rglob("*.manifest.json")))
    told("import", place, file, "--no-update", "--source", "again")
    assert len(list((tmp_path / "keys").rglob("*.manifest.json"))) == before + 1
    with connect(place) as other:
        other.execute(b"ALTER TABLE revision DISABLE TRIGGER revision_no_change")
    out = tmp_path / "out"
    for words in (
        ["verify", place],
        ["status", place],
        ["update", place],
        ["import", place, file],
        ["backup", place, "-o", out],
        ["export", place, "geojson", "-o", out],
        ["token", "add", place, "ann"],
        ["serve", place, "--port", "1"],
    ):
        assert left(*words) == 3, words
        assert "was altered" in capsys.readouterr().err, words
    assert not out.exists()


def test_a_backup_never_takes_the_police_store_unless_it_is_named(
    file: Path, tmp_path: Path
) -> None:
    store = tmp_path / "town.gpkg"
    told("init", store, "--area", "karlskrona")
    told("import", store, file)
    told("sites", store, "--kind", "cyclist", "--seed", "424242")
    assert (tmp_path / "town.police.gpkg").exists()
    told("backup", store, "-o", tmp_path / "kept")
    assert not (tmp_path / "kept.police").exists()
    assert not [p for p in (tmp_path / "kept").iterdir() if b"424242" in p.read_bytes()]


def test_old_backups_go_only_when_asked(file: Path, tmp_path: Path) -> None:
    store, kept = tmp_path / "town.gpkg", tmp_path / "kept"
    told("init", store, "--area", "karlskrona")
    told("import", store, file, "--no-update")
    told("backup", store, "-o", kept)
    (manifest,) = kept.glob("*.manifest.json")
    said = json.loads(manifest.read_text(encoding="utf-8"))
    manifest.write_text(json.dumps({**said, "at": "2020-01-01T00:00:00.000000Z"}), encoding="utf-8")
    told("backup", store, "-o", kept)
    assert len(list(kept.glob("*.manifest.json"))) == 2
    told("backup", store, "-o", kept, "--keep")
    assert manifest not in list(kept.glob("*.manifest.json"))
    assert len(list(kept.glob("*.manifest.json"))) == 2
