"""Does every rule decide what it says, with a reason a person can read?"""

from __future__ import annotations

import re
from string import Formatter
from typing import Any

import pytest

from gis import codes
from gis.classify import classification_table, classify, osm_table
from gis.classify.asked import asked_facts
from gis.csvfile import rows
from gis.settings import data_dir

TABLE = classification_table()
SOFT = {"confidence": "low", "basis": "data"}
HARD = {"confidence": "high", "basis": "sign"}
LAW = {"confidence": "high", "basis": "regulation"}
FORM = {"confidence": "medium", "basis": "form"}
NONE = {"confidence": "none", "basis": "none"}


def decided(asked: dict[str, Any], country: str = "SE") -> dict[str, Any]:
    row = classify(asked_facts([asked], country), country).iloc[0]
    return {str(name): value for name, value in row.items()}


CASES: list[tuple[str, dict[str, Any], str, dict[str, str]]] = [
    ("R00a", {"decided": {"path_class": "gangbana"}, "signs": ["D6"]}, "gangbana",
     {"confidence": "high", "basis": "decision"}),
    ("R01", {"ltf": {"path_class": "gagata"}}, "gagata", LAW),
    ("R02", {"ltf": "gångfartsområde"}, "gangfartsomrade", LAW),
    ("R03", {"ltf": {"path_class": "cykelgata"}}, "cykelgata", LAW),
    ("R00b", {"ltf": {"path_class": "cykelbana"}}, "cykelbana", LAW),
    ("R01a", {"signs": ["SE:E7"]}, "gagata", HARD),
    ("R01b", {"nvdb": {"Gagata": 1}}, "gagata", LAW),
    ("R02a", {"signs": ["SE:E9"]}, "gangfartsomrade", HARD),
    ("R02b", {"nvdb": {"L_Gangfartsomrade": "ja"}}, "gangfartsomrade", LAW),
    ("R03a", {"signs": ["SE:E33"]}, "cykelgata", HARD),
    ("R04", {"kind": "crossing", "signs": ["B8"], "markings": ["M16", "M14"]}, "cykeloverfart",
     HARD),
    ("R04a", {"kind": "crossing", "signs": ["B8"]}, "cykeloverfart",
     {"confidence": "low", "basis": "sign"}),
    ("R05a", {"kind": "crossing", "signs": ["B8"], "markings": ["M16"]}, "cykelpassage",
     {"confidence": "low", "basis": "sign"}),
    ("R05", {"kind": "crossing", "markings": ["M16"]}, "cykelpassage",
     {"confidence": "medium", "basis": "marking"}),
    ("R06", {"kind": "crossing", "signs": ["B3"]}, "overgangsstalle", HARD),
    ("R06a", {"kind": "crossing", "markings": ["M15"]}, "overgangsstalle",
     {"confidence": "high", "basis": "marking"}),
    ("R06b", {"kind": "crossing", "observed": {"path_class": "cykelpassage"}}, "cykelpassage",
     FORM),
    ("R07", {"nvdb": {"Gcm_typ": 135}}, "cykelpassage", SOFT),
    ("R07a", {"kind": "crossing", "nvdb": {"Passagetyp": 2}}, "planskild_passage", SOFT),
    ("R07b", {"kind": "crossing", "nvdb": {"Passagetyp": 5}}, "ordnad_passage", SOFT),
    ("R08", {"kind": "crossing", "markings": ["none"]}, "ordnad_passage", FORM),
    ("R08osm", {"kind": "crossing", "osm": {"crossing": "unmarked"}}, "ordnad_passage", FORM),
    ("R08a", {"kind": "crossing"}, "ordnad_passage", {"confidence": "low", "basis": "form"}),
    ("R09", {"signs": ["D7"]}, "gc_atskild", HARD),
    ("R10", {"signs": ["D6"]}, "gc_gemensam", HARD),
    ("R11", {"signs": ["D4"]}, "cykelbana", HARD),
    ("R12", {"signs": ["D5"], "plate": "Cykling tillåten"}, "gangbana_cykling_tillaten",
     {"confidence": "low", "basis": "sign"}),
    ("R13", {"signs": ["D5"]}, "gangbana", HARD),
    ("R13a", {"signs": ["D8"]}, "stig_led", {"confidence": "medium", "basis": "sign"}),
    ("R13b", {"signs": ["NO:521"], "kind": "lane"}, "cykelfalt", HARD),
    ("R14", {"kind": "lane", "markings": ["M5"]}, "cykelfalt",
     {"confidence": "medium", "basis": "marking"}),
    ("R14a", {"observed": {"path_class": "gc_gemensam"}}, "gc_gemensam", FORM),
    ("R15", {"separation": "kantsten", "nvdb": {"Gcm_typ": 115}}, "gangbana", FORM),
    ("R15a", {"osm": {"highway": "footway", "footway": "sidewalk"}}, "gangbana", FORM),
    ("R16", {"markings": ["delningslinje", "cykelsymbol"]}, "gc_atskild",
     {"confidence": "low", "basis": "marking"}),
    ("R16a", {"markings": ["cykelsymbol"]}, "cykelbana", {"confidence": "low", "basis": "marking"}),
    ("R16b", {"document": {"path_class": "cykelbana"}}, "cykelbana",
     {"confidence": "medium", "basis": "decision"}),
    ("R17", {"nvdb": {"Gcm_typ": "120"}}, "cykelfalt", SOFT),
    ("R18", {"nvdb": {"Gcm_typ": 155}}, "trappa", SOFT),
    ("R18a", {"nvdb": {"GCMTYP": 15}}, "ramp", SOFT),
    ("R19", {"nvdb": {"Gcm_typ": 105}}, "gc_atskild", SOFT),
    ("R20", {"nvdb": {"Gcm_typ": 110}}, "cykelbana", SOFT),
    ("R21", {"nvdb": {"GCM_t_502": 29}}, "cykelbana", SOFT),
    ("R22", {"nvdb": {"Gcm_typ": 100}}, "gc_gemensam", SOFT),
    ("R22a", {"nvdb": {"Vagtr_474": 2}}, "gc_gemensam", SOFT),
    ("R23", {"nvdb": {"Gcm_typ": 12}}, "gangbana", SOFT),
    ("R23a", {"nvdb": {"Gcm_typ": 14}}, "gangbana", SOFT),
    ("R23b", {"nvdb": {"Vagtr_474": "4"}}, "gangbana", SOFT),
    ("R24", {"nvdb": {"Gcm_typ": 160}}, "torg_oppen_yta", SOFT),
    ("R25", {"nvdb": {"Gcm_typ": 165, "Vagtr_474": 2}}, "okand", NONE),
    ("R26", {"osm": {"highway": "footway"}}, "gangbana", SOFT),
    ("R26none", {"osm": {"highway": "cycleway", "bicycle": "no"}}, "okand", NONE),
    ("R27", {"nvdb": {"Gcm_typ": 170}}, "stig_led", SOFT),
    ("R27osm", {"osm": {"highway": "path"}}, "stig_led", SOFT),
    ("R28", {"osm": {"highway": "path", "leisure": "park"}}, "parkvag",
     {"confidence": "low", "basis": "none"}),
    ("R28a", {"in_park": True}, "parkvag", {"confidence": "low", "basis": "none"}),
    ("R29a", {"nvdb": {"Gcm_typ": 175}}, "okand", NONE),
    ("R29", {}, "okand", NONE),
]  # fmt: skip

