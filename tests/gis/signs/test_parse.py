"""Is any text about signs read, and never refused?"""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.signs import parse, parse_column, read, says_none


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        pytest.param("SE:D6", ["SE:D6"], id="plain"),
        pytest.param("D6", ["SE:D6"], id="no country"),
        pytest.param("se:d6", ["SE:D6"], id="lower case"),
        pytest.param(" SE : D6 ", ["SE:D6"], id="blanks"),
        pytest.param("D 6", ["SE:D6"], id="blank inside"),
        pytest.param("SE:D5,C10", ["SE:D5", "SE:C10"], id="country carried on"),
        pytest.param("FI:423", ["FI:423"], id="other country"),
        pytest.param("FI:424;FI:425", ["FI:424", "FI:425"], id="two signs"),
        pytest.param("FI:363[40]", ["FI:363"], id="value"),
        pytest.param("FI:813[right, 100 m],FI:421", ["FI:813", "FI:421"], id="comma in value"),
        pytest.param("DE:240,1022-10", ["DE:240", "DE:1022-10"], id="plate"),
        pytest.param("DE:240,SE:D6,D5", ["DE:240", "SE:D6", "SE:D5"], id="country changes"),
        pytest.param("SE:X99", ["SE:X99"], id="unknown is kept"),
        pytest.param("none", [], id="none"),
        pytest.param("", [], id="empty"),
        pytest.param(";,;", [], id="only separators"),
        pytest.param(None, [], id="null"),
        pytest.param(float("nan"), [], id="not a number"),
        pytest.param(True, [], id="truth value"),
        pytest.param(["D6"], [], id="list"),
        pytest.param(421, ["SE:421"], id="number"),
    ],
)
def test_codes(text: object, codes: list[str]) -> None:
    assert [sign.code for sign in parse(text, "SE")] == codes


def test_an_unknown_sign_is_kept_without_meaning() -> None:
    (sign,) = parse("SE:X99")
    assert sign.meaning is None
    assert sign.role == "other"


def test_the_value_in_brackets_is_kept() -> None:
    assert parse("FI:363[40]")[0].value == "40"


def test_the_same_number_is_another_sign_in_another_country() -> None:
    assert read(parse("D5", "SE")).path_class == "gangbana"
    assert read(parse("D5", "FI")).path_class == "cykelbana"


@pytest.mark.parametrize("said", ["none", "no", "NONE", " nej ", "ingen"])
def test_some_words_say_that_there_is_no_sign(said: str) -> None:
    assert says_none(said)
    assert parse(said) == []


def test_null_does_not_say_that_there_is_no_sign() -> None:
    assert not says_none(None)


@pytest.mark.parametrize(
    ("text", "plate", "permits", "forbids"),
    [
        pytest.param("SE:D5", "", False, False, id="no plate"),
        pytest.param("SE:D5", "Cykling tillåten", True, False, id="plate beside"),
        pytest.param("SE:D5,Cykling  TILLÅTEN", "", True, False, id="plate in the list"),
        pytest.param("SE:D6", "Moped klass II förbjuden", False, True, id="no mopeds"),
        pytest.param("SE:D6,C11", "", False, True, id="moped sign"),
        pytest.param("DE:239,1022-10", "", True, False, id="plate by number"),
        pytest.param("DE:239,1000-33", "", False, False, id="another plate"),
        pytest.param("SE:D5", "Cykling ej tillåten", False, False, id="not permitted"),
    ],
)
def test_plates(text: str, plate: str, *, permits: bool, forbids: bool) -> None:
    said = read(parse(text), plate)
    assert (said.permits_bicycle, said.forbids_moped) == (permits, forbids)


@pytest.mark.parametrize(
    ("text", "path_class", "other"),
    [
        ("FI:424;FI:425", "gc_atskild", None),
        ("FI:421;FI:423", "gangbana", "gc_gemensam"),
        ("SE:B3,B8", "cykeloverfart", "overgangsstalle"),
        ("SE:C10", None, None),
        ("SE:D11", None, None),
        ("FI:371;FI:422", "cykelbana", None),
    ],
)
def test_signs_of_one_place(text: str, path_class: str | None, other: str | None) -> None:
    said = read(parse(text))
    assert (said.path_class, said.other_class) == (path_class, other)


def test_a_plate_lifts_a_ban() -> None:
    assert read(parse("DE:250")).ban == "DE:250"
    assert read(parse("DE:250,1022-10")).ban is None


def test_an_end_sign_is_seen() -> None:
    assert read(parse("SE:D11")).ends
    assert not read(parse("SE:D6")).ends


def test_a_column_is_read_row_by_row_in_its_order() -> None:
    texts = pd.Series(["SE:D6", None, "SE:D6", "none"], index=[7, 3, 9, 1])
    found = parse_column(texts)
    assert list(found.index) == [7, 3, 9, 1]
    assert [len(signs) for signs in found] == [1, 0, 1, 0]


JUNK = st.one_of(
    st.none(), st.text(), st.floats(), st.integers(), st.booleans(), st.lists(st.text())
)
SIGNLIKE = st.text(alphabet="SEFID:0123456789;,[]- .cykeltillåten", max_size=40)


@given(
    text=st.one_of(JUNK, SIGNLIKE), country=st.sampled_from(["SE", "FI", "DE", "NO", "DK", "US"])
)
def test_no_text_is_refused(text: object, country: str) -> None:
    signs = parse(text, country)
    assert all(sign.code and sign.role for sign in signs)
    read(signs, str(text), country)
