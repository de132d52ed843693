"""Is any file read through a mapping, and is every fault named?"""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

import geopandas as gpd
import pyogrio
import pytest
import shapely

from gis.errors import SourceError
from gis.sources import table
from gis.sources.mapping import parse
from gis.sources.mapping_draft import explain_mapping

if TYPE_CHECKING:
    from pathlib import Path

    from gis.sources.said import Said

MAPPING = """
source = "kommunen"
crs = 3006
id = "nr"
kind = "path"
[path_class]
column = "typ"
"Cykelsti langs vej" = "cykelbana"
"GB" = "gangbana"
[width_m]
column = "bredd"
[lit]
column = "belyst"
"ja" = "yes"
"nej" = "no"
"""
LINES = [
    "LINESTRING (536000 6224000, 536100 6224000)",
    "LINESTRING (536000 6224050, 536100 6224050)",
]


def sheet(folder: Path, text: str, *, encoding: str = "utf-8", name: str = "banor.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def faults(said: Said) -> set[str]:
    return set(said.faults["fault"])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("mark", [";", ",", "\t"])
def test_a_sheet_from_excel_is_read(encoding: str, mark: str, tmp_path: Path) -> None:
    rows = [["nr", "typ", "bredd", "belyst", "WKT"], ["1", "GB", '"2,5"', "ja", f'"{LINES[0]}"']]
    text = "\r\n".join(mark.join(row) for row in rows)
    lines = table.read(sheet(tmp_path, text, encoding=encoding), parse(MAPPING)).lines
    columns = ["source_id", "document_class", "width_m", "lit", "kind"]
    assert lines[columns].to_numpy().tolist() == [["kommunen:1", "gangbana", 2.5, "yes", "path"]]


def test_a_vector_file_is_read_in_its_own_system(tmp_path: Path) -> None:
    path = tmp_path / "b.gpkg"
    frame = gpd.GeoDataFrame(
        {
            "nr": [7.0, 8.0],
            "typ": ["GB", "Cykelsti langs vej"],
            "bredd": [2.0, None],
            "belyst": ["ja", "nej"],
        },
        geometry=gpd.GeoSeries.from_wkt(LINES, crs=3006).to_crs(3009),
    )
    pyogrio.write_dataframe(frame, path)
    said = table.read(path, parse(MAPPING.replace("crs = 3006\n", "")))
    assert said.lines["source_id"].tolist() == ["kommunen:7", "kommunen:8"]
    assert said.lines["document_class"].tolist() == ["gangbana", "cykelbana"]
    assert said.lines.to_crs(3006).geometry.iloc[0].equals_exact(shapely.from_wkt(LINES[0]), 0.01)
    assert said.faults.empty


@pytest.mark.parametrize(
    ("row", "fault", "kept"),
    [
        ("2;okänd typ;2;ja;" + LINES[1], "unmapped_value", 2),
        ("2;GB;bred;ja;" + LINES[1], "bad_number", 2),
        ("1;GB;2;ja;" + LINES[1], "repeated_id", 1),
        (";GB;2;ja;" + LINES[1], "missing_id", 2),
        ("2;GB;2;ja;", "no_geometry", 1),
        ("2;GB;2;ja;POLYGON ((536000 6224000, 536001 6224000, 536001 6224001, 536000 6224000))",
         "not_a_line", 1),
        ("2;GB;2", "bad_row", 1),
        ("2;GB;;ja;" + LINES[1], None, 2),
    ],
    ids=["unmapped", "number", "twice", "no id", "no place", "polygon", "short row", "null"],
)  # fmt: skip
def test_a_faulty_row_is_named(row: str, fault: str | None, kept: int, tmp_path: Path) -> None:
    path = sheet(tmp_path, f"nr;typ;bredd;belyst;wkt\n1;GB;2;ja;{LINES[0]}\n{row}\n")
    said = table.read(path, parse(MAPPING))
    assert faults(said) == ({fault} if fault else set())
    assert len(said.lines) == kept


def test_a_table_without_rows_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "tom.gpkg"
    frame = gpd.GeoDataFrame(
        {"nr": [], "typ": [], "bredd": [], "belyst": []}, geometry=[], crs=3006
    )
    frame.astype({"nr": "str", "typ": "str", "belyst": "str"}).to_file(
        path, layer="a", geometry_type="LineString"
    )
    with pytest.raises(SourceError, match="no row has a place"):
        table.read(path, parse(MAPPING))


def test_points_of_a_pair_of_columns_are_read(tmp_path: Path) -> None:
    path = sheet(tmp_path, "nr;typ;bredd;belyst;lat;lon\n1;GB;2;ja;56,16;15,58\n2;GB;2;ja;;\n")
    said = table.read(path, parse(MAPPING.replace("crs = 3006\n", "")))
    assert said.points["role"].tolist() == ["said"]
    assert said.points.geometry.iloc[0].equals(shapely.Point(15.58, 56.16))
    assert faults(said) == {"no_geometry"}


@pytest.mark.parametrize(
    ("mapping", "text", "says"),
    [
        pytest.param(MAPPING.replace('"nr"', '"x"'), None, "no column 'x'", id="id column"),
        pytest.param(MAPPING.replace('"typ"', '"slag"'), None, "no column 'slag'", id="column"),
        pytest.param(MAPPING.replace("crs = 3006", ""), None, "no coordinate system", id="crs"),
        pytest.param(MAPPING, "nr;typ;bredd;belyst\n1;GB;2;ja\n", "no row has a place", id="place"),
        pytest.param(MAPPING, "", "is empty", id="empty"),
        pytest.param(MAPPING, "nr;nr\n1;2\n", "stands twice", id="column twice"),
        pytest.param(
            MAPPING.replace("3006", "4326"),
            "nr;typ;bredd;belyst;wkt\n1;GB;2;ja;LINESTRING (56.1 15.5, 56.2 15.6)\n",
            "swapped",
            id="swapped axes",
        ),
    ],
)
def test_a_whole_file_is_refused(mapping: str, text: str | None, says: str, tmp_path: Path) -> None:
    content = f"nr;typ;bredd;belyst;wkt\n1;GB;2;ja;{LINES[0]}\n" if text is None else text
    path = sheet(tmp_path, content)
    with pytest.raises(SourceError, match=says):
        table.read(path, parse(mapping))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("kind = 1 2", "no TOML"),
        ("crs = 3006", "name the source"),
        ('source = "a b"', "name the source"),
        ('source = "a"\ncrs = "sweref"', "no EPSG code"),
        ('source = "a"\nkind = "väg"', "is none of"),
        ('source = "a"\n[path_klass]\ncolumn = "x"', "is no target"),
        ('source = "a"\n[path_class]\nGB = "gangbana"', "names no column"),
        ('source = "a"\n[path_class]\ncolumn = "x"\nGB = "enskild_vag"', "is no code"),
    ],
)
def test_a_wrong_mapping_is_refused(text: str, says: str) -> None:
    with pytest.raises(SourceError, match=says):
        parse(text, "min.toml")


