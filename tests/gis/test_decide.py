"""Is every asked object answered, each by itself and whatever it holds?"""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from gis import codes
from gis.decide import decide_objects
from gis.errors import CodeError

KEYS = {
    "id", "path_class", "confidence", "runner_up", "basis", "rule", "reason_sv", "reason_en",
    "flags", "severity", "ambiguous", "use", "space",
}  # fmt: skip
SHARED = {"highway": "cycleway", "foot": "designated", "bicycle": "designated", "segregated": "no"}


def one(asked: dict[str, Any], country: str = "SE") -> dict[str, Any]:
    return decide_objects([asked], country)[0]


def test_an_answer_has_the_fixed_keys_and_is_json() -> None:
    answer = one({"id": "a", "signs": ["SE:D6"]})
    assert set(answer) == KEYS
    assert json.loads(json.dumps(answer)) == answer
    assert answer["use"] == {
        "foot": "designated",
        "bicycle": "designated",
        "moped2": "allowed",
        "escooter": "allowed",
    }


@pytest.mark.parametrize(
    ("asked", "severity"),
    [
        pytest.param({"signs": ["SE:D6"]}, 0, id="clear sign"),
        pytest.param({"signs": ["SE:D6"], "osm": SHARED}, 0, id="sign and data agree"),
        pytest.param({"osm": SHARED}, 1, id="data that nothing contradicts"),
        pytest.param({"osm": {"highway": "footway"}}, 1, id="untagged footway"),
        pytest.param({"osm": {"highway": "steps"}}, 1, id="data without a flag"),
        pytest.param({}, 2, id="nothing"),
        pytest.param({"signs": ["SE:D5"], "plate": "Cykling tillåten"}, 2, id="plate"),
        pytest.param({"nvdb": {"Gcm_typ": 165}}, 2, id="165"),
        pytest.param({"signs": ["SE:D6"], "signs_end": ["SE:D5"]}, 3, id="two ends"),
        pytest.param({"signs": ["SE:D5"], "osm": SHARED}, 3, id="sign against data"),
        pytest.param({"osm": {**SHARED, "traffic_sign": "SE:D5"}}, 3, id="sign in a tag"),
    ],
)
def test_grade(asked: dict[str, Any], severity: int) -> None:
    answer = one(asked)
    assert answer["severity"] == severity
    assert answer["ambiguous"] is (severity >= 2)


@pytest.mark.parametrize(
    ("sign", "country", "path_class"),
    [
        ("D6", "SE", "gc_gemensam"),
        ("D4", "FI", "gangbana"),
        ("FI:423", "SE", "gc_gemensam"),
        ("FI:425", "FI", "gc_atskild"),
        ("240,1022-10", "DE", "gc_gemensam"),
        ("DE:239,1022-10", "DE", "gangbana_cykling_tillaten"),
        ("522", "NO", "gc_gemensam"),
        ("D26", "DK", "gc_atskild"),
    ],
)
def test_signs_of_every_country(sign: str, country: str, path_class: str) -> None:
    for asked in ({"signs": [sign]}, {"osm": {"highway": "path", "traffic_sign": sign}}):
        answer = one(asked, country)
        assert (answer["path_class"], answer["basis"]) == (path_class, "sign")


def test_a_sign_is_shown_with_its_country() -> None:
    assert "FI:423" in one({"signs": ["423"]}, "FI")["reason_sv"]


@pytest.mark.parametrize("country", ["FI", "DE", "NO", "DK"])
def test_rights_are_given_for_sweden_only(country: str) -> None:
    use = one({"signs": ["SE:D6"]}, country)["use"]
    assert set(use.values()) == {"unknown"}


def test_an_unknown_country_is_refused() -> None:
    with pytest.raises(CodeError, match="SE, FI, DE, NO, DK"):
        decide_objects([{}], "XX")


def test_a_country_may_be_written_small() -> None:
    assert one({"signs": ["D6"]}, "se")["path_class"] == "gc_gemensam"


def test_a_plate_changes_the_use_of_mopeds() -> None:
    assert one({"signs": ["SE:D6"], "plate": "Moped förbjuden"})["use"]["moped2"] == "not"


