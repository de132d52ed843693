"""Does a decision table do what its cells say?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.classify import table as engine
from gis.classify.osm import RESULTS as OSM_RESULTS
from gis.classify.table import all_matches, first_match, fits, load_table
from gis.errors import RuleError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from gis.classify.table import DecisionTable

    Write = Callable[[str], DecisionTable]

RESULTS = ("rule", "path_class")


@pytest.mark.parametrize(
    ("cell", "value", "expected"),
    [
        ("", None, True),
        ("", "A", True),
        ("A", "A", True),
        ("A", "B", False),
        ("A", None, False),
        ("A|B", "B", True),
        ("A | B", "B", True),
        ("-", None, True),
        ("-", float("nan"), True),
        ("-", "A", False),
        ("-|A", None, True),
        ("-|A", "A", True),
        ("*", "A", True),
        ("*", None, False),
        ("!A", "B", True),
        ("!A", "A", False),
        ("!A", None, True),
        ("!A|!B", "B", False),
        ("!-", None, False),
        ("<1.8", 1.79, True),
        ("<1.8", 1.8, False),
        ("<=1,8", 1.8, True),
        (">1.8", 1.81, True),
        (">=1.8", 1.8, True),
        ("<1.8", None, False),
        ("<1.8", "wide", False),
        ("<1.8", "1,2", True),
    ],
)
def test_cell(cell: str, value: object, *, expected: bool) -> None:
    assert fits(cell, value) is expected


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Write]:
    (tmp_path / "rules").mkdir()
    monkeypatch.setattr(engine, "data_dir", lambda: tmp_path)

    def write(text: str) -> DecisionTable:
        load_table.cache_clear()
        (tmp_path / "rules" / "t.csv").write_text(text, encoding="utf-8")
        return load_table("t", RESULTS)

    yield write
    load_table.cache_clear()


def test_the_first_row_that_fits_wins(make: Write) -> None:
    table = make("rule,a,w,path_class\nr1,x,<2,one\nr2,x,,two\nr3,,,three\n")
    facts = pd.DataFrame({"a": ["x", "x", "y", None], "w": [1.0, 2.0, 1.0, np.nan]})
    assert first_match(table, facts).tolist() == [0, 1, 2, 2]


def test_every_row_that_fits_is_listed(make: Write) -> None:
    table = make("rule,a,path_class\nr1,x,one\nr2,!y,two\nr3,,three\n")
    found = all_matches(table, pd.DataFrame({"a": ["x", "y"]}))
    assert found.tolist() == [[True, True, True], [False, False, True]]


def test_an_absent_column_holds_no_value(make: Write) -> None:
    table = make("rule,a,path_class\nr1,-,one\nr2,,two\n")
    assert first_match(table, pd.DataFrame({"b": ["x"]})).tolist() == [0]


def test_no_facts_have_no_rows(make: Write) -> None:
    table = make("rule,a,path_class\nr1,x,one\nr2,,two\n")
    assert first_match(table, pd.DataFrame({"a": []})).tolist() == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("rule,a\nr1,\n", "column path_class is missing"),
        ("rule,a,path_class\nr1,x,one\n", "last row must match everything"),
        ("rule,a,path_class\nr1,x|!y,one\nr2,,two\n", "row 2, column a"),
        ("rule,a,path_class\nr1,x||y,one\nr2,,two\n", "row 2, column a"),
        ("rule,a,path_class\nr1,<wide,one\nr2,,two\n", "is no number"),
        ("rule,a,path_class\nr1,x\nr2,,two\n", "2 cells where the header names 3"),
    ],
)
def test_a_fault_is_named_with_its_place(make: Write, text: str, words: str) -> None:
    with pytest.raises(RuleError, match=words):
        make(text)


def test_a_table_of_a_spreadsheet_is_read(make: Write) -> None:
    table = make("\ufeffrule;w;path_class\nr1;<1,8;one\nr2;;two\n")
    assert first_match(table, pd.DataFrame({"w": [1.7, 1.8]})).tolist() == [0, 1]


WORDS = st.sampled_from(["x", "y", "z", None])


@given(values=st.lists(WORDS, min_size=1, max_size=30))
def test_a_row_is_answered_alike_wherever_it_stands(values: list[str | None]) -> None:
    table = load_table("osm_reading", OSM_RESULTS)
    facts = pd.DataFrame({"way": values, "walk": values}, dtype=object)
    together = first_match(table, facts)
    alone = [first_match(table, facts.iloc[[row]])[0] for row in range(len(facts))]
    assert together.tolist() == alone
