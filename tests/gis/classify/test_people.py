"""Does the right person's answer hold, and is every word read?"""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.classify.people import listed, mark_facts, metres, standing_marks
from gis.classify.words import coded, gcm, path_class, plain


def marks(*rows: tuple[str, dict[str, Any] | None]) -> dict[str, dict[str, Any]]:
    frame = pd.DataFrame(
        [{"segment_id": "s1", "author": author, "fields": fields} for author, fields in rows],
        columns=["segment_id", "author", "fields"],
    )
    return standing_marks(frame)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param([("a", {"signs": ["D4"]})], {"signs": ["D4"]}, id="one"),
        pytest.param(
            [("a", {"signs": ["D4"]}), ("b", {"signs": ["D5"]})],
            {"signs": ["D4"]},
            id="first holds",
        ),
        pytest.param(
            [("a", {"signs": ["D4"]}), ("a", {"signs": ["D5"]})], {"signs": ["D5"]}, id="own later"
        ),
        pytest.param(
            [("a", {"signs": ["D4"], "plate": "x"}), ("a", {"path_class": "gangbana"})],
            {"path_class": "gangbana"},
            id="own later replaces the whole answer",
        ),
        pytest.param(
            [("a", {"signs": ["D4"]}), ("b", {"width_m": 2})],
            {"signs": ["D4"], "width_m": 2},
            id="another adds an attribute",
        ),
        pytest.param(
            [("a", {}), ("b", {"signs": ["D5"]})], {"signs": ["D5"]}, id="a visit is none"
        ),
        pytest.param([("a", None), ("b", {"signs": ["D5"]})], {"signs": ["D5"]}, id="no fields"),
    ],
)
def test_standing(rows: list[tuple[str, dict[str, Any] | None]], expected: dict[str, Any]) -> None:
    assert marks(*rows)["s1"] == expected


def test_fields_become_facts() -> None:
    told = mark_facts({"s1": {"signs": ["D6"], "width_m": "2,4", "separation": "Kantsten"}})
    row = told.loc["s1"]
    assert (row["raw"], row["width_m"], row["separation"]) == ("D6", 2.4, "kantsten")
    assert row["observed_class"] is None or pd.isna(row["observed_class"])


@pytest.mark.parametrize(
    ("value", "expected"),
    [(100, "100"), (100.0, "100"), ("100.0", "100"), ("Gångbana", "115"), ("Trottoar", "12"),
     ("cykelpassage och övergångsställe", "125"), (-1, None), ("-1", None), ("", None),
     (None, None),
     (float("nan"), None), (True, None), ([100], None), ("999", "999"), ("2.5", "2.5")],
)  # fmt: skip
def test_gcm(value: object, expected: str | None) -> None:
    assert gcm(value) == expected


@pytest.mark.parametrize(
    ("name", "word", "code"),
    [("separation", 1, "kantsten"), ("separation", "KERB", "kantsten"), ("separation", "x", None),
     ("marking", "m16", "M16"), ("marking", "Mittlinje", "M1"), ("nattyp", 2.0, "2"),
     ("access", "official", "designated"), ("nowhere", "x", None)],
)  # fmt: skip
def test_coded(name: str, word: object, code: str | None) -> None:
    assert coded(name, word) == code


@pytest.mark.parametrize(
    ("word", "expected"),
    [("Gågata", "gagata"), ("gangfart", "gangfartsomrade"), ("Cycle lane", "cykelfalt"),
     ("enskild_vag", None), (5, None), (None, None)],
)  # fmt: skip
def test_path_class(word: object, expected: str | None) -> None:
    assert path_class(word) == expected


ANY = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text()),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


@given(value=ANY)
def test_no_value_is_refused(value: object) -> None:
    assert isinstance(plain(value), str)
    assert all(isinstance(word, str) for word in listed(value))
    width = metres(value)
    assert width is None or width > 0
    gcm(value)
    path_class(value)
    coded("marking", value)
