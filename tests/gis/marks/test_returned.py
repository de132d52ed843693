"""Do the marks of a file that came back from QGIS come in once, whole, or with a reason not?"""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely

from gis import areas, inventory
from gis.errors import SourceError, StoreError
from gis.exports import Cut, export
from gis.inventory import Told, kind_of, returned
from gis.inventory.returned import import_marks, look_at_marks
from gis.marks import packet
from gis.marks.returned import operations
from gis.store import create_store, open_store
from tests.gis import osmtext

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gis.store import Store

EAST_M, NORTH_M = 536_100.0, 6_224_050.0


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with a small store and its project, made once."""
    folder = tmp_path_factory.mktemp("made")
    town = osmtext.line(("highway", "footway"))
    path = str(folder / "town.gpkg")
    with closing(create_store(path, areas.load("karlskrona").to_json())) as store:
        inventory.import_file(store, town.save(folder))
        inventory.update(store)
        export(store, "qfield", folder / "falt")
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    """Give a copy of both."""
    return shutil.copytree(made, tmp_path / "copy")


@pytest.fixture
def store(folder: Path) -> Iterator[Store]:
    """Give the store, opened."""
    with closing(open_store(str(folder / "town.gpkg"))) as opened:
        yield opened


@pytest.fixture
def file(folder: Path) -> Path:
    """Give the project's file."""
    return folder / "falt" / packet.FILE


@pytest.fixture
def segment_id(file: Path) -> str:
    """Give the only segment."""
    return str(pyogrio.read_dataframe(file, layer="segments")["segment_id"].iloc[0])


def fill(file: Path, *rows: dict[str, Any]) -> None:
    """Write rows into the layer of marks, as QGIS does."""
    plain = pd.DataFrame(list(rows)).reindex(columns=list(packet.COLUMNS))
    plain = plain.astype(
        dict.fromkeys(set(packet.COLUMNS) - {*packet.NUMBERS, packet.VERSION}, "str")
    )
    plain = plain.astype(dict.fromkeys(packet.NUMBERS, "float64") | {packet.VERSION: "Int64"})
    points = gpd.GeoSeries([shapely.Point(EAST_M, NORTH_M)] * len(plain), crs=3006)
    pyogrio.write_dataframe(
        gpd.GeoDataFrame(plain, geometry=points), file, layer=packet.MARKS, append=True
    )


def change(file: Path, *sentences: str) -> None:
    """Change a file behind everybody's back."""
    with closing(sqlite3.connect(file)) as opened:
        for name in ("ST_IsEmpty", "ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY"):
            opened.create_function(name, 1, lambda _: 0)
        for sentence in sentences:
            opened.execute(sentence)
        opened.commit()


def mark(segment_id: str, **told: object) -> dict[str, Any]:
    """Give the row of a mark."""
    return {"segment_id": segment_id, "base_version": 1, "path_class": "gangbana"} | told


def results(store: Store, file: Path, author: str = "a1") -> list[str]:
    """Import a file and give what became of its rows."""
    return [row.result for row in import_marks(store, file, author=author).rows]


def draw(file: Path, line: shapely.LineString, segment_id: str | None) -> None:
    """Draw the line of a segment anew as QGIS does, or a line without a segment."""
    rows = pyogrio.read_dataframe(file, layer="segments")
    if segment_id is None:
        new = rows.iloc[:1].set_geometry([line], crs=rows.crs)
        new = new.assign(segment_id=None, line_sent=None)
        pyogrio.write_dataframe(new, file, layer="segments", append=True)
        return
    own = rows["segment_id"].eq(segment_id)
    pyogrio.write_dataframe(
        rows.set_geometry(rows.geometry.mask(own, line)), file, layer="segments", driver="GPKG"
    )


def test_a_line_drawn_anew_comes_back_as_a_move_and_a_second_one_waits(
    store: Store, file: Path, segment_id: str
) -> None:
    assert operations(file) == []
    before = store.layer("segments").geometry.to_numpy()[0]
    draw(file, shapely.transform(before, lambda xy: np.add(xy, (0, 6))), segment_id)
    assert results(store, file) == ["applied"]
    moved = store.layer("segments").geometry.to_numpy()[0]
    assert moved.distance(before) == pytest.approx(6, abs=0.1)
    assert results(store, file, "a2") == ["duplicate"]
    draw(file, shapely.transform(before, lambda xy: np.add(xy, (0, -6))), segment_id)
    assert results(store, file, "a2") == ["conflict"]
    assert store.layer("segments")["status"].tolist() == ["disputed"]
    assert store.layer("segments").geometry.to_numpy()[0].equals_exact(moved, 0)


