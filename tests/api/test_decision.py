"""Is a decision taken only on what its author saw, and seen at once?"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from gis.store import open_store
from tests.api.writing import PATCH, decision, item, settle

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from starlette.testclient import TestClient

    Bearer = Callable[[str | None], dict[str, str]]

EPSG3006 = "http://www.opengis.net/def/crs/EPSG/0/3006"


def test_a_decision_is_appended_and_seen_at_once(
    live: TestClient, bearer: Bearer, live_location: Path
) -> None:
    before = live.get(item(live))
    answer = settle(live, bearer("planner"), before.headers["etag"])
    assert answer.status_code == 200
    after = live.get(item(live))
    assert answer.json()["properties"] == after.json()["properties"]
    assert after.json()["properties"]["path_class"] == "cykelbana"
    assert after.json()["properties"]["status"] == "decided"
    assert after.json()["properties"]["version"] == before.json()["properties"]["version"] + 1
    assert after.headers["etag"] != before.headers["etag"]
    store = open_store(live_location)
    (kept,) = store.revisions("decision", after.json()["id"])
    store.close()
    assert kept.body["reason"] == "Skylt D4"


def test_a_tag_got_in_another_system_serves_too(live: TestClient, bearer: Bearer) -> None:
    tag = live.get(item(live), params={"crs": EPSG3006}).headers["etag"]
    assert settle(live, bearer("planner"), tag).status_code == 200


@pytest.mark.parametrize(
    ("tag", "status", "code"),
    [
        pytest.param(None, 428, "match_needed", id="none"),
        pytest.param('"1-0-0"', 412, "stale", id="another state"),
        pytest.param('"99-0000000000000000-0"', 412, "stale", id="from the future"),
        pytest.param('""', 412, "stale", id="empty tag"),
        pytest.param("garbage", 400, "bad_match", id="garbage"),
        pytest.param("", 400, "bad_match", id="nothing"),
    ],
)
def test_without_the_standing_tag_nothing_is_written(
    client: TestClient,
    bearer: Bearer,
    tag: str | None,
    status: int,
    code: str,
) -> None:
    before = client.get(item(client)).content
    answer = settle(client, bearer("planner"), tag)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert client.get(item(client)).content == before


def test_a_weak_tag_is_not_enough(client: TestClient, bearer: Bearer) -> None:
    tag = client.get(item(client)).headers["etag"]
    assert settle(client, bearer("planner"), f"W/{tag}").status_code == 412


def test_a_star_is_enough_where_there_is_something(live: TestClient, bearer: Bearer) -> None:
    who = bearer("planner") | {"content-type": PATCH, "if-match": "*"}
    assert live.patch(item(live), json=decision(), headers=who).status_code == 200
    assert live.patch(item(live) + "x", json=decision(), headers=who).status_code == 404


def test_a_stale_write_hears_what_stands(live: TestClient, bearer: Bearer) -> None:
    tag = live.get(item(live)).headers["etag"]
    settle(live, bearer("planner"), tag, decision("gangbana"))
    told = settle(live, bearer("planner"), tag, decision("cykelbana")).json()
    assert told["version"] == 2
    (difference,) = told["differences"]
    assert difference["field"] == "path_class"
    assert difference["current"] == "gangbana"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (decision("motorväg"), "invalid_code"),
        ({"properties": {"path_class": 5}}, "invalid"),
        (decision(width_m=3), "invalid"),
        (decision(reason=5), "invalid"),
        ({"properties": {}}, "invalid"),
        ({"type": "Point", "properties": {"path_class": "gangbana"}}, "invalid"),
        ({"properties": {"path_class": "gangbana"}, "geometry": None}, "invalid"),
    ],
)
def test_a_wrong_patch_is_422(client: TestClient, bearer: Bearer, body: object, code: str) -> None:
    answer = settle(client, bearer("planner"), client.get(item(client)).headers["etag"], body)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_of_many_at_once_exactly_one_wins(live: TestClient, bearer: Bearer) -> None:
    tag = live.get(item(live)).headers["etag"]
    classes = ["gangbana", "cykelbana"] * 4
    with ThreadPoolExecutor(8) as pool:
        answers = pool.map(
            lambda one: settle(live, bearer("planner"), tag, decision(one)).status_code,
            classes,
        )
    assert sorted(answers) == [200] + [412] * 7
