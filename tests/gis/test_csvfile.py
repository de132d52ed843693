"""Which of a spreadsheet's habits are accepted, and which are named?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.csvfile import number, read, rows
from gis.errors import RuleError

if TYPE_CHECKING:
    from pathlib import Path

ROW = [{"id": "bredd", "value": "2,5", "note": "å, ä och ö"}]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param('id,value,note\nbredd,"2,5","å, ä och ö"\n'.encode(), id="comma"),
        pytest.param("id;value;note\r\nbredd;2,5;å, ä och ö\r\n".encode(), id="semicolon"),
        pytest.param("\ufeffid;value;note\nbredd;2,5;å, ä och ö\n".encode(), id="byte order mark"),
        pytest.param("sep=;\nid;value;note\nbredd;2,5;å, ä och ö\n".encode(), id="sep line"),
        pytest.param("id\tvalue\tnote\nbredd\t2,5\tå, ä och ö".encode(), id="tab, no last newline"),
        pytest.param("id;value;note\n;;\n bredd ; 2,5 ;å, ä och ö\n;;\n".encode(), id="blanks"),
    ],
)
def test_the_same_row_comes_out_of_every_habit(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "width.csv"
    path.write_bytes(content)
    assert rows(path) == ROW


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param("id,å\n1,2\n".encode("cp1252"), "not UTF-8", id="old encoding"),
        pytest.param(b"", "empty", id="no header"),
        pytest.param(b"id,value\na,2,5\n", "row 2: 3 cells where the header names 2", id="comma"),
        pytest.param(b"id,id\na,b\n", "'id' stands twice", id="column twice"),
        pytest.param(b"id,\na,b\n", "column 2 has no name", id="column without name"),
        pytest.param(b'id,value\n"a,b\n', "quotes", id="open quote"),
    ],
)
def test_a_fault_of_form_is_named(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "width.csv"
    path.write_bytes(content)
    assert any(said in str(fault) for fault in read(path).faults)
    with pytest.raises(RuleError, match=r"width\.csv"):
        rows(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match="cannot be opened"):
        rows(tmp_path / "gone.csv")


def test_rows_are_numbered_as_a_spreadsheet_shows_them(tmp_path: Path) -> None:
    path = tmp_path / "width.csv"
    path.write_text("id,value\na,1\n,\nb,2\n", encoding="utf-8")
    assert [row.number for row in read(path).rows] == [2, 4]


@given(value=st.floats(-1e9, 1e9))
def test_a_decimal_comma_reads_as_a_decimal_point(value: float) -> None:
    assert number(f"{value:.3f}".replace(".", ",")) == number(f"{value:.3f}")


@pytest.mark.parametrize("text", ["", "bred", "nan", "inf", "1.000,5"])
def test_what_is_no_finite_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        number(text)