def test_a_line_without_a_segment_comes_back_as_a_new_path(store: Store, file: Path) -> None:
    before = store.layer("segments").geometry.to_numpy()[0]
    draw(file, shapely.transform(before, lambda xy: np.add(xy, (0, 40))), None)
    assert results(store, file) == ["applied"]
    assert store.count("segments") == 2


def test_a_row_becomes_an_operation_as_a_phone_would_send_it(file: Path, segment_id: str) -> None:
    fill(
        file,
        mark(
            segment_id,
            signs='{"SE:D5","SE:T6"}',
            markings="M5; M14",
            width_m=2.5,
            note=" smal ",
            observed_at="2026-05-12T10:00:00",
            accuracy_m=4.0,
        ),
    )
    (told,) = operations(file)
    assert told["kind"] == "mark"
    assert told["fields"] == {
        "path_class": "gangbana",
        "signs": ["SE:D5", "SE:T6"],
        "markings": ["M5", "M14"],
        "width_m": 2.5,
        "note": "smal",
    }
    assert told["observed_at"] == "2026-05-12T08:00:00+00:00"
    assert told["fix"]["accuracy_m"] == 4.0
    assert 15.5 < told["fix"]["lon"] < 15.7


def test_a_row_without_fields_is_a_visit(file: Path, segment_id: str) -> None:
    fill(file, {"segment_id": segment_id, "base_version": 1})
    assert [one["kind"] for one in operations(file)] == ["visit"]


