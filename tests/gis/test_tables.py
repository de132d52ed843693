"""Is every cell that is at fault named, and nothing else?"""

from __future__ import annotations

from fnmatch import fnmatch
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from gis import tables
from gis.errors import RuleError
from gis.settings import data_dir
from gis.tableschema import read_schemas

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = """
[size]
meaning = "one size"
key = ["id"]
[size.columns]
id = {type = "code", required = true}
value = {type = "number", minimum = 0, maximum = 10, also = ["all"]}
count = {type = "integer", optional = true}
day = {type = "date"}
good = {type = "yes_no"}
delay = {type = "duration"}
kind = {refers = ["kinds.code"], separator = "|"}
colour = {allowed = ["red", "green"]}
letter = {pattern = "[a-z]"}
source = {cites = "cited.id"}

[kinds]
meaning = "one kind"
may_be_empty = true
[kinds.columns]
code = {type = "code", absent_from = ["cited.id"]}

[cited]
meaning = "one source"
more_columns = true
[cited.columns]
id = {}
"""
GOOD = {
    "id": "a",
    "value": "2,5",
    "count": "3",
    "day": "2026-11-22",
    "good": "yes",
    "delay": "P30D",
    "kind": "path|lane",
    "colour": "red",
    "letter": "x",
    "source": "read [L1]",
}


def write(folder: Path, *rows: dict[str, str]) -> list[str]:
    """Write a folder of three tables and return what is wrong with it."""
    (folder / "schema.toml").write_text(SCHEMA, encoding="utf-8")
    (folder / "kinds.csv").write_text("code\npath\nlane\n", encoding="utf-8")
    (folder / "cited.csv").write_text("id,where\nL1,here\n", encoding="utf-8")
    lines = [";".join(GOOD), *(";".join({**GOOD, **row}.values()) for row in rows)]
    (folder / "size.csv").write_text("\n".join(lines), encoding="utf-8-sig")
    return [str(fault) for fault in tables.check(folder)]


def test_the_shipped_tables_are_well() -> None:
    assert [str(fault) for fault in tables.check()] == []


@pytest.mark.parametrize("name", tables.names())
def test_every_shipped_table_reads_with_its_types(name: str) -> None:
    assert isinstance(tables.read(name), pd.DataFrame)


def test_every_shipped_file_is_told_in_the_readme() -> None:
    folder = data_dir()
    told = [
        line.split("`")[1]
        for line in (folder / "README.md").read_text(encoding="utf-8").splitlines()
        if line.startswith("| `")
    ]
    files = [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()]
    assert [file for file in files if not any(fnmatch(file, glob) for glob in told)] == []


def test_a_table_that_is_well_has_no_fault(tmp_path: Path) -> None:
    empty = {name: "" for name in GOOD if name != "id"}
    assert write(tmp_path, {}, {"id": "b", **empty}, {"id": "c", "value": "all"}) == []


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"id": ""}, "column id: is empty, should hold a value"),
        ({"id": "två ord"}, "column id: is 'två ord', should be a code"),
        ({"value": "bred"}, "column value: is 'bred', should be a number"),
        ({"value": "-0,1"}, "column value: is '-0,1', should be 0 or more"),
        ({"value": "10,1"}, "column value: is '10,1', should be 10 or less"),
        ({"count": "1,5"}, "column count: is '1,5', should be a whole number"),
        ({"day": "22/11 2026"}, "should be a date such as"),
        ({"good": "ja"}, "should be yes or no"),
        ({"delay": "30 days"}, "ISO 8601 duration"),
        (
            {"kind": "path|lame"},
            "column kind: is 'lame', should be one of path, lane of kinds.code",
        ),
        ({"colour": "blue"}, "is 'blue', should be one of red, green"),
        ({"letter": "xy"}, "should look like [a-z]"),
        ({"source": "read [L2]"}, "cites [L2], which is not in cited.id"),
    ],
)
def test_a_cell_at_fault_is_named(tmp_path: Path, cells: dict[str, str], said: str) -> None:
    (told,) = write(tmp_path, {}, {"id": "b", **cells})
    assert told.startswith("size.csv, row 3, column ")
    assert said in told


@pytest.mark.parametrize("value", ["0", "10", "9,99", "0.01", "all"])
def test_a_number_may_lie_on_its_limits(tmp_path: Path, value: str) -> None:
    assert write(tmp_path, {"value": value}) == []


def test_a_key_stands_once(tmp_path: Path) -> None:
    (told,) = write(tmp_path, {}, {"id": "b"}, {})
    assert told == "size.csv, row 4, column id: 'a' stands in row 2 already; a key stands once"