ANSWERED = {
    country: classify(asked_facts([case[1] for case in CASES], country), country)
    for country in ("SE", "FI")
}


# What a row publishes as its rule where the reading of OSM gives the reason.
BY_READING = {"R08osm": "R08", "R26": "R26", "R26none": "R26", "R27osm": "R27", "R28": "R28"}


@pytest.mark.parametrize("number", range(len(CASES)), ids=[case[0] for case in CASES])
def test_rule(number: int) -> None:
    rule, _, path_class, told = CASES[number]
    row = ANSWERED["SE"].iloc[number]
    assert row["path_class"] == path_class
    assert {key: row[key] for key in told} == told
    if rule in BY_READING:
        assert row["rule"].startswith(BY_READING[rule])
    else:
        assert row["rule"] == rule


def test_every_row_of_the_table_has_a_case() -> None:
    assert sorted(case[0] for case in CASES) == sorted(TABLE.results["rule"])


def test_all_29_steps_stand_in_the_table() -> None:
    steps = {rule[:3] for rule in TABLE.results["rule"]}
    assert steps >= {f"R{step:02d}" for step in range(1, 30)}


def test_published_rules_are_unique_over_both_tables() -> None:
    own = TABLE.results.loc[TABLE.results["reason_sv"].ne("{osm_reason}"), "rule"]
    assert own.is_unique
    assert osm_table().results["rule"].is_unique


PLACEHOLDERS = {
    "class", "sign", "sign_end", "sign_class", "mark_class", "marks", "ban", "ltf", "gcm", "tags",
    "nosign", "osm_reason",
}  # fmt: skip
TEXTS = [
    pytest.param(row[f"reason_{lang}"], id=f"{name} {row['rule']} {lang}")
    for name in ("classification", "osm_reading")
    for row in rows(data_dir() / "rules" / f"{name}.csv")
    for lang in ("sv", "en")
    if row["rule"] != "none"
]


