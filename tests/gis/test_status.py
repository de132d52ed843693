"""Is the state of every segment the first that fits?"""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
from shapely import LineString

from gis import codes
from gis.status import ORDER, carry_answers, first_answers, marks, settle, settle_findings

SEGMENT = {"segment_id": "s1", "path_class": "gangbana", "flags": []}
FINDING = {"finding_id": "f1", "segment_id": "s1", "check_id": "A10", "severity": 1}
MARK = {"segment_id": "s1", "kind": "mark", "author": "anna", "fields": {"path_class": "gangbana"}}
DECISION = {"segment_id": "s1", "path_class": "gangbana", "author": "per"}


def segments(**changes: object) -> gpd.GeoDataFrame:
    frame = pd.DataFrame([SEGMENT | changes])
    return gpd.GeoDataFrame(frame, geometry=[LineString([(0, 0), (1, 0)])], crs=3006)


def findings(*rows: dict[str, Any]) -> gpd.GeoDataFrame:
    columns = ["finding_id", "segment_id", "check_id", "severity", "state", "evidence"]
    told = [{"state": "open", "evidence": "{}"} | FINDING | row for row in rows]
    places = gpd.points_from_xy([0] * len(told), [0] * len(told))
    return gpd.GeoDataFrame(pd.DataFrame(told, columns=columns), geometry=places)


def observed(*rows: dict[str, Any]) -> pd.DataFrame:
    columns = ["segment_id", "kind", "fields", "observed_at", "received_at", "author"]
    days = [{"observed_at": f"2026-05-{n + 1:02}", "received_at": "2026-06-01"} for n in range(9)]
    frame = pd.DataFrame(
        [day | MARK | row for day, row in zip(days, rows, strict=False)], columns=columns
    )
    return utc(frame, "observed_at", "received_at")


def decided(*rows: dict[str, Any]) -> pd.DataFrame:
    columns = ["segment_id", "path_class", "author", "decided_at"]
    told = [{"decided_at": f"2026-05-1{n}"} | DECISION | row for n, row in enumerate(rows)]
    return utc(pd.DataFrame(told, columns=columns), "decided_at")


def utc(frame: pd.DataFrame, *names: str) -> pd.DataFrame:
    times = {n: pd.to_datetime(frame[n], utc=True).astype("datetime64[us, UTC]") for n in names}
    return frame.assign(**times)


CYCLE = {"fields": {"path_class": "cykelbana"}}


@pytest.mark.parametrize(
    ("found", "seen", "taken", "status"),
    [
        pytest.param([], [], [], "proposed", id="data only"),
        pytest.param([{}], [], [], "proposed", id="a note asks nothing"),
        pytest.param([{"severity": 2}], [], [], "ambiguous", id="a question"),
        pytest.param([{"severity": 3}], [], [], "ambiguous", id="a contradiction"),
        pytest.param([{"severity": 3, "state": "accepted"}], [], [], "proposed", id="accepted"),
        pytest.param([], [{}], [], "inspected", id="a mark"),
        pytest.param([], [{"kind": "visit", "fields": {}}], [], "inspected", id="a visit"),
        pytest.param([], [{"kind": "photo", "fields": {}}], [], "proposed", id="a photo alone"),
        pytest.param([{"severity": 3}], [CYCLE], [], "inspected", id="a mark against data"),
        pytest.param([], [{}, CYCLE], [], "inspected", id="one's own later mark"),
        pytest.param([], [{}, CYCLE | {"author": "bo"}], [], "disputed", id="another person"),
        pytest.param([], [{}, {"author": "bo"}], [], "inspected", id="two who agree"),
        pytest.param(
            [],
            [{}, CYCLE | {"author": "bo"}, CYCLE],
            [],
            "inspected",
            id="the first gives in",
        ),
        pytest.param([{"severity": 3}], [], [{}], "decided", id="a decision"),
        pytest.param([], [CYCLE], [{}], "decided", id="a decision over an earlier mark"),
        pytest.param(
            [], [{}, CYCLE | {"author": "bo"}], [{}], "decided", id="a decision ends a dispute"
        ),
        pytest.param(
            [], [CYCLE | {"observed_at": "2026-05-20"}], [{}], "disputed", id="a mark against it"
        ),
        pytest.param(
            [], [{"observed_at": "2026-05-20"}], [{}], "decided", id="a mark that confirms it"
        ),
    ],
)
def test_status(
    found: list[dict[str, Any]],
    seen: list[dict[str, Any]],
    taken: list[dict[str, Any]],
    status: str,
) -> None:
    out = settle(segments(), findings(*found), observed(*seen), decided(*taken))
    assert out["status"].tolist() == [status]