def test_a_table_without_schema_is_a_fault(tmp_path: Path) -> None:
    write(tmp_path, {})
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "stray.csv").write_text("id\n1\n", encoding="utf-8")
    (told,) = tables.check(tmp_path)
    assert str(told) == "rules/stray.csv: has no schema; write one in rules/schema.toml"


def test_a_schema_without_table_is_a_fault(tmp_path: Path) -> None:
    write(tmp_path, {})
    (tmp_path / "kinds.csv").unlink()
    told = [str(fault) for fault in tables.check(tmp_path)]
    assert any("kinds.csv: is told in schema.toml but the file is missing" in one for one in told)
    assert any("column kind: refers to kinds.code, which does not exist" in one for one in told)
    assert len(told) == 2


def test_two_lists_share_one_namespace(tmp_path: Path) -> None:
    write(tmp_path, {})
    (tmp_path / "kinds.csv").write_text("code\npath\nlane\nL1\n", encoding="utf-8")
    (told,) = tables.check(tmp_path)
    assert str(told).startswith("kinds.csv, row 4, column code: is 'L1', which stands in cited.id")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("id;value\na;1\n", "row 1: column day is missing", id="column missing"),
        pytest.param("id;valeu\na;1\n", "column valeu is not in schema.toml", id="misspelt column"),
        pytest.param("id;value\na;1;2\n", "row 2: 3 cells", id="ragged row"),
        pytest.param(";".join(GOOD), "has no rows", id="no rows"),
        pytest.param("", "the file is empty", id="nothing"),
    ],
)
def test_a_form_at_fault_is_named(tmp_path: Path, text: str, said: str) -> None:
    write(tmp_path, {})
    (tmp_path / "size.csv").write_text(text, encoding="utf-8")
    assert any(said in str(fault) for fault in tables.check(tmp_path))


CONDITIONS = """
[rule]
meaning = "one rule"
otherwise = true
[rule.columns]
sign = {type = "condition", allowed = ["D4", "D6"]}
width_m = {type = "condition"}
result = {required = true}
"""


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        pytest.param("D4|D6,<1.8,a\n-,!2,b\n,,c", [], id="every form of condition"),
        pytest.param("D4,>= 2,a\n*,,b\n,,c", [], id="any value and a limit"),
        pytest.param("D4|D9,,a\n,,c", ["row 2, column sign: is 'D9'"], id="one unknown word"),
        pytest.param("!D9,,a\n,,c", ["row 2, column sign: is 'D9'"], id="unknown word denied"),
        pytest.param(",<bred,a\n,,c", ["row 2, column width_m: is '<bred'"], id="limit in words"),
        pytest.param("D4,,a", ["row 2, column sign: should be empty"], id="nothing matches all"),
    ],
)
def test_a_decision_table_is_asked_for_its_conditions(
    tmp_path: Path, rows: str, said: list[str]
) -> None:
    (tmp_path / "schema.toml").write_text(CONDITIONS, encoding="utf-8")
    (tmp_path / "rule.csv").write_text(f"sign,width_m,result\n{rows}\n", encoding="utf-8")
    told = [str(fault) for fault in tables.check(tmp_path)]
    assert len(told) == len(said)
    assert all(part in one for one, part in zip(told, said, strict=True))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("[size", "is no TOML", id="broken"),
        pytest.param('[size]\nmeaning = "x"', "no columns are told", id="no columns"),
        pytest.param('[size]\nmeaning = "x"\nkey = ["a"]\ncolumns.b = {}', "'a'", id="key"),
        pytest.param('[size]\nmeaning = "x"\ncolumns.b = {type = "numbr"}', "'numbr'", id="type"),
        pytest.param('[size]\nmeaning = "x"\ncolumns.b = {requierd = true}', "requierd", id="word"),
        pytest.param('[size]\nmeaning = "x"\ncolumns.b = {pattern = "("}', "size: ", id="pattern"),
    ],
)
def test_a_schema_at_fault_is_named(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "schema.toml").write_text(text, encoding="utf-8")
    with pytest.raises(RuleError, match=r"schema\.toml") as caught:
        read_schemas(tmp_path)
    assert said in str(caught.value)


def test_values_come_with_their_types() -> None:
    table = tables.read("rules/width_profile")
    widths = table.set_index("id")["value"]
    assert widths.dtype == "float64"
    assert widths["check_shared"] == 2.5
    assert table["condition_sv"].isna().any()
    assert tables.read("rules/fines").empty
    assert str(tables.read("rules/citations")["stood_at"].dtype).startswith("datetime64")


def test_an_unknown_table_is_named() -> None:
    with pytest.raises(RuleError, match="no table 'rules/none'"):
        tables.read("rules/none")


def test_no_amount_of_a_fine_ships() -> None:
    assert tables.read("rules/fines")["amount_sek"].notna().sum() == 0
