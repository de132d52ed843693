"""Can the police plan and perform over HTTP, and does nobody else learn of it?"""

from __future__ import annotations

import re
import uuid
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from api.work.police import keep_up
from gis import areas
from gis.controls.access import ACCESS
from gis.store import open_store
from tests.api.conftest import ROLES, WORDS, settings_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

PLANS = "/api/police/plans"
BEGUN = datetime.now(UTC) - timedelta(days=1)
TIMES = {"starts_at": "2027-05-04T07:30:00+02:00", "ends_at": "2027-05-04T09:00:00+02:00"}
DONE = {
    "started_at": BEGUN.isoformat(),
    "ended_at": (BEGUN + timedelta(hours=1)).isoformat(),
    "type": "stationary",
    "direction": "north",
    "stopped": 19,
    "informed": 7,
    "reported": {"3:6": 2},
    "note": "Lugnt",
}


@contextmanager
def serving(location: Path) -> Iterator[Callable[[str | None], TestClient]]:
    """Give clients of each role on a server that holds a police store."""
    public = settings_for(location)
    where = str(location.with_suffix(".police.gpkg"))
    settings = Settings(**{**vars_of(public), "police_store": where})
    with TestClient(create_app(settings)) as first:

        def client(role: str | None) -> TestClient:
            one = TestClient(first.app, follow_redirects=False)
            if role is not None:
                told = {"username": role, "password": WORDS}
                assert one.post("/logga-in", data=told).status_code == 303
            return one

        yield client


@pytest.fixture
def server(location: Path) -> Iterator[Callable[[str | None], TestClient]]:
    """Give clients of each role on a store of one test."""
    with serving(location) as client:
        yield client


def vars_of(settings: Settings) -> dict[str, Any]:
    return {name: getattr(settings, name) for name in settings.__dataclass_fields__}


def segment(client: TestClient) -> str:
    told = client.get("/ogc/collections/segments/items?limit=1").json()
    return str(told["features"][0]["id"])


def key() -> dict[str, str]:
    return {"idempotency-key": str(uuid.uuid4())}


def planned(officer: TestClient, **more: str) -> dict[str, Any]:
    body = {"kind": "cyclist", "segment_id": segment(officer), **TIMES, **more}
    answer = officer.post(PLANS, json=body, headers=key())
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


def test_a_plan_is_kept_changed_performed_once_and_cancelled(
    server: Callable[[str | None], TestClient],
) -> None:
    officer = server("police")
    plan = planned(officer, reason="complaint")
    assert plan["warnings"]
    address = f"{PLANS}/{plan['id']}"
    read = officer.get(address)
    assert read.json()["starts_at"] == "2027-05-04T05:30:00+00:00"
    assert officer.patch(address, json={"note": "Ny tid"}).status_code == 428
    matched = {"if-match": read.headers["etag"]}
    changed = officer.patch(address, json={"note": "Ny tid"}, headers=matched)
    assert (changed.status_code, changed.json()["version"]) == (200, 2)
    assert officer.patch(address, json={"note": "x"}, headers=matched).status_code == 412
    first = officer.post(f"{address}/performed", json=DONE, headers=key())
    again = officer.post(f"{address}/performed", json=DONE | {"stopped": 20}, headers=key())
    assert first.status_code == again.status_code == 201
    assert first.json()["id"] == again.json()["id"] != plan["id"]
    held = officer.get("/api/police/controls").json()["controls"]
    assert [one["stopped"] for one in held] == [20]
    tag = officer.get(address).headers["etag"]
    assert officer.delete(address, headers={"if-match": tag}).status_code == 204
    assert officer.get(address).status_code == 404
    assert officer.get(PLANS).json() == {"plans": []}


def test_a_control_without_a_plan_is_corrected(server: Callable[[str | None], TestClient]) -> None:
    officer = server("police")
    body = {"kind": "driver", "segment_id": segment(officer), "reason": "event", **DONE}
    kept = officer.post("/api/police/controls", json=body, headers=key())
    address = f"/api/police/controls/{kept.json()['id']}"
    matched = {"if-match": kept.headers["etag"]}
    changed = officer.patch(address, json={"stopped": 3}, headers=matched)
    assert (changed.status_code, changed.json()["stopped"]) == (200, 3)
    assert officer.get(address).json()["informed"] == 7