@pytest.mark.parametrize(
    ("seen", "taken", "status"),
    [
        pytest.param([], [{}], "stale", id="the source changed"),
        pytest.param([], [], "proposed", id="nobody decided"),
        pytest.param([CYCLE], [{}], "disputed", id="disputed before stale"),
    ],
)
def test_a_decision_on_changed_evidence_is_stale(
    seen: list[dict[str, Any]], taken: list[dict[str, Any]], status: str
) -> None:
    late = [row | {"observed_at": "2026-05-20"} for row in seen]
    out = settle(segments(decided_stale=True), findings(), observed(*late), decided(*taken))
    assert out["status"].tolist() == [status]


def test_retired_comes_first() -> None:
    seen = observed({}, CYCLE | {"author": "bo"})
    out = settle(segments(retired=True), findings(), seen, decided({}))
    assert out["status"].tolist() == ["retired"]


def test_order_is_that_of_the_code_list() -> None:
    assert set(codes.load("status").codes) == set(ORDER)


def test_severity_and_flags_are_those_of_open_findings() -> None:
    rows = (
        {"check_id": "B04", "severity": 3},
        {"check_id": "A10"},
        {"check_id": "C04", "severity": 2, "state": "accepted"},
    )
    out = settle(segments(flags=["J06", "J01", "J20"]), findings(*rows), observed(), decided())
    assert out["severity"].tolist() == [3]
    assert out["flags"].tolist() == [["A10", "B04", "J01", "J06"]]


def test_doubt_at_an_inspected_segment_shows_in_severity() -> None:
    out = settle(segments(), findings({"severity": 3}), observed({}), decided())
    assert out[["status", "severity"]].to_numpy().tolist() == [["inspected", 3]]


def test_times_are_the_last_ones_and_null_without_people() -> None:
    out = settle(segments(), findings(), observed({}, {}), decided({}, {}))
    assert out["inspected_at"].dt.day.tolist() == [2]
    assert out["decided_at"].dt.day.tolist() == [11]
    none = settle(segments(), findings(), observed(), decided())
    assert none[["inspected_at", "decided_at"]].isna().all(axis=None)
    assert str(none["decided_at"].dtype) == "datetime64[us, UTC]"


def test_input_is_not_changed() -> None:
    before = segments()
    settle(before, findings({"severity": 3}), observed({}), decided({}))
    assert list(before.columns) == [*SEGMENT, "geometry"]


def test_the_first_answer_stands_while_people_disagree() -> None:
    seen = marks(observed({}, CYCLE | {"author": "bo"}))
    assert first_answers(seen).to_dict() == {"s1": "gangbana"}


@pytest.mark.parametrize(
    ("check_id", "state"),
    [
        pytest.param("A10", "resolved", id="the sign question"),
        pytest.param("A02", "resolved", id="an attribute question"),
        pytest.param("B04", "resolved", id="a contradiction"),
        pytest.param("D08", "resolved", id="a class jump"),
        pytest.param("J07", "resolved", id="a legal case"),
        pytest.param("A13", "open", id="a missing width"),
        pytest.param("D03", "open", id="a crossing without node"),
        pytest.param("E05", "open", id="the sources against the decision"),
    ],
)
def test_a_decision_settles_the_class_findings(check_id: str, state: str) -> None:
    out = settle_findings(findings({"check_id": check_id}), decided({}))
    assert out["state"].tolist() == [state]


def test_without_a_decision_all_stays_open() -> None:
    other = decided({"segment_id": "s2"})
    assert settle_findings(findings({"check_id": "B04"}), other)["state"].tolist() == ["open"]


@pytest.mark.parametrize(
    ("evidence", "state"),
    [
        pytest.param("{}", "accepted", id="same evidence"),
        pytest.param('{"tags":"foot=no"}', "open", id="evidence changed"),
    ],
)
def test_an_accepted_finding_stays_away_until_its_evidence_changes(
    evidence: str, state: str
) -> None:
    answers = pd.DataFrame([{"finding_id": "f1", "state": "accepted", "evidence": "{}"}])
    out = carry_answers(findings({"evidence": evidence}), answers)
    assert out["state"].tolist() == [state]
