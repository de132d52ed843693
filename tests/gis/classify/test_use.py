"""Who may be where, and is it said with its paragraph?"""

from __future__ import annotations

import pandas as pd
import pytest

from gis import codes
from gis.classify import use_of, uses
from gis.classify.use import GROUPS, use_table

CLASSES = list(codes.load("path_class").assignable)


@pytest.mark.parametrize(
    ("path_class", "expected"),
    [
        ("cykelbana", "unknown designated allowed allowed"),
        ("gc_gemensam", "designated designated allowed allowed"),
        ("gc_atskild", "designated designated allowed allowed"),
        ("gangbana", "designated not not not"),
        ("gangbana_cykling_tillaten", "designated allowed unknown unknown"),
        ("cykelfalt", "not designated allowed allowed"),
        ("cykelgata", "allowed designated allowed allowed"),
        ("gagata", "designated allowed unknown allowed"),
        ("gangfartsomrade", "designated allowed allowed allowed"),
        ("trappa", "designated not not not"),
        ("blandtrafik", "allowed allowed allowed allowed"),
        ("okand", "unknown unknown unknown unknown"),
    ],
)
def test_class(path_class: str, expected: str) -> None:
    row = uses(pd.DataFrame({"path_class": [path_class]}), "SE").iloc[0]
    assert row.tolist() == expected.split()


@pytest.mark.parametrize("path_class", CLASSES)
def test_every_class_says_something_of_every_group_in_both_languages(path_class: str) -> None:
    told = use_of(path_class)
    assert list(told) == list(GROUPS)
    for row in told.values():
        assert row["value"] in codes.load("use").codes
        assert row["text_sv"]
        assert row["text_en"]


def test_what_is_unverified_is_never_said_of_the_law_as_known() -> None:
    table = use_table().results
    unsure = table[table["verified"].isin(["K", "U"])]
    said = unsure["text_sv"].str.contains("bekräftat|Beror")
    assert said.all()


@pytest.mark.parametrize("path_class", ["cykelbana", "gc_gemensam", "gc_atskild"])
def test_a_plate_shuts_mopeds_out(path_class: str) -> None:
    assert use_of(path_class)["moped2"]["value"] == "allowed"
    assert use_of(path_class, forbids_moped=True)["moped2"]["value"] == "not"
    facts = pd.DataFrame({"path_class": [path_class] * 2, "forbids_moped": [True, False]})
    assert uses(facts, "SE")["moped2"].tolist() == ["not", "allowed"]


def test_walking_that_data_tolerate_is_allowed_on_a_cycle_path() -> None:
    facts = pd.DataFrame({"path_class": ["cykelbana"] * 2, "walk": ["tolerated", None]})
    assert uses(facts, "SE")["foot"].tolist() == ["allowed", "unknown"]


@pytest.mark.parametrize("country", ["FI", "DE", "NO", "DK"])
def test_other_countries_law_is_not_entered(country: str) -> None:
    told = use_of("gc_gemensam", country)
    assert {row["value"] for row in told.values()} == {"unknown"}
    assert told["foot"]["text_sv"] == "Lagen i landet är inte inlagd."
    assert uses(pd.DataFrame({"path_class": ["gangbana"]}), country).iloc[0].eq("unknown").all()