def test_a_key_gives_the_same_answer_and_no_second_plan(
    server: Callable[[str | None], TestClient],
) -> None:
    officer = server("police")
    body = {"kind": "driver", "segment_id": segment(officer), **TIMES}
    headers = key()
    answers = [officer.post(PLANS, json=body, headers=headers) for _ in range(2)]
    assert answers[0].content == answers[1].content
    assert officer.post(PLANS, json=body | {"kind": "school"}, headers=headers).status_code == 422
    assert officer.post(PLANS, json=body).status_code == 400
    (listed,) = officer.get(PLANS).json()["plans"]
    assert listed["etag"] == officer.get(f"{PLANS}/{listed['id']}").headers["etag"]


def test_a_bad_plan_is_refused_without_an_echo(
    server: Callable[[str | None], TestClient],
) -> None:
    officer = server("police")
    for wrong in (
        {"segment_id": "nowhere"},
        {"note": "Föraren 850101-1234"},
        {"note": "Bilen ABC 12D"},
        {"kind": "walker"},
        {"ends_at": "2027-05-04T07:00:00+02:00"},
        {"starts_at": "i morgon bitti"},
        {"extra": "nej"},
    ):
        body = {"kind": "cyclist", "segment_id": segment(officer), **TIMES, **wrong}
        answer = officer.post(PLANS, json=body, headers=key())
        assert answer.status_code == 422, wrong
        assert next(iter(wrong.values())) not in answer.text


def test_a_plan_is_a_calendar_file(server: Callable[[str | None], TestClient]) -> None:
    officer = server("police")
    answer = officer.get(f"{PLANS}/{planned(officer)['id']}/calendar")
    assert answer.headers["content-type"].startswith("text/calendar")
    assert "DTSTART:20270504T053000Z" in answer.text


def test_sites_repeat_by_seed_and_reads_are_logged(
    server: Callable[[str | None], TestClient],
) -> None:
    officer = server("police")
    asked = "/api/police/sites?kind=driver&n=3&seed=7"
    first, again = officer.get(asked).json(), officer.get(asked).json()
    assert first == again
    assert set(first) >= {"sites", "objective", "seed", "input_hash", "unclear"}
    reads = officer.get("/api/police/access").json()["reads"]
    seen = ["/api/police/sites", "/api/police/sites", "/api/police/access"]
    assert [(one["user"], one["route"]) for one in reads] == [("police", one) for one in seen]


@pytest.mark.parametrize("role", [None, *(role for role in ROLES if role != "police")])
def test_a_plan_answers_others_like_one_that_never_was(
    server: Callable[[str | None], TestClient], role: str | None
) -> None:
    plan_id = planned(server("police"))["id"]
    other = server(role)
    there, nowhere = other.get(f"{PLANS}/{plan_id}"), other.get(f"{PLANS}/{'0' * 32}")
    assert there.status_code == nowhere.status_code == (401 if role is None else 404)
    assert without_id(there.text) == without_id(nowhere.text)


def without_id(text: str) -> str:
    return re.sub(r"[0-9a-f-]{32,36}", "", text)


def test_without_a_police_store_there_is_nothing(fresh: TestClient) -> None:
    fresh.post("/logga-in", data={"username": "police", "password": WORDS})
    there, nowhere = fresh.get(PLANS), fresh.get("/api/police/nothing")
    assert there.status_code == nowhere.status_code == 404
    assert without_id(there.text) == without_id(nowhere.text)


@pytest.mark.parametrize(("days", "published"), [(29, False), (31, True)])
def test_a_performed_control_is_published_after_its_delay_under_another_id(
    server: Callable[[str | None], TestClient], location: Path, days: int, *, published: bool
) -> None:
    officer = server("police")
    begun = datetime.now(UTC) - timedelta(days=days)
    times = {
        "started_at": begun.isoformat(),
        "ended_at": (begun + timedelta(hours=1)).isoformat(),
    }
    plan = planned(officer)
    done = officer.post(f"{PLANS}/{plan['id']}/performed", json=DONE | times, headers=key()).json()
    store = open_store(str(location))
    shown = str([(one.entity_id, one.body) for one in store.revisions("control_figure")])
    store.close()
    assert ("counted" in shown) == published
    assert done["id"] not in shown
    assert plan["id"] not in shown


@pytest.mark.parametrize("days", [400, 30])
def test_the_log_of_reads_is_kept_as_long_as_the_area_says(
    server: Callable[[str | None], TestClient], location: Path, days: int
) -> None:
    server("police").get(PLANS)
    area = areas.load("karlskrona")
    area = replace(area, settings=area.settings | {"police_log_days": days})
    with (
        closing(open_store(str(location))) as public,
        closing(open_store(str(location.with_suffix(".police.gpkg")))) as police,
    ):
        left = []
        for late in (days - 1, days + 1):
            keep_up(public, police, area, datetime.now(UTC) + timedelta(days=late))
            left.append(len(police.items(ACCESS)))
    assert left == [1, 0]
