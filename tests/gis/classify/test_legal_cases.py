"""Is a legal case named under its own conditions, and only there?"""

from __future__ import annotations

from typing import Any

import pytest

from gis.classify import classify, graded_cases
from gis.classify.asked import asked_facts
from gis.classify.cases import grades
from gis.csvfile import rows
from gis.settings import data_dir


def flags(asked: dict[str, Any], country: str = "SE") -> dict[str, int]:
    found = classify(asked_facts([asked], country), country)
    graded = graded_cases(found)
    return dict(zip(graded["check_id"], graded["severity"], strict=True))


D6 = {"signs": ["D6"]}
BARE = {"osm": {"highway": "footway"}}
NOTE, QUESTION, CLASH = 1, 2, 3


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        pytest.param({}, {"J00": QUESTION}, id="J00"),
        pytest.param(D6, {}, id="a clear sign"),
        pytest.param({**D6, "nvdb": {"Gcm_typ": 100}}, {}, id="sign and data agree"),
        pytest.param({"nvdb": {"Gcm_typ": 100}}, {"J01": NOTE}, id="J01 NVDB"),
        pytest.param(BARE, {"J01": NOTE, "J29": NOTE}, id="untagged footway stays a note"),
        pytest.param(
            {**D6, "signs_end": ["none"]}, {"J02": CLASH, "J03": NOTE}, id="J02 seen to be missing"
        ),
        pytest.param({**D6, "signs_end": []}, {}, id="not J02: nobody looked"),
        pytest.param({**D6, "signs_end": ["D5"]}, {"J04": CLASH}, id="J04"),
        pytest.param({**D6, "signs_end": ["D6"]}, {}, id="not J04"),
        pytest.param({**D6, "nvdb": {"Gcm_typ": 115}}, {"J05": CLASH}, id="J05 NVDB"),
        pytest.param({**D6, **BARE}, {}, id="not J05: untagged"),
        pytest.param(
            {**D6, "osm": {"highway": "footway", "bicycle": "no"}}, {"J05": CLASH}, id="J05 OSM"
        ),
        pytest.param(
            {"signs": ["D5"], "osm": {"highway": "cycleway"}}, {"J05": CLASH}, id="J05 foot sign"
        ),
        pytest.param({**D6, "markings": ["delning"]}, {"J06": CLASH}, id="J06 painted"),
        pytest.param({"signs": ["D7"], "markings": ["none"]}, {"J06": CLASH}, id="J06 none seen"),
        pytest.param({"signs": ["D7"]}, {}, id="not J06 nor J25: nothing speaks against"),
        pytest.param(
            {"signs": ["D7"], "osm": {"highway": "cycleway", "segregated": "no"}},
            {"J05": CLASH, "J06": QUESTION},
            id="J06 by tag",
        ),
        pytest.param(
            {"signs": ["D5"], "plate": "Cykling tillåten"},
            {"J07": QUESTION, "J15": NOTE},
            id="J07 always",
        ),
        pytest.param({"signs": ["D5"]}, {}, id="not J07"),
        pytest.param({"nvdb": {"Gcm_typ": 165}}, {"J09": QUESTION}, id="J09"),
        pytest.param({"nvdb": {"Gcm_typ": 9}}, {"J09": QUESTION}, id="J09 old code"),
        pytest.param({**D6, "nvdb": {"Gcm_typ": 165}}, {}, id="not J09: the sign decides"),
        pytest.param({"nvdb": {"Gcm_typ": 160}}, {"J10": QUESTION}, id="J10"),
        pytest.param({"nvdb": {"Gcm_typ": 170}}, {"J11": NOTE}, id="J11"),
        pytest.param({**D6, "nvdb": {"Vagha_6": 3}}, {"J12": NOTE}, id="J12"),
        pytest.param({"signs": ["D5"], "near_school": True}, {"J13": NOTE}, id="J13"),
        pytest.param(
            {"kind": "crossing", "signs": ["B8"], "markings": ["M16", "M14"]},
            {"J17": QUESTION},
            id="J17 regulation unknown",
        ),
        pytest.param(
            {"kind": "crossing", "signs": ["B8"], "markings": ["M16", "M14"], "ltf": {"id": "1"}},
            {},
            id="not J17: all known",
        ),
        pytest.param(
            {"kind": "crossing", "signs": ["B8"], "markings": ["M16"]},
            {"J17": CLASH},
            id="J17 paint",
        ),
        pytest.param({"kind": "crossing", "markings": ["M16"]}, {}, id="not J17"),
        pytest.param(
            {"markings": ["M16"], "nvdb": {"Gcm_typ": 140}},
            {"J17": QUESTION},
            id="J17 NVDB",
        ),
        pytest.param({"nvdb": {"Gcm_typ": 145}}, {"J18": NOTE}, id="J18 NVDB"),
        pytest.param({"kind": "crossing", "signs": ["B3"]}, {"J18": NOTE}, id="J18"),
        pytest.param(
            {"signs": ["E7"], "ltf": {"id": "1080 2020:1"}}, {"J19": QUESTION}, id="J19 no end"
        ),
        pytest.param(
            {"signs": ["E7"], "signs_end": ["E8"], "ltf": {"path_class": "gagata"}},
            {},
            id="not J19",
        ),
        pytest.param(
            {"signs": ["E7"], "signs_end": ["E8"]}, {"J30": QUESTION}, id="J30 no regulation"
        ),
        pytest.param({"ltf": {"path_class": "cykelgata"}}, {"J30": QUESTION}, id="J30 no sign"),
        pytest.param(
            {"ltf": {"path_class": "cykelgata"}, "signs": ["E9"]}, {"J30": CLASH}, id="J30 clash"
        ),
        pytest.param({"nvdb": {"Gcm_typ": 120}}, {"J20": QUESTION}, id="J20 NVDB"),
        pytest.param({"kind": "lane", "markings": ["M5"]}, {}, id="not J20: M5 seen"),
        pytest.param(
            {"osm": {"highway": "residential", "cycleway:right": "lane"}},
            {},
            id="not J20: tag alone",
        ),
        pytest.param(
            {"osm": {"highway": "residential", "cycleway:right": "lane"}, "markings": ["M2"]},
            {"J20": QUESTION},
            id="J20 another line seen",
        ),
        pytest.param(
            {"osm": {"highway": "cycleway", "foot": "no", "oneway": "yes"}},
            {"J01": NOTE, "J22": NOTE},
            id="J22",
        ),
        pytest.param(
            {**D6, "osm": {"highway": "cycleway", "moped": "no"}}, {"J23": NOTE}, id="J23"
        ),
        pytest.param(
            {**D6, "plate": "Moped förbjuden", "osm": {"highway": "cycleway", "moped": "no"}},
            {},
            id="not J23: plate",
        ),
        pytest.param({"signs": ["D4"]}, {"J24": NOTE}, id="J24"),
        pytest.param({"nvdb": {"Gcm_typ": 155}}, {"J27": NOTE}, id="J27"),
        pytest.param({"osm": {"highway": "steps"}}, {}, id="not J27"),
        pytest.param(
            {"osm": {"highway": "steps"}, "bicycle_route": True}, {"J27": NOTE}, id="J27 led"
        ),
        pytest.param(
            {"osm": {"highway": "residential"}, "bicycle_route": True}, {"J28": NOTE}, id="J28"
        ),
        pytest.param({"osm": {"highway": "residential"}}, {}, id="not J28"),
    ],
)
def test_case(asked: dict[str, Any], expected: dict[str, int]) -> None:
    assert flags(asked) == expected


