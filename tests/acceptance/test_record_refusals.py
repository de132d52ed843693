"""Does every command refuse a store that is not whole: exit 3, one sentence, nothing changed?"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final

import apsw
import numpy as np
import pytest

from api.cli import build
from gis import areas, inventory
from gis.cli.common import run
from gis.exports import export
from gis.marks import packet
from gis.store import create_store, open_store
from gis.store.head import beside
from gis.store.holding import hold
from tests.acceptance.record_world import dice, mark, size
from tests.gis import osmtext

if TYPE_CHECKING:
    from collections.abc import Callable

PAGE: Final = 4096
PAGES: Final = size(6, 60)
GCVAG: Final = Path(sys.executable).parent / "gcvag"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a small inventory with some marks, and the project that went out to QGIS."""
    folder = tmp_path_factory.mktemp("built")
    town = osmtext.line(("highway", "footway"))
    with closing(create_store(folder / "town.gpkg", areas.load("karlskrona").to_json())) as store:
        inventory.import_file(store, town.save(folder))
        inventory.update(store)
        export(store, "qfield", folder / "falt")
        rng = dice(1)
        store.append([mark(rng) for _ in range(40)])
    return folder


@pytest.fixture
def town(built: Path, tmp_path: Path) -> Path:
    """Give a copy of the store that a test may spoil."""
    return Path(shutil.copytree(built, tmp_path / "town")) / "town.gpkg"


def told(*words: str | Path) -> int:
    """Run a command in this process and give its exit code."""
    try:
        run(build("en"), [str(word) for word in words], "en")
    except SystemExit as left:
        return int(left.code or 0)
    return 0


def digests(folder: Path) -> dict[str, str]:
    """Digest every file but the empty ones that SQLite leaves beside a file it looked at."""
    return {
        path.name: sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.endswith(("-shm", "-wal"))
    }


def every(town: Path) -> list[list[str | Path]]:
    """List commands that read a store and commands that write it."""
    out = town.parent.parent / "out"
    return [
        ["verify", town],
        ["status", town],
        ["import", town, town.parent / "town.osm"],
        ["update", town],
        ["export", town, "geojson", "-o", out / "x.geojson"],
        ["map", town, "inventory", "-o", out / "x.html"],
        ["backup", town, "-o", out / "kept"],
        ["token", "add", town, "ann"],
        ["serve", town, "--port", "1"],
    ]


def sql(*statements: str) -> Callable[[Path], object]:
    """Change a store as another program would."""

    def spoil(town: Path) -> None:
        with closing(apsw.Connection(str(town))) as other:
            for statement in statements:
                other.execute(statement)

    return spoil


def without_wal(town: Path) -> None:
    """Leave the write-ahead log of a store in use behind, as a copy of the file alone does."""
    copy = town.with_name("copy.gpkg")
    with closing(open_store(town)) as store:
        store.append([mark(dice(2))])
        shutil.copy(town, copy)
    copy.replace(town)


def page(number: int) -> Callable[[Path], object]:
    """Write nonsense over one page."""

    def spoil(town: Path) -> None:
        with town.open("r+b") as file:
            file.seek(PAGE * number)
            file.write(b"\xff" * PAGE)

    return spoil


SPOILS: Final[dict[str, tuple[Callable[[Path], object], str]]] = {
    "newer version": (
        sql("UPDATE store_meta SET value = '99' WHERE key = 'schema'"),
        "newer gcvag",
    ),
    "missing WAL": (without_wal, "-wal file is missing"),
    "corrupt first page": (page(0), "is damaged"),
    "half a file": (lambda town: os.truncate(town, PAGE * 3), "is damaged"),
    "layer taken out": (sql("DROP TABLE json_segments", "DROP TABLE segments"), "missing"),
    "field renamed": (sql("ALTER TABLE revision RENAME COLUMN body TO b"), "missing or was"),
    "trigger added": (
        sql("CREATE TRIGGER spy AFTER INSERT ON item BEGIN DELETE FROM token; END"),
        "spy was added",
    ),
    "view added": (sql("CREATE VIEW spy AS SELECT * FROM token"), "spy was added"),
    "trigger taken out": (sql("DROP TRIGGER revision_no_delete"), "revision_no_delete"),
}