@pytest.mark.parametrize("share", [0.0, 2.0], ids=["all anew", "around it"])
def test_a_mark_changes_its_segment_and_the_same_file_twice_changes_nothing(
    store: Store, file: Path, segment_id: str, share: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(returned, "MANY_SHARE", share)
    fill(file, mark(segment_id, path_class="cykelbana"))
    assert results(store, file) == ["applied"]
    row = store.layer("segments").iloc[0]
    assert (row["path_class"], row["status"], row["version"]) == ("cykelbana", "inspected", 2)
    number = store.head()
    assert results(store, file) == ["duplicate"]
    assert store.head() == number


def test_an_export_of_then_says_what_stood_then(
    store: Store, file: Path, segment_id: str, tmp_path: Path
) -> None:
    then = datetime.now(UTC)
    fill(file, mark(segment_id, path_class="cykelbana"))
    import_marks(store, file, author="a1")
    for name, cut in (("then", Cut(as_of=then)), ("now", Cut())):
        export(store, "fgb", tmp_path / f"{name}.fgb", cut)
    classes = [
        pyogrio.read_dataframe(tmp_path / f"{name}.fgb")["path_class"].tolist()
        for name in ("then", "now")
    ]
    assert classes == [["gangbana"], ["cykelbana"]]


def test_two_people_who_differ_are_a_conflict_and_both_answers_are_kept(
    store: Store, file: Path, segment_id: str, tmp_path: Path
) -> None:
    other = Path(shutil.copy(file, tmp_path / "other.gpkg"))
    fill(file, mark(segment_id))
    fill(other, mark(segment_id, path_class="cykelbana"))
    assert results(store, file, "a1") == ["applied"]
    assert results(store, other, "a2") == ["conflict"]
    assert store.layer("segments")["status"].tolist() == ["disputed"]
    assert len(store.layer("observations")) == 2


def test_who_has_seen_the_answer_of_the_other_may_overrule_it(
    store: Store, file: Path, segment_id: str, tmp_path: Path
) -> None:
    other = Path(shutil.copy(file, tmp_path / "other.gpkg"))
    fill(file, mark(segment_id))
    fill(other, mark(segment_id, path_class="cykelbana", base_version=2))
    assert results(store, file, "a1") + results(store, other, "a2") == ["applied", "applied"]


WRONG: dict[str, dict[str, Any]] = {
    "no segment": {"segment_id": None},
    "another segment": {"segment_id": "s0000000000000000"},
    "no class": {"path_class": "motorväg"},
    "width below nought": {"width_m": -1.0},
    "no time": {"observed_at": "i går"},
    "no version": {"base_version": -4},
}


def test_rows_that_cannot_be_counted_are_named_and_the_rest_stands(
    store: Store, file: Path, segment_id: str
) -> None:
    fill(file, *(mark(segment_id) | told for told in WRONG.values()), mark(segment_id))
    outcome = import_marks(store, file, author="a1").to_dict()
    found = {name: row["result"] for name, row in zip(WRONG, outcome["rows"], strict=False)}
    assert found == dict.fromkeys(WRONG, "invalid")
    assert outcome["counts"] == {
        "applied": 1, "duplicate": 0, "conflict": 0, "invalid": len(WRONG),
    }  # fmt: skip
    assert len({row["reason"] for row in outcome["rows"]}) >= len(WRONG) - 1


def test_cells_of_any_kind_are_taken_without_a_crash(
    store: Store, file: Path, segment_id: str
) -> None:
    fill(file, mark(segment_id), mark(segment_id, note="två"))
    change(
        file,
        "UPDATE observations SET width_m = 9e999, note = 'a' || char(0) WHERE fid = 1",
        "UPDATE observations SET plate = x'00ff', base_version = 'ett' WHERE fid = 2",
    )
    assert results(store, file) == ["invalid", "invalid"]


@pytest.mark.parametrize(
    ("sentences", "said"),
    [
        pytest.param(["DROP TABLE segments"], "the layer segments is gone", id="layer"),
        pytest.param(["DROP TABLE observations"], "the layer observations is gone", id="marks"),
        pytest.param(
            ["ALTER TABLE observations RENAME COLUMN path_class TO klass"],
            "the field path_class",
            id="renamed",
        ),
        pytest.param(["CREATE VIEW more AS SELECT 1"], "the view more", id="view"),
        pytest.param(
            ["CREATE TRIGGER t AFTER INSERT ON segments BEGIN SELECT 1; END"],
            "the trigger t",
            id="trigger",
        ),
        pytest.param(
            [
                "DROP TABLE findings",
                "CREATE VIEW findings AS SELECT * FROM segments",
            ],
            "the view findings",
            id="a layer that is a view",
        ),
        pytest.param(
            ["DELETE FROM gpkg_geometry_columns WHERE table_name = 'observations'"],
            "lost its places",
            id="no places",
        ),
    ],
)
def test_a_file_that_was_rebuilt_is_refused_and_nothing_changes(
    store: Store, file: Path, segment_id: str, sentences: list[str], said: str
) -> None:
    fill(file, mark(segment_id))
    change(file, *sentences)
    before = store.head()
    with pytest.raises(StoreError, match=said):
        import_marks(store, file, author="a1")
    assert store.head() == before


def test_a_file_that_qgis_still_holds_is_refused(file: Path) -> None:
    file.with_name(f"{file.name}-wal").write_bytes(b"changes")
    with pytest.raises(SourceError, match="close the project"):
        operations(file)


@pytest.mark.parametrize("keep", [0, 50, 5000], ids=["nothing", "head", "half"])
def test_a_cut_file_is_refused(file: Path, keep: int) -> None:
    file.write_bytes(file.read_bytes()[:keep])
    with pytest.raises(SourceError):
        operations(file)


def test_a_photograph_is_named_by_its_content_and_none_outside_the_folder(
    file: Path, segment_id: str
) -> None:
    (file.parent / "photos" / "a.jpg").write_bytes(b"picture")
    (file.parent.parent / "secret").write_bytes(b"secret")
    photos = ["photos/a.jpg", "../secret", str(file.parent.parent / "secret"), "photos/b.jpg"]
    fill(file, *(mark(segment_id, photo=photo) for photo in photos))
    digest = hashlib.sha256(b"picture").hexdigest()
    assert [one["photo_sha256"] for one in operations(file)] == [digest, None, None, None]


def test_a_returned_file_is_known_for_what_it_is(file: Path) -> None:
    assert kind_of(file, Told()) == "marks"
    change(
        file,
        "DELETE FROM gpkg_contents WHERE table_name = 'observations'",
        "DELETE FROM gpkg_geometry_columns WHERE table_name = 'observations'",
        "DELETE FROM gpkg_extensions WHERE table_name = 'observations'",
        "DELETE FROM gpkg_ogr_contents WHERE table_name = 'observations'",
        "DROP TABLE observations",
    )
    assert kind_of(file, Told()) == "marks"


def test_looking_keeps_nothing(store: Store, file: Path, segment_id: str) -> None:
    fill(file, mark(segment_id), mark(segment_id, path_class="motorväg"))
    before = store.head()
    assert [row.result for row in look_at_marks(file).rows] == ["applied", "invalid"]
    assert store.head() == before


def test_what_is_no_geopackage_is_refused(file: Path) -> None:
    file.write_text("fid;segment_id")
    with pytest.raises(SourceError, match="not what the ending"):
        operations(file)
