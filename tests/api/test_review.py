"""Does a planner see all that speaks for a class, take back a decision, and accept a finding?"""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING, Any

import pytest

from api.pages.login import WORKPLACES
from api.pages.review_detail import candidates
from gis import inventory
from gis.store import open_store
from tests.api.conftest import COUNT, ROLES, WORDS
from tests.api.writing import ITEMS, PATCH, decision, first, mark, send, settle

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from httpx2 import Response
    from starlette.testclient import TestClient

    Bearer = Callable[[str | None], dict[str, str]]

HTML = {"accept": "text/html"}
FINDINGS = "/ogc/collections/findings/items"
OTHERS = [role for role in ROLES if role != "planner"]


def detail(client: TestClient, who: dict[str, str], segment_id: str = "") -> dict[str, Any]:
    """Return what the panel shows of a segment, the first by default."""
    told: dict[str, Any] = client.get(
        f"/api/review/{segment_id or first(client)}", headers=who
    ).json()
    return told


def decide(client: TestClient, who: dict[str, str], path_class: str = "cykelbana") -> Response:
    """Settle the first segment on what stands."""
    tag = detail(client, who)["etag"]
    return settle(client, who, tag, decision(path_class, reason="Skylt D4"))


def undo(client: TestClient, who: dict[str, str], *, key: str = "", **body: object) -> Response:
    """Take the decision on the first segment back."""
    headers = who | {"idempotency-key": key or str(uuid.uuid4())}
    return client.post(f"/api/segments/{first(client)}/undo", json=body, headers=headers)


def accept(
    client: TestClient, who: dict[str, str], finding: dict[str, Any], **more: object
) -> Response:
    """Accept a finding on what stands."""
    headers = who | {"content-type": PATCH, "if-match": finding["etag"]}
    body = {"properties": {"state": "accepted", "reason": "Så ska det vara.", **more}}
    return client.patch(f"{FINDINGS}/{finding['finding_id']}", json=body, headers=headers)


def state(tag: str) -> str:
    """Return what of a tag is compared: version and digest, not the view."""
    return tag.rpartition("-")[0]


def queue(client: TestClient, who: dict[str, str]) -> list[str]:
    """Return the ids of the queue, in order."""
    told = client.get("/api/review", headers=who).json()
    return [told["segments"]["segment_id"][row] for row in told["queue"]]


@pytest.mark.parametrize("role", [None, *ROLES])
def test_the_page_is_for_planners(client: TestClient, bearer: Bearer, role: str | None) -> None:
    answer = client.get("/granska", headers=HTML | bearer(role))
    if role == "planner":
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "no-store"
    elif role is None:
        assert (answer.status_code, answer.headers["location"]) == (303, "/logga-in")
    else:
        assert answer.status_code == 404
        assert "content-security-policy" in answer.headers


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/review"),
        ("GET", "/api/review/s000000000000000"),
        ("POST", "/api/segments/s000000000000000/undo"),
        ("PATCH", f"{FINDINGS}/f000000000000000"),
    ],
)
def test_what_the_page_calls_is_for_planners(
    client: TestClient, bearer: Bearer, method: str, path: str
) -> None:
    assert client.request(method, path).status_code == 401
    for role in OTHERS:
        assert client.request(method, path, headers=bearer(role)).status_code == 404
    assert client.request(method, path, headers=bearer("planner")).status_code not in {401, 404}


def test_the_page_keeps_its_policy_and_the_open_segment(client: TestClient, bearer: Bearer) -> None:
    answer = client.get("/granska?segment=s1%22%3E%3Cb%3E", headers=HTML | bearer("planner"))
    drawn = re.search(r"'nonce-([\w-]+)'", answer.headers["content-security-policy"])
    assert drawn is not None
    tags = re.findall(r"<script\b([^>]*)>", answer.text)
    assert sum("/static/map.review-" in tag for tag in tags) == 1
    assert all(f'nonce="{drawn[1]}"' in tag or "application/json" in tag for tag in tags)
    assert "?segment=s1%22%3E%3Cb%3E&amp;lang=en" in answer.text
    assert "<b>" not in answer.text
    for hook in ("decide", "undo", "map"):
        assert answer.text.count(f'data-testid="{hook}"') == 1
    assert not re.search(r"\sstyle=|\son\w+=", answer.text.partition("<script")[0])