@pytest.mark.parametrize(
    "nvdb",
    [
        {"Gcm_typ": 105},
        {"GCMTYP": "105"},
        {"GCM_t_502": 105.0},
        {"gcm_typ": "Gång- och cykelbana, uppdelad", "Vagtr_474": 2},
    ],
)
def test_nvdb_is_read_by_any_of_its_names(nvdb: dict[str, Any]) -> None:
    assert one({"nvdb": nvdb})["path_class"] == "gc_atskild"


@pytest.mark.parametrize(
    ("tags", "kind", "path_class"),
    [
        ({"highway": "residential", "cycleway:right": "lane"}, None, "cykelfalt"),
        ({"highway": "residential", "cycleway": "track"}, None, "cykelbana"),
        ({"highway": "residential", "sidewalk": "both"}, None, "blandtrafik"),
        ({"highway": "residential", "sidewalk": "both"}, "path", "gangbana"),
        ({"highway": "residential", "cycleway:right": "lane"}, "street", "blandtrafik"),
        ({"highway": "tertiary", "shoulder": "yes"}, None, "vagren"),
        ({"highway": "crossing", "crossing": "marked"}, None, "overgangsstalle"),
        ({"bridge": "yes"}, "crossing", "planskild_passage"),
    ],
)
def test_kind_of_an_object(tags: dict[str, str], kind: str | None, path_class: str) -> None:
    assert one({"kind": kind, "osm": tags})["path_class"] == path_class


def test_things_that_are_no_objects_are_named_in_their_place() -> None:
    answers = decide_objects([{"id": 1}, [], "x", None, {"id": 2}])
    assert [answer["id"] for answer in answers] == [1, None, None, None, 2]
    assert ["error" in answer for answer in answers] == [False, True, True, True, False]


def test_nothing_asked_is_nothing_answered() -> None:
    assert decide_objects([]) == []


@pytest.mark.parametrize("identity", [None, 1, "x", {"a": [1]}, [1, 2], 1.5, False])
def test_an_id_comes_back_as_it_was(identity: object) -> None:
    assert one({"id": identity})["id"] == identity


JUNK = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8)),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=6,
)
KNOWN = st.sampled_from(
    [
        {"highway": "footway"},
        {"highway": "residential", "cycleway:left": "track", "sidewalk": "right"},
        {"highway": ["x"], "bicycle": True, "foot": 3, "sign": "x", "kind": "y", "row": 1},
        {"Gcm_typ": "x"},
        {"Gcm_typ": 100, "Gagata": True},
        ["SE:D6", "M16"],
        ["none"],
        "SE:D5",
        {"path_class": "gangbana"},
        {"path_class": "nothing"},
    ]
)
OBJECTS = st.dictionaries(
    st.sampled_from(
        ["id", "kind", "osm", "nvdb", "signs", "signs_end", "markings", "ltf", "width_m", "plate",
         "separation", "observed", "decided", "document", "in_park"]
    ),
    JUNK | KNOWN,
    max_size=6,
)  # fmt: skip


# Deciding many at once costs as much as deciding one, so the lists are long and few.
@given(asked=st.lists(OBJECTS | JUNK, max_size=40))
@hypothesis_settings(max_examples=15)
def test_no_json_is_refused(asked: list[Any]) -> None:
    answers = decide_objects(asked)
    assert len(answers) == len(asked)
    for answer in answers:
        if "error" not in answer:
            assert set(answer) == KEYS
            assert answer["path_class"] in codes.load("path_class").assignable
            assert answer["severity"] in range(4)


@given(asked=st.lists(OBJECTS, min_size=2, max_size=20), data=st.data())
@hypothesis_settings(max_examples=10)
def test_an_object_is_answered_alike_in_any_company(
    asked: list[dict[str, Any]], data: st.DataObject
) -> None:
    at = data.draw(st.integers(1, len(asked) - 1))
    apart = [*decide_objects(asked[:at]), *decide_objects(asked[at:])]
    assert decide_objects(asked) == apart
    assert {**one(asked[0]), "id": None} == {**apart[0], "id": None}