@pytest.mark.parametrize("text", TEXTS)
def test_every_reason_ends_as_a_sentence_and_names_only_known_things(text: str) -> None:
    names = {name for _, name, _, _ in Formatter().parse(text) if name}
    assert names <= PLACEHOLDERS
    assert text.endswith((".", "{osm_reason}"))


@pytest.mark.parametrize("number", range(len(CASES)), ids=[case[0] for case in CASES])
@pytest.mark.parametrize("country", ["SE", "FI"])
def test_reasons_are_filled_in_both_languages(number: int, country: str) -> None:
    row = ANSWERED[country].iloc[number]
    for lang in ("sv", "en"):
        text = row[f"reason_{lang}"]
        assert text.endswith(".")
        assert not re.search(r"[{}]|\bNone\b|\bnan\b", text)
    assert row["reason_sv"] != row["reason_en"]


def test_a_reason_reads_as_a_planner_writes() -> None:
    row = decided({"osm": {"highway": "cycleway", "foot": "designated", "segregated": "yes"}})
    assert row["reason_sv"] == (
        "Ingen skylt är känd här; OpenStreetMap säger highway=cycleway, foot=designated och"
        " segregated=yes, alltså presumeras uppdelad gång- och cykelbana."
    )


def test_a_reason_names_what_agrees_and_what_speaks_against() -> None:
    tags = {"highway": "path", "bicycle": "designated", "foot": "designated"}
    row = decided({"signs": ["D6"], "nvdb": {"Gcm_typ": 115}, "osm": tags})
    assert "NVDB säger däremot Gångbana (115)." in row["reason_sv"]
    assert "OpenStreetMap säger samma sak: highway=path" in row["reason_sv"]
    assert row["runner_up"] == "gangbana"


def test_every_class_can_be_the_answer_and_has_a_space() -> None:
    classes = list(codes.load("path_class").assignable)
    asked = [{"decided": {"path_class": path_class}} for path_class in classes]
    found = classify(asked_facts(asked, "SE"), "SE")
    assert found["path_class"].tolist() == classes
    assert set(found["space"]) <= set(codes.load("space").codes)


GCM = [row["gcm"] for row in rows(data_dir() / "rules" / "nvdb_reading.csv")]


WRITTEN = [(code, value) for code in GCM for value in (code, int(code), float(code))]
BY_CODE = classify(asked_facts([{"nvdb": {"Gcm_typ": value}} for _, value in WRITTEN], "SE"), "SE")


@pytest.mark.parametrize("number", range(len(WRITTEN)), ids=[repr(w[1]) for w in WRITTEN])
def test_every_gcm_code_is_answered_however_it_is_written(number: int) -> None:
    code, row = WRITTEN[number][0], BY_CODE.iloc[number]
    hint = next(r for r in rows(data_dir() / "rules" / "nvdb_reading.csv") if r["gcm"] == code)
    assert row["path_class"] == (hint["path_class"] or "okand")
    assert code in row["reason_sv"] or row["rule"] == "R17"


def test_all_45_codes_are_read() -> None:
    assert len(GCM) == 45
    assert set(GCM) == set(codes.load("nvdb_gcm").codes)


def test_an_unknown_code_is_unknown_and_says_so() -> None:
    row = decided({"nvdb": {"Gcm_typ": 999}})
    assert (row["path_class"], row["flags"]) == ("okand", ["J00"])
    assert "999 (okänd kod)" in row["reason_sv"]


def test_a_net_type_counts_only_without_a_code() -> None:
    assert decided({"nvdb": {"Gcm_typ": 115, "Vagtr_474": 2}})["path_class"] == "gangbana"


def test_a_kerb_is_no_pavement_where_cyclists_belong() -> None:
    asked = {"separation": "kantsten", "osm": {"highway": "cycleway"}}
    assert decided(asked)["path_class"] == "cykelbana"
    assert (
        decided({"separation": "kantsten", "nvdb": {"Gcm_typ": 100}})["path_class"] == "gc_gemensam"
    )


def test_path_signs_do_not_make_a_crossing_a_path() -> None:
    row = decided({"kind": "crossing", "signs": ["D6"], "osm": {"crossing": "marked"}})
    assert row["path_class"] == "overgangsstalle"


def test_signs_that_differ_at_the_ends_are_never_certain() -> None:
    row = decided({"signs": ["D6"], "signs_end": ["D5"]})
    assert (row["confidence"], row["runner_up"]) == ("medium", "gangbana")
    assert row["flags"] == row["clashes"] == ["J04"]