@pytest.mark.parametrize(("lang", "heading"), [("sv", "Granska"), ("en", "Review")])
def test_the_page_speaks_both_languages(
    client: TestClient, bearer: Bearer, lang: str, heading: str
) -> None:
    text = client.get(f"/granska?lang={lang}", headers=HTML | bearer("planner")).text
    client.cookies.clear()
    assert f'<html lang="{lang}"' in text
    assert f">{heading}" in text


def test_the_log_in_leads_a_planner_to_work(fresh: TestClient) -> None:
    for name in ROLES:
        answer = fresh.post("/logga-in", data={"username": name, "password": WORDS})
        assert answer.headers["location"] == WORKPLACES.get(name, "/")
    assert WORKPLACES["planner"] == "/granska"


@pytest.mark.parametrize("role", [None, *ROLES])
def test_only_planners_see_the_page_named(
    client: TestClient, bearer: Bearer, role: str | None
) -> None:
    for path in ("/", "/om"):
        text = client.get(path, headers=HTML | bearer(role)).text
        assert ('href="/granska"' in text) == (role == "planner")


def test_the_panel_tells_the_evidence_with_the_tag_to_decide_on(
    live: TestClient, bearer: Bearer
) -> None:
    told = detail(live, bearer("planner"))
    assert state(told["etag"]) == state(live.get(f"{ITEMS}/{first(live)}").headers["etag"])
    assert told["evidence"][0]["says"]["highway"] == "footway"
    assert told["candidates"][0]["path_class"] == told["segment"]["path_class"]
    assert told["candidates"][0]["speaks"][0]["reason_sv"]
    assert {"cykelbana", "okand"} < set(told["classes"])
    assert "enskild_vag" not in told["classes"]
    for finding in told["findings"]:
        shown = live.get(f"{FINDINGS}/{finding['finding_id']}")
        assert state(shown.headers["etag"]) == state(finding["etag"])
    assert (told["decided"], told["answers"], told["history"]) == (False, [], [])


def test_there_is_no_panel_of_a_segment_that_is_not_there(
    client: TestClient, bearer: Bearer
) -> None:
    assert client.get("/api/review/nothing", headers=bearer("planner")).status_code == 404
    assert client.get("/api/review/a%00b", headers=bearer("planner")).status_code == 404


def test_each_person_answers_once_and_both_answers_are_candidates(
    live: TestClient, bearer: Bearer
) -> None:
    send(live, bearer("inspector"), mark(live, signs=["SE:D6"]))
    send(live, bearer("inspector"), mark(live, signs=["SE:D4"], note="<b>rostig</b>"))
    send(live, bearer("planner"), mark(live, path_class="gangbana"))
    told = detail(live, bearer("planner"))
    said = [(one["author"], one["path_class"]) for one in told["answers"]]
    assert said == [("inspector", "cykelbana"), ("planner", "gangbana")]
    assert told["answers"][0]["fields"]["signs"] == ["SE:D4"]
    speaks = {one["path_class"]: one["speaks"] for one in told["candidates"]}
    assert {"cykelbana", "gangbana"} <= set(speaks)
    assert any(one.get("author") == "inspector" for one in speaks["cykelbana"])


def test_an_answer_that_was_taken_back_is_no_answer(live: TestClient, bearer: Bearer) -> None:
    wrong = mark(live, path_class="cykelbana")
    send(live, bearer("inspector"), wrong)
    back = mark(live, op_id=wrong["op_id"]) | {"kind": "undo"}
    assert send(live, bearer("inspector"), back)[0]["result"] == "applied"
    assert detail(live, bearer("planner"))["answers"] == []


