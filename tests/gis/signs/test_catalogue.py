"""Does every sign say what it means, and where that was read?"""

from __future__ import annotations

import pytest

from gis import codes
from gis.signs import COUNTRIES, load
from gis.signs.catalogue import ROLES, Meaning

EVERY = [
    pytest.param(sign, id=f"{country}:{sign.code}")
    for country in COUNTRIES
    for sign in load(country).signs
]


@pytest.mark.parametrize("sign", EVERY)
def test_every_sign_is_named_in_both_languages_and_has_a_known_role(sign: Meaning) -> None:
    assert sign.label_sv
    assert sign.label_en
    assert sign.pictogram
    assert sign.role in ROLES


@pytest.mark.parametrize("sign", EVERY)
def test_every_sign_says_where_it_was_read_and_how_sure_it_is(sign: Meaning) -> None:
    assert sign.source
    assert sign.verified in {"V", "V2", "INF", "K", "U"}


@pytest.mark.parametrize("sign", EVERY)
def test_only_signs_that_begin_something_imply_a_class(sign: Meaning) -> None:
    begins = sign.role in {"start", "street", "crossing"}
    assert (sign.path_class is not None) == begins
    if sign.path_class is not None:
        assert sign.path_class in codes.load("path_class").assignable
        assert sign.space in codes.load("space").codes


@pytest.mark.parametrize(
    ("country", "number", "path_class"),
    [
        ("SE", "D4", "cykelbana"),
        ("SE", "D5", "gangbana"),
        ("SE", "D6", "gc_gemensam"),
        ("SE", "D7", "gc_atskild"),
        ("FI", "D4", "gangbana"),
        ("FI", "D5", "cykelbana"),
        ("FI", "D6", "gc_gemensam"),
        ("FI", "D7", "gc_atskild"),
        ("FI", "421", "gangbana"),
        ("FI", "422", "cykelbana"),
        ("FI", "423", "gc_gemensam"),
        ("FI", "424", "gc_atskild"),
        ("FI", "425", "gc_atskild"),
        ("DE", "237", "cykelbana"),
        ("DE", "239", "gangbana"),
        ("DE", "240", "gc_gemensam"),
        ("DE", "241", "gc_atskild"),
        ("NO", "518", "gangbana"),
        ("NO", "520", "cykelbana"),
        ("NO", "522", "gc_gemensam"),
        ("DK", "D21", "cykelbana"),
        ("DK", "D26", "gc_atskild"),
        ("DK", "D27", "gc_gemensam"),
    ],
)
def test_the_same_number_means_what_its_own_country_says(
    country: str, number: str, path_class: str
) -> None:
    found = load(country).find(number)
    assert found is not None
    assert found.path_class == path_class


@pytest.mark.parametrize(
    ("number", "found"),
    [("241-30", "241-30"), ("241-99", "241"), ("241-30-5", "241-30"), ("d6", None), ("24", None)],
)
def test_a_variant_is_read_as_its_sign(number: str, found: str | None) -> None:
    meaning = load("DE").find(number)
    assert (meaning.code if meaning else None) == found


def test_lower_case_and_swedish_variants_are_found() -> None:
    assert [load("SE").find(n) is not None for n in ("d6", "D7-1", "D7:2", "D9")] == [
        True,
        True,
        True,
        False,
    ]


def test_a_country_without_a_catalogue_has_no_signs() -> None:
    assert load("US").signs == ()


def test_signs_of_the_past_are_not_offered_today() -> None:
    numbers = [sign.code for sign in load("FI").current()]
    assert "D6" in numbers
    assert "423" not in numbers


def test_the_number_of_the_cycle_street_sign_is_marked_unverified() -> None:
    found = load("SE").find("E33")
    assert found is not None
    assert found.verified == "U"