@pytest.mark.parametrize("name", SPOILS)
def test_a_store_that_is_not_whole_is_refused_by_every_command(
    town: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    spoil, why = SPOILS[name]
    spoil(town)
    before = digests(town.parent)
    for words in every(town):
        assert told(*words) == 3, words
        said = capsys.readouterr()
        assert why in said.err, words
        assert len(said.err.splitlines()) == 1 or words[0] == "verify", words
        assert said.out == ""
    assert digests(town.parent) == before
    assert not (town.parent.parent / "out").exists()


def test_a_corrupt_page_anywhere_is_told_and_never_copied(
    town: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pages = town.stat().st_size // PAGE
    for number in sorted(dice(3).choice(np.arange(1, pages), PAGES, replace=False).tolist()):
        copy = Path(shutil.copytree(town.parent, town.parent.parent / str(number))) / town.name
        page(number)(copy)
        before = digests(copy.parent)
        for words in every(copy)[:1] + every(copy)[6:7]:
            assert told(*words) == 3, (number, words)
            assert "Traceback" not in capsys.readouterr().err
        assert digests(copy.parent) == before
        assert list((town.parent.parent / "out").rglob("*.gpkg*")) == []


def test_a_folder_that_cannot_be_written_is_named(town: Path) -> None:
    """In a process of its own, and by root without the right to write anywhere."""
    before = digests(town.parent)
    town.parent.chmod(0o555)
    for file in town.parent.iterdir():
        file.chmod(0o555 if file.is_dir() else 0o444)
    plain = ["setpriv", "--bounding-set=-dac_override"] if os.geteuid() == 0 else []
    words = [*plain, str(GCVAG), "--lang", "en", "token", "add", str(town), "ann"]
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=60)
    town.parent.chmod(0o755)
    assert (done.returncode, len(done.stderr.splitlines())) == (3, 1), done.stderr
    assert "cannot be written" in done.stderr
    assert digests(town.parent) == before


def test_a_network_share_is_refused(
    town: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("gis.store.doors.file_system", lambda *_: "nfs4")
    before = digests(town.parent)
    new: list[str | Path] = ["init", town.with_name("new.gpkg"), "--area", "karlskrona"]
    for words in [*every(town), new]:
        assert told(*words) == 3, words
        assert "network share (nfs4)" in capsys.readouterr().err
    assert digests(town.parent) == before


def test_a_second_server_is_refused(town: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = digests(town.parent)
    held = hold(beside(str(town), "serve"), "served by another process")
    try:
        assert told("serve", town, "--port", "1") == 3
    finally:
        os.close(held)
    assert "served by another process" in capsys.readouterr().err
    assert digests(town.parent) == before | {"town.gpkg.serve": sha256(b"").hexdigest()}


RETURNED: Final[dict[str, tuple[Callable[[Path], object], str]]] = {
    "layer deleted": (
        sql(
            "DELETE FROM gpkg_geometry_columns WHERE table_name = 'findings'",
            "DELETE FROM gpkg_ogr_contents WHERE table_name = 'findings'",
            "DELETE FROM gpkg_contents WHERE table_name = 'findings'",
            "DROP TABLE findings",
        ),
        "the layer findings is gone",
    ),
    "field renamed": (
        sql(f"ALTER TABLE {packet.MARKS} RENAME COLUMN width_m TO bredd"),
        "the field width_m",
    ),
    "trigger added": (
        sql("CREATE TRIGGER spy AFTER INSERT ON findings BEGIN SELECT 1; END"),
        "the trigger spy",
    ),
    "view added": (sql("CREATE VIEW spy AS SELECT 1"), "the view spy"),
}


@pytest.mark.parametrize("name", RETURNED)
def test_a_file_that_came_back_rebuilt_is_refused(
    town: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    spoil, why = RETURNED[name]
    file = town.parent / "falt" / packet.FILE
    spoil(file)
    before = digests(town.parent)
    assert told("import", town, file) == 3
    assert why in capsys.readouterr().err
    assert digests(town.parent) == before