SEGMENT = {
    "path_class": "gangbana", "runner_up": "gc_gemensam", "reason_sv": "Skäl.",
    "reason_en": "Reason.", "basis": "data", "confidence": "low",
}  # fmt: skip


@pytest.mark.parametrize(
    ("segment", "finding", "expected"),
    [
        ({}, {}, ["gangbana", "gc_gemensam"]),
        ({"runner_up": None}, {}, ["gangbana"]),
        ({"path_class": "okand"}, {}, ["gc_gemensam"]),
        ({"runner_up": "gangbana"}, {}, ["gangbana"]),
        ({}, {"evidence": {"claim_class": "cykelbana"}}, ["gangbana", "gc_gemensam", "cykelbana"]),
        ({}, {"evidence": {"claim_class": "cykelbana"}, "severity": 1},
         ["gangbana", "gc_gemensam"]),
        ({}, {"evidence": {"claim_class": "cykelbana"}, "state": "accepted"},
         ["gangbana", "gc_gemensam"]),
        ({}, {"evidence": {"claim_class": "enskild_vag", "n": 5}}, ["gangbana", "gc_gemensam"]),
    ],
)  # fmt: skip
def test_candidates_stand_in_order_and_can_be_decided(
    segment: dict[str, Any], finding: dict[str, Any], expected: list[str]
) -> None:
    asked = {"severity": 2, "state": "open", "evidence": {}, **finding}
    found = candidates({**SEGMENT, **segment}, [], [], [asked])
    assert [one["path_class"] for one in found] == expected


def test_a_decision_taken_back_stands_in_the_history_and_counts_no_more(
    live: TestClient, bearer: Bearer
) -> None:
    who = bearer("planner")
    before = detail(live, who)["segment"]
    assert decide(live, who).status_code == 200
    stood = detail(live, who)
    assert (stood["decided"], stood["segment"]["status"]) == (True, "decided")
    answer = undo(live, who, version=stood["segment"]["version"])
    assert answer.status_code == 201
    after = detail(live, who)
    assert (answer.json()["etag"], after["decided"]) == (after["etag"], False)
    assert after["segment"]["version"] == before["version"] + 2
    for name in ("path_class", "status", "severity", "decided_at"):
        assert after["segment"][name] == before[name]
    assert [(one["what"], one["author"]) for one in after["history"]] == [
        ("decide", "planner"), ("undo", "planner")
    ]  # fmt: skip
    assert after["history"][0]["reason"] == "Skylt D4"
    assert after["history"][1]["fields"] == {"path_class": "cykelbana"}


def test_there_is_nothing_to_take_back_twice(live: TestClient, bearer: Bearer) -> None:
    who = bearer("planner")
    assert undo(live, who).status_code == 404
    decide(live, who)
    assert undo(live, who).status_code == 201
    assert undo(live, who).status_code == 404


def test_an_undo_is_done_once_under_its_key(live: TestClient, bearer: Bearer) -> None:
    who = bearer("planner")
    decide(live, who)
    answers = [undo(live, who, key="k1") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].content == answers[1].content
    assert undo(live, who, key="k1", version=2).status_code == 422
    bare = live.post(f"/api/segments/{first(live)}/undo", json={}, headers=who)
    assert (bare.status_code, bare.json()["code"]) == (400, "no_key")


def test_somebody_elses_newer_decision_is_not_taken_back(live: TestClient, bearer: Bearer) -> None:
    who = bearer("planner")
    decide(live, who)
    seen = detail(live, who)["segment"]["version"]
    decide(live, who, "gangbana")
    answer = undo(live, who, version=seen)
    assert (answer.status_code, answer.json()["version"]) == (412, seen + 1)
    assert detail(live, who)["segment"]["path_class"] == "gangbana"


