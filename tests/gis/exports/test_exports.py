"""Do layers leave as they are, whole and harmless?"""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.cli import leave
from gis.errors import GisError
from gis.exports import FORMATS, parse_bbox
from gis.exports.csvfile import FORMULA, harmless


@pytest.mark.parametrize(
    "text", ["", "1,2,3", "a,b,c,d", "16,56,15,57", "15,91,16,92", "nan,0,1,1"]
)
def test_a_box_that_is_none_is_refused_in_one_sentence(text: str) -> None:
    with pytest.raises(GisError, match=r"west,south,east,north"):
        parse_bbox(text)


def test_the_command_offers_every_format() -> None:
    assert leave.FORMATS == FORMATS


@given(st.lists(st.text()))
def test_no_cell_begins_as_a_formula(cells: list[str]) -> None:
    written = harmless(pd.Series(cells, dtype="str"))
    assert not written.str.startswith(FORMULA).any()
    assert [cell.removeprefix("'") if cell[:1] == "'" else cell for cell in written] == [
        cell.removeprefix("'") if cell[:1] == "'" else cell for cell in cells
    ]


def test_a_null_stays_a_null_and_a_number_a_number() -> None:
    assert harmless(pd.Series(["=1", None], dtype="str")).isna().tolist() == [False, True]
    assert harmless(pd.Series([-1.5])).tolist() == [-1.5]
