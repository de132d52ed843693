"""Which operations of a phone can be understood?"""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.marks.shape import fault

OP_ID = "01890a5d-ac96-774b-bcce-b302099a8057"


def operation(**changes: object) -> dict[str, Any]:
    """Make a mark that is fine but for the changes."""
    good: dict[str, Any] = {
        "op_id": OP_ID,
        "kind": "mark",
        "segment_id": "s1",
        "base_version": 1,
        "fields": {"path_class": "gangbana", "signs": ["D5"], "width_m": 1.8},
        "observed_at": "2026-05-12T09:00:00+02:00",
        "fix": {"lon": 15.6, "lat": 56.2, "accuracy_m": 4.0},
    }
    return good | changes


def test_a_whole_operation_is_understood() -> None:
    assert fault(operation()) is None


@pytest.mark.parametrize("name", ["base_version", "fields", "observed_at", "fix"])
def test_what_may_be_absent_may_be_null_or_left_out(name: str) -> None:
    assert fault(operation(**{name: None})) is None
    assert fault({key: value for key, value in operation().items() if key != name}) is None


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        pytest.param({"op_id": "x"}, "bad_op_id", id="no UUID"),
        pytest.param({"op_id": None}, "bad_op_id", id="no id"),
        pytest.param({"kind": "delete"}, "bad_kind", id="unknown kind"),
        pytest.param({"segment_id": 7}, "bad_segment", id="segment is a number"),
        pytest.param({"base_version": "1"}, "bad_version", id="version as text"),
        pytest.param({"base_version": True}, "bad_version", id="version as truth"),
        pytest.param({"base_version": -1}, "bad_version", id="version below nought"),
        pytest.param({"observed_at": "2026-05-12T09:00:00"}, "bad_time", id="no zone"),
        pytest.param({"observed_at": "yesterday"}, "bad_time", id="no time"),
        pytest.param({"fix": {"lon": 15.6}}, "bad_fix", id="no latitude"),
        pytest.param({"fix": {"lon": "15.6", "lat": 56.2}}, "bad_fix", id="longitude as text"),
        pytest.param({"fix": {"lon": 181, "lat": 56.2}}, "bad_fix", id="off the earth"),
        pytest.param({"fix": {"lon": float("nan"), "lat": 1}}, "bad_fix", id="not a number"),
        pytest.param({"fields": {"width_m": "1,2"}}, "bad_fields", id="width as text"),
        pytest.param({"fields": {"width_m": 0}}, "bad_fields", id="no width"),
        pytest.param({"fields": {"signs": "D4"}}, "bad_fields", id="signs as text"),
        pytest.param({"fields": {"signs": [4]}}, "bad_fields", id="sign as number"),
        pytest.param({"fields": {"path_class": "motorvag"}}, "bad_fields", id="unknown class"),
        pytest.param({"fields": {"path_class": "enskild_vag"}}, "bad_fields", id="no class"),
        pytest.param({"fields": []}, "bad_fields", id="fields as list"),
        pytest.param({"photo_sha256": "abc"}, "bad_photo", id="short digest"),
    ],
)
def test_what_is_wrong_is_named(changes: dict[str, object], key: str) -> None:
    assert fault(operation(**changes)) == key


def test_a_field_of_a_newer_form_is_kept_as_it_came() -> None:
    assert fault(operation(fields={"kerb_cm": 12})) is None


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(), st.lists, max_leaves=5))
def test_junk_is_named_and_never_raises(junk: object) -> None:
    assert fault(junk) == "not_object"
    assert fault(operation(op_id=str(uuid4()), fields=junk)) in (None, "bad_fields")