def test_an_accepted_finding_stays_accepted_on_the_next_update(
    live: TestClient, bearer: Bearer, live_location: Path
) -> None:
    who = bearer("planner")
    told = detail(live, who)
    finding = told["findings"][0]
    answer = accept(live, who, finding)
    assert answer.status_code == 200
    assert answer.json()["properties"]["state"] == "accepted"
    after = detail(live, who)
    assert finding["check_id"] not in after["segment"]["flags"]
    (kept,) = [one for one in after["findings"] if one["finding_id"] == finding["finding_id"]]
    assert (kept["state"], kept["etag"]) == ("accepted", answer.headers["etag"])
    assert kept["accepted"]["author"] == "planner"
    assert kept["accepted"]["reason"] == "Så ska det vara."
    store = open_store(live_location)
    inventory.update(store)
    store.close()
    again = detail(live, who)["findings"]
    assert [one["state"] for one in again if one["finding_id"] == finding["finding_id"]] == [
        "accepted"
    ]


def test_a_finding_is_accepted_without_an_answer_where_that_is_preferred(
    live: TestClient, bearer: Bearer
) -> None:
    who = bearer("planner")
    finding = detail(live, who)["findings"][0]
    address = f"{FINDINGS}/{finding['finding_id']}"
    headers = who | {"content-type": PATCH, "prefer": "return=minimal"}
    body = {"properties": {"state": "accepted", "reason": "Rätt"}}
    bare = live.patch(address, json=body, headers=headers | {"if-match": finding["etag"]})
    assert (bare.status_code, bare.content) == (204, b"")
    assert bare.headers["preference-applied"] == "return=minimal"
    shown = live.get(address)
    assert shown.json()["properties"]["state"] == "accepted"
    assert state(bare.headers["etag"]) == state(shown.headers["etag"])


def test_the_reason_of_an_accepted_finding_is_not_public(live: TestClient, bearer: Bearer) -> None:
    finding = detail(live, bearer("planner"))["findings"][0]
    accept(live, bearer("planner"), finding)
    for path in (f"{FINDINGS}/{finding['finding_id']}", f"/api/segments/{first(live)}/explain"):
        assert "Så ska det vara." not in live.get(path).text


@pytest.mark.parametrize(
    ("tag", "status"), [(None, 428), ('"0-0-0"', 412), ("garbage", 400)]
)  # fmt: skip
def test_a_finding_is_accepted_only_as_it_stands(
    client: TestClient, bearer: Bearer, tag: str | None, status: int
) -> None:
    before = client.get(FINDINGS).json()["features"][0]
    headers = bearer("planner") | {"content-type": PATCH} | ({"if-match": tag} if tag else {})
    body = {"properties": {"state": "accepted", "reason": "Rätt."}}
    answer = client.patch(f"{FINDINGS}/{before['id']}", json=body, headers=headers)
    assert answer.status_code == status
    after = client.get(f"{FINDINGS}/{before['id']}").json()
    assert after["properties"] == before["properties"]


@pytest.mark.parametrize(
    "more", [{"state": "resolved"}, {"reason": ""}, {"reason": " \n"}, {"reason": None}, {"n": 1}]
)
def test_a_finding_is_accepted_with_a_reason_and_nothing_else(
    live: TestClient, bearer: Bearer, more: dict[str, object]
) -> None:
    finding = detail(live, bearer("planner"))["findings"][0]
    assert accept(live, bearer("planner"), finding, **more).status_code == 422


def test_an_unknown_finding_is_404(client: TestClient, bearer: Bearer) -> None:
    headers = bearer("planner") | {"content-type": PATCH, "if-match": "*"}
    body = {"properties": {"state": "accepted", "reason": "Rätt."}}
    assert client.patch(f"{FINDINGS}/none", json=body, headers=headers).status_code == 404


def test_the_queue_holds_disputed_before_questions_and_an_undone_one_again(
    live: TestClient, bearer: Bearer
) -> None:
    who = bearer("planner")
    calm = queue(live, who)
    assert first(live) not in calm
    assert len(calm) < COUNT
    send(live, bearer("inspector"), mark(live, path_class="cykelbana"))
    send(live, who, mark(live, path_class="gangbana"))
    assert queue(live, who) == [first(live), *calm]
    decide(live, who)
    assert queue(live, who) == calm
    undo(live, who)
    assert queue(live, who) == [first(live), *calm]