def test_a_table_without_a_mapping_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="explain-mapping"):
        table.read(sheet(tmp_path, "a\n1\n"))


def test_the_draft_of_a_mapping_can_be_read_and_used(tmp_path: Path) -> None:
    path = sheet(
        tmp_path, f"objectid;typ;bredd;wkt\n1;Gångbana;2;{LINES[0]}\n2;Okänt;3;{LINES[1]}\n"
    )
    draft = explain_mapping(path)
    told = tomllib.loads(draft)
    assert told["path_class"] == {"column": "typ", "Gångbana": "gangbana", "Okänt": "okand"}
    assert told["width_m"] == {"column": "bredd"}
    said = table.read(path, parse(draft))
    assert said.lines["document_class"].tolist() == ["gangbana", "okand"]


def test_ids_made_of_content_do_not_depend_on_the_order(tmp_path: Path) -> None:
    mapping = parse(MAPPING.replace('id = "nr"\n', ""))
    rows = [f"1;GB;2;ja;{LINES[0]}", f"2;GB;2;ja;{LINES[1]}"]
    head = "nr;typ;bredd;belyst;wkt"
    one = table.read(sheet(tmp_path, "\n".join([head, *rows])), mapping)
    two = table.read(sheet(tmp_path, "\n".join([head, *rows[::-1]])), mapping)
    assert one.lines.equals(two.lines)