@pytest.mark.parametrize("code", ["J13", "J17", "J18", "J19", "J24", "J30"])
def test_cases_of_swedish_law_are_named_in_sweden_only(code: str) -> None:
    asked: list[dict[str, Any]] = [
        {"signs": ["SE:E7"]},
        {"signs": ["SE:D4"]},
        {"kind": "crossing", "signs": ["SE:B8"]},
        {"kind": "crossing", "signs": ["SE:B3"]},
        {"signs": ["SE:D5"], "near_school": True},
    ]
    at_home = {flag for each in asked for flag in flags(each)}
    abroad = {flag for each in asked for flag in flags(each, "FI")}
    assert code in at_home
    assert code not in abroad


CASES = rows(data_dir() / "rules" / "legal_cases.csv")


def test_all_31_cases_stand_in_the_table() -> None:
    assert [row["code"] for row in CASES] == [f"J{number:02d}" for number in range(31)]


@pytest.mark.parametrize("row", [pytest.param(row, id=row["code"]) for row in CASES])
def test_every_case_is_worded_and_graded(row: dict[str, str]) -> None:
    assert all(
        row[f"{name}_{lang}"] for name in ("label", "why", "message") for lang in ("sv", "en")
    )
    assert row["source"]
    alone, clash = grades()[row["code"]]
    assert 1 <= alone <= clash <= CLASH


@pytest.mark.parametrize("code", ["J02", "J04", "J05", "J17", "J25", "J30"])
def test_a_clash_of_seen_things_is_a_contradiction(code: str) -> None:
    assert grades()[code] == (QUESTION, CLASH)


@pytest.mark.parametrize(
    "code",
    ["J01", "J03", "J11", "J12", "J13", "J18", "J21", "J22", "J23", "J24", "J27", "J28", "J29"],
)
def test_these_are_notes(code: str) -> None:
    assert grades()[code] == (NOTE, NOTE)
