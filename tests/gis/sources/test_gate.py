"""Does the gate let whole files pass and nothing else?"""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.errors import SourceError
from gis.sources.gate import LONGEST_NAME, MOST_MEMBERS, check_upload, plain_name

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("a.geojson", b'\xef\xbb\xbf {"type": "FeatureCollection"}'),
        ("a.gpkg", b"SQLite format 3\x00"),
        ("A.OSM", b"<?xml version='1.0'?><osm/>"),
        ("a.osm.pbf", b"\x00\x00\x00\x0dx"),
        ("a.csv", b"a;b\n1;2\n"),
    ],
)
def test_whole_files_pass(tmp_path: Path, name: str, raw: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(raw)
    check_upload(path)


@pytest.mark.parametrize(
    ("members", "passes"),
    [(1, True), (MOST_MEMBERS, True), (MOST_MEMBERS + 1, False), (0, False)],
)
def test_a_zip_holds_some_files(tmp_path: Path, members: int, *, passes: bool) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as packed:
        for n in range(members):
            packed.writestr(f"folder/{n}.dbf", b"x")
    if passes:
        check_upload(path)
    else:
        with pytest.raises(SourceError):
            check_upload(path)


def test_an_entity_on_the_border_of_two_pieces_is_seen(tmp_path: Path) -> None:
    path = tmp_path / "a.osm"
    for before in range(1024**2 - 12, 1024**2 + 3):
        path.write_bytes(b"<osm>" + b" " * (before - 5) + b"<!DOCTYPE x>")
        with pytest.raises(SourceError, match="entities"):
            check_upload(path)


@given(st.text(max_size=200))
def test_a_plain_name_is_a_name_in_a_folder(name: str) -> None:
    made = plain_name(name)
    assert 0 < len(made) <= LONGEST_NAME
    assert not set(made) & set("/\\:\0\n<>\"'|;&$")
    assert not made.startswith(".")
